#include "services/index/engine/schema/date_span.h"

#include "absl/time/civil_time.h"
#include "absl/time/time.h"

namespace interdict::index {
namespace {

constexpr int64_t kMicrosPerDay = int64_t{86'400} * 1'000'000;
constexpr char kUnspecified = 'X';

// A number of exactly `digits` digits; trailing X stand for any digit: [low, high].
struct DigitRange {
  int low = 0;
  int high = 0;
};
std::optional<DigitRange> Digits(std::string_view text, size_t at, size_t digits) {
  if (text.size() < at + digits) return std::nullopt;
  DigitRange range;
  bool unspecified = false;
  for (const char c : text.substr(at, digits)) {
    unspecified = unspecified || c == kUnspecified;
    if (unspecified ? c != kUnspecified : (c < '0' || c > '9')) return std::nullopt;
    range.low = range.low * 10 + (unspecified ? 0 : c - '0');
    range.high = range.high * 10 + (unspecified ? 9 : c - '0');
  }
  return range;
}

int64_t DayNumber(absl::CivilDay day) { return day - absl::CivilDay(1970, 1, 1); }

std::optional<DaySpan> ParseDate(std::string_view text) {
  while (!text.empty() && (text.back() == '?' || text.back() == '~' || text.back() == '%')) text.remove_suffix(1);
  const auto year = Digits(text, 0, 4);
  if (!year.has_value() || year->low < 1000) return std::nullopt;
  if (text.size() == 4) {
    return DaySpan{DayNumber(absl::CivilDay(year->low, 1, 1)), DayNumber(absl::CivilDay(year->high, 12, 31))};
  }
  const auto month = Digits(text, 5, 2);
  if (text[4] != '-' || year->low != year->high || !month.has_value()) return std::nullopt;
  if (text.substr(5) == "XX" || text.substr(5) == "XX-XX") return ParseDate(text.substr(0, 4));
  if (month->low != month->high || month->low < 1 || month->low > 12) return std::nullopt;
  const absl::CivilMonth in_month(year->low, month->low);
  const DaySpan whole{DayNumber(absl::CivilDay(in_month)), DayNumber(absl::CivilDay(in_month + 1)) - 1};
  if (text.size() == 7 || text.substr(7) == "-XX") return whole;
  const auto day = Digits(text, 8, 2);
  if (text.size() != 10 || text[7] != '-' || !day.has_value() || day->low != day->high || day->low < 1) {
    return std::nullopt;
  }
  const absl::CivilDay civil(year->low, month->low, day->low);
  if (civil.day() != day->low) return std::nullopt;  // 30 February becomes 2 March
  return DaySpan{DayNumber(civil), DayNumber(civil)};
}

bool IsOpen(std::string_view text) { return text.empty() || text == ".."; }

}  // namespace

std::optional<DaySpan> ParseDaySpan(std::string_view edtf) {
  const size_t slash = edtf.find('/');
  if (slash == std::string_view::npos) return ParseDate(edtf);
  const std::string_view from = edtf.substr(0, slash);
  const std::string_view to = edtf.substr(slash + 1);
  if (IsOpen(from) && IsOpen(to)) return std::nullopt;
  DaySpan span;
  if (!IsOpen(from)) {
    const auto first = ParseDate(from);
    if (!first.has_value()) return std::nullopt;
    span.first = first->first;
  }
  if (!IsOpen(to)) {
    const auto last = ParseDate(to);
    if (!last.has_value()) return std::nullopt;
    span.last = last->last;
  }
  if (span.last < span.first) return std::nullopt;
  return span;
}

std::string FormatDay(int64_t day) { return absl::FormatCivilTime(absl::CivilDay(1970, 1, 1) + day); }

std::optional<MomentSpan> ParseMoment(std::string_view text) {
  if (const auto days = ParseDaySpan(text); days.has_value()) {
    if (days->first == kOpenStart || days->last == kOpenEnd) return std::nullopt;
    return MomentSpan{days->first * kMicrosPerDay, (days->last + 1) * kMicrosPerDay - 1};
  }
  absl::Time time;
  std::string problem;
  if (!absl::ParseTime(absl::RFC3339_full, std::string(text), &time, &problem)) return std::nullopt;
  if (time <= absl::UnixEpoch() - absl::Hours(24 * 365 * 200) || time >= absl::FromUnixSeconds(253'402'300'800)) {
    return std::nullopt;
  }
  const int64_t micros = absl::ToUnixMicros(time);
  return MomentSpan{micros, micros};
}

}  // namespace interdict::index
