// Cuts a filter into tokens: names and bare values, quoted values, comparators, parentheses.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "services/index/engine/language/filter.h"

namespace interdict::index {

struct FilterToken {
  enum class Kind { kEnd, kOpen, kClose, kComma, kAnd, kOr, kNot, kMinus, kComparator, kBare, kQuoted };
  Kind kind = Kind::kEnd;
  std::string text;  // kBare, kQuoted
  FilterNode::Comparator comparator = FilterNode::Comparator::kEqual;
  SourceSpan span;
};

// Reads tokens one after the other. Keeps a view of `filter`.
class FilterLexer {
 public:
  explicit FilterLexer(std::string_view filter) : filter_(filter) {}
  // The next token; kEnd for ever at the end. INVALID_ARGUMENT: a quote that is not closed, a byte that starts nothing.
  absl::StatusOr<FilterToken> Next();
  // The same where a value stands: a minus before a digit, and `*`, belong to it.
  absl::StatusOr<FilterToken> NextValue();

 private:
  void SkipSpace();
  absl::StatusOr<FilterToken> Quoted(char quote);
  FilterToken Bare();
  bool ReadComparator(FilterToken& token);
  SourceSpan From(size_t begin) const;

  std::string_view filter_;
  size_t at_ = 0;
};

}  // namespace interdict::index
