#include "services/ingest/calendar.h"

namespace interdict::ingest {
namespace {

// A number of exactly `digits` digits at `at`.
std::optional<int> Number(std::string_view text, size_t at, size_t digits) {
  if (text.size() < at + digits) return std::nullopt;
  const std::string_view part = text.substr(at, digits);
  int number = 0;
  for (const char c : part) {
    if (c < '0' || c > '9') return std::nullopt;
    number = number * 10 + (c - '0');
  }
  return number;
}

}  // namespace

std::optional<DaySpan> ParseDate(std::string_view text) {
  const auto year = Number(text, 0, 4);
  if (!year || *year < 1000) return std::nullopt;
  if (text.size() == 4) return DaySpan{absl::CivilDay(*year, 1, 1), absl::CivilDay(*year, 12, 31)};
  const auto month = Number(text, 5, 2);
  if (text[4] != '-' || !month || *month < 1 || *month > 12) return std::nullopt;
  const absl::CivilMonth in_month(*year, *month);
  if (text.size() == 7) return DaySpan{absl::CivilDay(in_month), absl::CivilDay(in_month + 1) - 1};
  const auto day = Number(text, 8, 2);
  if (text.size() != 10 || text[7] != '-' || !day || *day < 1) return std::nullopt;
  const absl::CivilDay civil(*year, *month, *day);
  if (civil.day() != *day) return std::nullopt;  // 30 February becomes 2 March
  return DaySpan{civil, civil};
}

std::optional<DaySpan> ParseEdtf(std::string_view text) {
  const size_t slash = text.find('/');
  if (slash == std::string_view::npos) return ParseDate(text);
  const std::string_view from = text.substr(0, slash);
  const std::string_view to = text.substr(slash + 1);
  if (from == ".." && to == "..") return std::nullopt;
  DaySpan span;
  if (from != "..") {
    const auto first = ParseDate(from);
    if (!first) return std::nullopt;
    span.first = first->first;
  }
  if (to != "..") {
    const auto last = ParseDate(to);
    if (!last) return std::nullopt;
    span.last = last->last;
  }
  if (span.first && span.last && *span.last < *span.first) return std::nullopt;
  return span;
}

std::string FormatDay(const std::optional<absl::CivilDay>& day) { return day ? absl::FormatCivilTime(*day) : ""; }

}  // namespace interdict::ingest
