#include "services/index/engine/language/filter_lexer.h"

#include "absl/strings/str_cat.h"

namespace interdict::index {
namespace {

using Kind = FilterToken::Kind;
using Comparator = FilterNode::Comparator;

bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\v' || c == '\f'; }

// Characters of names, numbers and dates; letters beyond ASCII too.
bool IsBare(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
         c == '-' || c == '/' || c == '+' || c == '*' || static_cast<unsigned char>(c) >= 0x80;
}

}  // namespace

SourceSpan FilterLexer::From(size_t begin) const { return {static_cast<uint32_t>(begin), static_cast<uint32_t>(at_)}; }

void FilterLexer::SkipSpace() {
  while (at_ < filter_.size() && IsSpace(filter_[at_])) ++at_;
}

absl::StatusOr<FilterToken> FilterLexer::NextValue() {
  SkipSpace();
  if (at_ < filter_.size() && IsBare(filter_[at_])) {
    FilterToken token = Bare();
    token.kind = Kind::kBare;
    return token;
  }
  return Next();
}

absl::StatusOr<FilterToken> FilterLexer::Next() {
  SkipSpace();
  const size_t begin = at_;
  FilterToken token;
  token.span = From(begin);
  if (at_ == filter_.size()) return token;
  const char c = filter_[at_];
  if (c == '"' || c == '\'') return Quoted(c);
  if (ReadComparator(token)) return token;
  if (c == '(' || c == ')' || c == ',' || c == '-') {
    ++at_;
    token.kind = c == '(' ? Kind::kOpen : c == ')' ? Kind::kClose : c == ',' ? Kind::kComma : Kind::kMinus;
    token.span = From(begin);
    return token;
  }
  if (IsBare(c)) return Bare();
  ++at_;
  return SyntaxError(From(begin),
                     absl::StrCat("nothing starts with ", Shown(filter_.substr(begin, 1)), "; put values in quotes"),
                     "places.destination = \"KP\"");
}

absl::StatusOr<FilterToken> FilterLexer::Quoted(char quote) {
  const size_t begin = at_;
  FilterToken token;
  token.kind = Kind::kQuoted;
  for (++at_; at_ < filter_.size() && filter_[at_] != quote; ++at_) {
    if (filter_[at_] == '\\' && at_ + 1 < filter_.size()) ++at_;
    token.text += filter_[at_];
  }
  if (at_ >= filter_.size()) {
    at_ = filter_.size();
    return SyntaxError(From(begin),
                       absl::StrCat("the quote that starts here is not closed: expected `", std::string(1, quote), "`"),
                       "places.destination = \"KP\"");
  }
  ++at_;
  token.span = From(begin);
  return token;
}

FilterToken FilterLexer::Bare() {
  const size_t begin = at_;
  while (at_ < filter_.size() && IsBare(filter_[at_])) ++at_;
  FilterToken token;
  token.kind = Kind::kBare;
  token.text = std::string(filter_.substr(begin, at_ - begin));
  token.span = From(begin);
  if (token.text == "AND") token.kind = Kind::kAnd;
  if (token.text == "OR") token.kind = Kind::kOr;
  if (token.text == "NOT") token.kind = Kind::kNot;
  return token;
}

bool FilterLexer::ReadComparator(FilterToken& token) {
  struct Spelling {
    std::string_view text;
    Comparator comparator;
  };
  constexpr Spelling kSpellings[] = {
      {"!=", Comparator::kNotEqual}, {"<=", Comparator::kLessOrEqual}, {">=", Comparator::kGreaterOrEqual},
      {"<", Comparator::kLess},      {">", Comparator::kGreater},      {"=", Comparator::kEqual},
      {":", Comparator::kHas}};
  for (const Spelling& spelling : kSpellings) {
    if (filter_.substr(at_, spelling.text.size()) != spelling.text) continue;
    const size_t begin = at_;
    at_ += spelling.text.size();
    token.kind = Kind::kComparator;
    token.comparator = spelling.comparator;
    token.span = From(begin);
    return true;
  }
  return false;
}

}  // namespace interdict::index
