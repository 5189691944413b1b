// Where in a query or filter something stands, and errors that say so: INVALID_ARGUMENT with the bytes that are wrong,
// what was expected there, and an example.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace interdict::index {

// Bytes [begin, end) of the string that the user wrote.
struct SourceSpan {
  uint32_t begin = 0;
  uint32_t end = 0;
  friend bool operator==(const SourceSpan&, const SourceSpan&) = default;
};

// INVALID_ARGUMENT `at byte 7: <problem>; example: <example>`, with the span attached.
absl::Status SyntaxError(SourceSpan span, std::string_view problem, std::string_view example);

// RESOURCE_EXHAUSTED `at byte 7: <problem>`, with the span attached.
absl::Status CostError(SourceSpan span, std::string_view problem);

// The span attached to an error of this folder; nullopt where there is none.
std::optional<SourceSpan> SpanOf(const absl::Status& status);

// For messages: at most 40 bytes of `text`, cut at a character, in quotes.
std::string Shown(std::string_view text);

}  // namespace interdict::index
