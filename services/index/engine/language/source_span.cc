#include "services/index/engine/language/source_span.h"

#include <vector>

#include "absl/strings/cord.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace interdict::index {
namespace {

constexpr char kSpanPayload[] = "interdict/source_span";
constexpr size_t kMaxShownBytes = 40;

absl::Status WithSpan(absl::Status status, SourceSpan span) {
  status.SetPayload(kSpanPayload, absl::Cord(absl::StrCat(span.begin, ":", span.end)));
  return status;
}

}  // namespace

absl::Status SyntaxError(SourceSpan span, std::string_view problem, std::string_view example) {
  return WithSpan(absl::InvalidArgumentError(absl::StrCat("at byte ", span.begin, ": ", std::string(problem),
                                                          "; example: ", std::string(example))),
                  span);
}

absl::Status CostError(SourceSpan span, std::string_view problem) {
  return WithSpan(absl::ResourceExhaustedError(absl::StrCat("at byte ", span.begin, ": ", std::string(problem))), span);
}

std::optional<SourceSpan> SpanOf(const absl::Status& status) {
  const auto payload = status.GetPayload(kSpanPayload);
  if (!payload.has_value()) return std::nullopt;
  const std::string text(*payload);
  const std::vector<std::string> parts = absl::StrSplit(text, ':');
  SourceSpan span;
  if (parts.size() != 2 || !absl::SimpleAtoi(parts[0], &span.begin) || !absl::SimpleAtoi(parts[1], &span.end)) {
    return std::nullopt;
  }
  return span;
}

std::string Shown(std::string_view text) {
  if (text.size() <= kMaxShownBytes) return absl::StrCat("`", std::string(text), "`");
  size_t end = kMaxShownBytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return absl::StrCat("`", std::string(text.substr(0, end)), "…`");
}

}  // namespace interdict::index
