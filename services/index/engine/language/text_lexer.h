// Cuts a text query into tokens: words with their marks, quoted phrases, parentheses, operators.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "services/index/engine/language/source_span.h"

namespace interdict::index {

struct TextToken {
  enum class Kind { kEnd, kOpen, kClose, kAnd, kOr, kNot, kMinus, kNear, kField, kWord, kPrefix, kFuzzy, kPhrase };
  Kind kind = Kind::kEnd;
  std::string text;     // kField: its name; words and phrases: without marks and escapes
  bool exact = false;   // `=` stood before it
  uint32_t number = 0;  // kNear: the distance; kFuzzy: the edits
  SourceSpan span;
};

// For errors and for the end of input.
std::string Describe(const TextToken& token, std::string_view query);

// Reads tokens one after the other. Keeps a view of `query`.
class TextLexer {
 public:
  explicit TextLexer(std::string_view query) : query_(query) {}
  // The next token; kEnd for ever at the end. INVALID_ARGUMENT: a quote that is not closed, a mark in the middle of a
  // word, a number that is none.
  absl::StatusOr<TextToken> Next();

 private:
  absl::StatusOr<TextToken> Phrase(size_t begin, bool exact);
  absl::StatusOr<TextToken> Word(size_t begin, bool exact);
  absl::StatusOr<TextToken> Near(size_t begin);
  absl::Status Mark(TextToken& token);
  SourceSpan From(size_t begin) const;

  std::string_view query_;
  size_t at_ = 0;
};

}  // namespace interdict::index
