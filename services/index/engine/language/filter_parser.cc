#include <utility>

#include "absl/strings/str_cat.h"
#include "services/index/engine/language/filter.h"
#include "services/index/engine/language/filter_lexer.h"

namespace interdict::index {
namespace {

using Kind = FilterNode::Kind;
using TokenKind = FilterToken::Kind;

constexpr char kExample[] = "occurred >= \"2012\" AND places.destination = \"KP\"";

// Recursive descent; each level of recursion passes Deeper, which bounds it.
class FilterParser {
 public:
  FilterParser(std::string_view filter, const FilterLimits& limits)
      : filter_(filter), limits_(limits), lexer_(filter) {}

  absl::StatusOr<FilterNode> Parse();

 private:
  absl::StatusOr<FilterNode> And();
  absl::StatusOr<FilterNode> Or();
  absl::StatusOr<FilterNode> Negation();
  absl::StatusOr<FilterNode> Restriction();
  absl::Status Arguments(FilterNode& call);
  absl::Status Values(FilterNode& compare);
  absl::Status Value(FilterNode& node);
  absl::Status Advance();
  absl::Status AdvanceToValue();
  absl::Status Deeper();
  absl::Status Count(SourceSpan span);
  absl::Status Expected(std::string_view what, std::string_view example = kExample) const;

  const std::string_view filter_;
  const FilterLimits& limits_;
  FilterLexer lexer_;
  FilterToken token_;  // the next one
  size_t depth_ = 0;
  size_t clauses_ = 0;
};

// One node of `kind` over the children; children of the same kind are opened up, a single child stands for itself.
FilterNode Join(Kind kind, std::vector<FilterNode> children) {
  if (children.size() == 1) return std::move(children[0]);
  FilterNode node;
  node.kind = kind;
  node.span = {children.front().span.begin, children.back().span.end};
  for (FilterNode& child : children) {
    if (child.kind == kind) {
      for (FilterNode& grandchild : child.children) node.children.push_back(std::move(grandchild));
    } else {
      node.children.push_back(std::move(child));
    }
  }
  return node;
}

bool StartsFactor(TokenKind kind) {
  return kind == TokenKind::kOpen || kind == TokenKind::kNot || kind == TokenKind::kMinus || kind == TokenKind::kBare ||
         kind == TokenKind::kQuoted;
}

absl::Status FilterParser::Advance() {
  auto next = lexer_.Next();
  if (!next.ok()) return next.status();
  token_ = *std::move(next);
  return absl::OkStatus();
}

absl::Status FilterParser::AdvanceToValue() {
  auto next = lexer_.NextValue();
  if (!next.ok()) return next.status();
  token_ = *std::move(next);
  return absl::OkStatus();
}

absl::Status FilterParser::Deeper() {
  if (++depth_ <= limits_.max_depth) return absl::OkStatus();
  return SyntaxError(
      token_.span, absl::StrCat("more than ", limits_.max_depth, " parentheses and NOTs within each other"), kExample);
}

absl::Status FilterParser::Count(SourceSpan span) {
  if (++clauses_ <= limits_.max_clauses) return absl::OkStatus();
  return SyntaxError(span, absl::StrCat("more than ", limits_.max_clauses, " comparisons and values"), kExample);
}

absl::Status FilterParser::Expected(std::string_view what, std::string_view example) const {
  const std::string found = token_.kind == TokenKind::kEnd
                                ? "the end of the filter"
                                : Shown(filter_.substr(token_.span.begin, token_.span.end - token_.span.begin));
  return SyntaxError(token_.span, absl::StrCat("expected ", std::string(what), ", found ", found), example);
}

absl::StatusOr<FilterNode> FilterParser::Parse() {
  if (filter_.size() > limits_.max_bytes) {
    return SyntaxError(
        {static_cast<uint32_t>(limits_.max_bytes), static_cast<uint32_t>(filter_.size())},
        absl::StrCat("the filter has ", filter_.size(), " bytes, at most ", limits_.max_bytes, " are read"), kExample);
  }
  if (absl::Status status = Advance(); !status.ok()) return status;
  if (token_.kind == TokenKind::kEnd) return FilterNode();
  auto node = And();
  if (!node.ok()) return node;
  if (token_.kind != TokenKind::kEnd) return Expected("`AND`, `OR` or the end");
  return node;
}

// Factors side by side are joined like those with AND between them.
absl::StatusOr<FilterNode> FilterParser::And() {
  std::vector<FilterNode> children;
  while (true) {
    auto child = Or();
    if (!child.ok()) return child;
    children.push_back(*std::move(child));
    if (token_.kind == TokenKind::kAnd) {
      if (absl::Status status = Advance(); !status.ok()) return status;
    } else if (!StartsFactor(token_.kind)) {
      return Join(Kind::kAnd, std::move(children));
    }
  }
}

absl::StatusOr<FilterNode> FilterParser::Or() {
  std::vector<FilterNode> children;
  while (true) {
    auto child = Negation();
    if (!child.ok()) return child;
    children.push_back(*std::move(child));
    if (token_.kind != TokenKind::kOr) return Join(Kind::kOr, std::move(children));
    if (absl::Status status = Advance(); !status.ok()) return status;
  }
}

absl::StatusOr<FilterNode> FilterParser::Negation() {
  const SourceSpan begin = token_.span;
  if (token_.kind == TokenKind::kNot || token_.kind == TokenKind::kMinus) {
    absl::Status status = Deeper();
    if (status.ok()) status = Advance();
    if (!status.ok()) return status;
    auto child = Negation();
    if (!child.ok()) return child;
    --depth_;
    FilterNode node;
    node.kind = Kind::kNot;
    node.span = {begin.begin, child->span.end};
    node.children.push_back(*std::move(child));
    return node;
  }
  if (token_.kind != TokenKind::kOpen) return Restriction();
  absl::Status status = Deeper();
  if (status.ok()) status = Advance();
  if (!status.ok()) return status;
  auto node = And();
  if (!node.ok()) return node;
  if (token_.kind == TokenKind::kEnd) {
    return SyntaxError(begin, "the parenthesis that opens here is not closed: expected `)`",
                       "(goods.category = \"ML1\" OR goods.category = \"ML2\")");
  }
  if (token_.kind != TokenKind::kClose) return Expected("`)`, `AND` or `OR`");
  status = Advance();
  if (!status.ok()) return status;
  --depth_;
  return node;
}

absl::StatusOr<FilterNode> FilterParser::Restriction() {
  if (token_.kind != TokenKind::kBare) return Expected("the name of a field, a function, `NOT` or `(`");
  FilterNode node;
  node.field = {token_.text, false, token_.span};
  node.span = token_.span;
  absl::Status status = Count(token_.span);
  if (status.ok()) status = Advance();
  if (!status.ok()) return status;
  if (token_.kind == TokenKind::kOpen) {
    node.kind = Kind::kCall;
    status = Arguments(node);
  } else if (token_.kind == TokenKind::kComparator) {
    node.kind = Kind::kCompare;
    node.comparator = token_.comparator;
    status = Values(node);
  } else {
    status = Expected(absl::StrCat("`=`, `!=`, `<`, `<=`, `>`, `>=` or `:` after ", Shown(node.field.text)));
  }
  if (!status.ok()) return status;
  return node;
}

absl::Status FilterParser::Value(FilterNode& node) {
  if (token_.kind != TokenKind::kBare && token_.kind != TokenKind::kQuoted) return Expected("a value");
  absl::Status status = Count(token_.span);
  if (!status.ok()) return status;
  node.values.push_back({token_.text, token_.kind == TokenKind::kQuoted, token_.span});
  node.span.end = token_.span.end;
  return Advance();
}

// `(a, b, …)`, standing at the parenthesis.
absl::Status FilterParser::Arguments(FilterNode& call) {
  constexpr char kCallExample[] = "possibly(occurred, \"2012/2013\")";
  absl::Status status = AdvanceToValue();
  while (status.ok() && token_.kind != TokenKind::kClose) {
    status = Value(call);
    if (!status.ok()) return status;
    if (token_.kind == TokenKind::kComma) {
      status = AdvanceToValue();
      if (status.ok() && token_.kind == TokenKind::kClose) return Expected("a value after the comma", kCallExample);
    } else if (token_.kind != TokenKind::kClose) {
      return Expected("`,` or `)`", kCallExample);
    }
  }
  if (!status.ok()) return status;
  call.span.end = token_.span.end;
  return Advance();
}

// A value or `(a OR b OR …)`, standing at the comparator.
absl::Status FilterParser::Values(FilterNode& compare) {
  absl::Status status = AdvanceToValue();
  if (!status.ok()) return status;
  if (token_.kind != TokenKind::kOpen) return Value(compare);
  constexpr char kListExample[] = "goods.category = (\"ML1\" OR \"ML2\")";
  do {
    status = AdvanceToValue();
    if (status.ok()) status = Value(compare);
    if (!status.ok()) return status;
  } while (token_.kind == TokenKind::kOr);
  if (token_.kind != TokenKind::kClose) return Expected("`OR` or `)` in a list of values", kListExample);
  compare.span.end = token_.span.end;
  return Advance();
}

}  // namespace

absl::StatusOr<FilterNode> ParseFilter(std::string_view filter, const FilterLimits& limits) {
  return FilterParser(filter, limits).Parse();
}

}  // namespace interdict::index
