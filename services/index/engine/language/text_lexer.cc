#include "services/index/engine/language/text_lexer.h"

#include <algorithm>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace interdict::index {
namespace {

using Kind = TextToken::Kind;

constexpr uint32_t kDefaultNear = 10;
constexpr uint32_t kDefaultEdits = 1;
constexpr uint32_t kMaxEdits = 2;
constexpr uint32_t kHugeNumber = 1'000'000;  // a longer number is as wrong as this one

bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\v' || c == '\f'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool EndsWord(char c) { return IsSpace(c) || c == '(' || c == ')' || c == '"' || c == ':' || c == '*' || c == '~'; }

bool IsFieldName(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '.';
  });
}

}  // namespace

std::string Describe(const TextToken& token, std::string_view query) {
  if (token.kind == Kind::kEnd) return "the end of the query";
  return Shown(query.substr(token.span.begin, token.span.end - token.span.begin));
}

SourceSpan TextLexer::From(size_t begin) const { return {static_cast<uint32_t>(begin), static_cast<uint32_t>(at_)}; }

absl::StatusOr<TextToken> TextLexer::Next() {
  while (at_ < query_.size() && IsSpace(query_[at_])) ++at_;
  const size_t begin = at_;
  TextToken token;
  token.span = From(begin);
  if (at_ == query_.size()) return token;
  const char c = query_[at_];
  if (c == '(' || c == ')' || c == '-') {
    ++at_;
    token.kind = c == '(' ? Kind::kOpen : c == ')' ? Kind::kClose : Kind::kMinus;
    token.span = From(begin);
    return token;
  }
  const bool exact = c == '=';
  if (exact) ++at_;
  if (at_ < query_.size() && query_[at_] == '"') return Phrase(begin, exact);
  return Word(begin, exact);
}

absl::StatusOr<TextToken> TextLexer::Phrase(size_t begin, bool exact) {
  TextToken token;
  token.kind = Kind::kPhrase;
  token.exact = exact;
  for (++at_; at_ < query_.size() && query_[at_] != '"'; ++at_) {
    if (query_[at_] == '\\' && at_ + 1 < query_.size()) ++at_;
    token.text += query_[at_];
  }
  if (at_ >= query_.size()) {
    at_ = query_.size();
    return SyntaxError(From(begin), "the quote that starts here is not closed: expected `\"`",
                       "\"centrifuge bearing\"");
  }
  ++at_;
  token.span = From(begin);
  return token;
}

absl::StatusOr<TextToken> TextLexer::Word(size_t begin, bool exact) {
  TextToken token;
  token.kind = Kind::kWord;
  token.exact = exact;
  const size_t text_begin = at_;
  bool escaped = false;
  for (; at_ < query_.size() && !EndsWord(query_[at_]); ++at_) {
    if (query_[at_] == '\\' && at_ + 1 < query_.size()) {
      escaped = true;
      ++at_;
    }
    token.text += query_[at_];
  }
  const std::string_view raw = query_.substr(text_begin, at_ - text_begin);
  const char next = at_ < query_.size() ? query_[at_] : ' ';
  if (next == ':') {
    ++at_;
    token.span = From(begin);
    if (exact || !IsFieldName(raw)) {
      return SyntaxError(token.span,
                         "a colon may only follow the name of a field; put the text in quotes or write `\\:`",
                         "\"https://example.org\"");
    }
    token.kind = Kind::kField;
    return token;
  }
  if (!exact && !escaped && !raw.empty() && (IsSpace(next) || next == '(' || next == ')' || next == '"')) {
    token.span = From(begin);
    if (raw == "AND") token.kind = Kind::kAnd;
    if (raw == "OR") token.kind = Kind::kOr;
    if (raw == "NOT") token.kind = Kind::kNot;
    if (raw == "NEAR" || raw.rfind("NEAR/", 0) == 0) return Near(begin);
    if (token.kind != Kind::kWord) return token;
  }
  absl::Status status = Mark(token);
  if (!status.ok()) return status;
  token.span = From(begin);
  if (token.text.empty()) {
    return SyntaxError(token.span, absl::StrCat("expected a word before ", Shown(query_.substr(begin, at_ - begin))),
                       "centrifuge* or =smuggling");
  }
  return token;
}

// What may stand behind a word: `*`, `~`, `~2`. at_ is behind the word.
absl::Status TextLexer::Mark(TextToken& token) {
  if (at_ >= query_.size()) return absl::OkStatus();
  const size_t begin = at_;
  if (query_[at_] == '*') {
    ++at_;
    token.kind = Kind::kPrefix;
  } else if (query_[at_] == '~') {
    ++at_;
    token.kind = Kind::kFuzzy;
    token.number = kDefaultEdits;
    if (at_ < query_.size() && IsDigit(query_[at_])) token.number = query_[at_++] - '0';
    if (token.number < 1 || token.number > kMaxEdits) {
      return SyntaxError(From(begin), "`~` takes 1 or 2 edits", "Kalashnikov~2");
    }
  } else {
    return absl::OkStatus();
  }
  const bool over = at_ >= query_.size() || IsSpace(query_[at_]) || query_[at_] == ')' || query_[at_] == '(';
  if (over && token.exact) {
    return SyntaxError(From(begin), "`=` asks for the very word and goes with neither `*` nor `~`", "=smuggling");
  }
  if (over) return absl::OkStatus();
  return SyntaxError(From(begin), "`*` and `~` may only stand at the end of a word; write `\\*` for the character",
                     "centrifug* or Kalashnikov~");
}

// `NEAR` or `NEAR/n` has been read.
absl::StatusOr<TextToken> TextLexer::Near(size_t begin) {
  TextToken token;
  token.kind = Kind::kNear;
  token.number = kDefaultNear;
  token.span = From(begin);
  const std::string_view raw = query_.substr(begin, at_ - begin);
  if (raw == "NEAR") return token;
  const std::string_view digits = raw.substr(sizeof("NEAR/") - 1);
  if (digits.empty() || !std::all_of(digits.begin(), digits.end(), IsDigit)) {
    return SyntaxError(token.span, "expected a number of words after `NEAR/`", "centrifuge NEAR/5 bearing");
  }
  if (!absl::SimpleAtoi(std::string(digits), &token.number)) token.number = kHugeNumber;
  return token;
}

}  // namespace interdict::index
