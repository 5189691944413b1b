#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/index/engine/language/near_names.h"
#include "services/index/engine/language/text_lexer.h"
#include "services/index/engine/language/text_query.h"

namespace interdict::index {
namespace {

using Kind = TextNode::Kind;
using TokenKind = TextToken::Kind;

// Recursive descent; each level of recursion passes Deeper, which bounds it.
class TextParser {
 public:
  TextParser(std::string_view query, const std::vector<std::string>& fields, const TextLimits& limits)
      : query_(query), fields_(fields), limits_(limits), lexer_(query) {}

  absl::StatusOr<TextNode> Parse();

 private:
  absl::StatusOr<TextNode> Or();
  absl::StatusOr<TextNode> And();
  absl::StatusOr<TextNode> Negation();
  absl::StatusOr<TextNode> Near();
  absl::StatusOr<TextNode> Primary();
  absl::StatusOr<TextNode> Group();
  absl::StatusOr<TextNode> InField();
  absl::StatusOr<TextNode> Leaf();
  absl::Status Advance();
  absl::Status Deeper();
  absl::Status Expected(std::string_view what) const;
  absl::StatusOr<TextNode> JoinNear(std::vector<TextNode> children, uint32_t distance, SourceSpan span);

  const std::string_view query_;
  const std::vector<std::string>& fields_;
  const TextLimits& limits_;
  TextLexer lexer_;
  TextToken token_;    // the next one
  std::string field_;  // that holds for what is read now
  size_t depth_ = 0;
  size_t clauses_ = 0;
};

// One node of `kind` over the children; children of the same kind are opened up, a single child stands for itself.
TextNode Join(Kind kind, std::vector<TextNode> children) {
  if (children.size() == 1) return std::move(children[0]);
  TextNode node;
  node.kind = kind;
  node.span = {children.front().span.begin, children.back().span.end};
  for (TextNode& child : children) {
    if (child.kind == kind) {
      for (TextNode& grandchild : child.children) node.children.push_back(std::move(grandchild));
    } else {
      node.children.push_back(std::move(child));
    }
  }
  return node;
}

bool StartsOperand(TokenKind kind) {
  switch (kind) {
    case TokenKind::kOpen:
    case TokenKind::kNot:
    case TokenKind::kMinus:
    case TokenKind::kField:
    case TokenKind::kWord:
    case TokenKind::kPrefix:
    case TokenKind::kFuzzy:
    case TokenKind::kPhrase:
      return true;
    default:
      return false;
  }
}

absl::Status TextParser::Advance() {
  auto next = lexer_.Next();
  if (!next.ok()) return next.status();
  token_ = *std::move(next);
  return absl::OkStatus();
}

absl::Status TextParser::Deeper() {
  if (++depth_ <= limits_.max_depth) return absl::OkStatus();
  return SyntaxError(token_.span,
                     absl::StrCat("more than ", limits_.max_depth, " parentheses and NOTs within each other"),
                     "(rifle OR pistol) AND malta");
}

absl::Status TextParser::Expected(std::string_view what) const {
  return SyntaxError(token_.span, absl::StrCat("expected ", std::string(what), ", found ", Describe(token_, query_)),
                     "rifle AND (malta OR libya)");
}

absl::StatusOr<TextNode> TextParser::Parse() {
  if (query_.size() > limits_.max_bytes) {
    return SyntaxError(
        {static_cast<uint32_t>(limits_.max_bytes), static_cast<uint32_t>(query_.size())},
        absl::StrCat("the query has ", query_.size(), " bytes, at most ", limits_.max_bytes, " are read"),
        "rifle AND malta");
  }
  if (absl::Status status = Advance(); !status.ok()) return status;
  if (token_.kind == TokenKind::kEnd) return TextNode();
  auto node = Or();
  if (!node.ok()) return node;
  if (token_.kind != TokenKind::kEnd) return Expected("a word, `AND`, `OR` or the end");
  return node;
}

absl::StatusOr<TextNode> TextParser::Or() {
  std::vector<TextNode> children;
  while (true) {
    auto child = And();
    if (!child.ok()) return child;
    children.push_back(*std::move(child));
    if (token_.kind != TokenKind::kOr) return Join(Kind::kOr, std::move(children));
    if (absl::Status status = Advance(); !status.ok()) return status;
  }
}

absl::StatusOr<TextNode> TextParser::And() {
  std::vector<TextNode> children;
  while (true) {
    auto child = Negation();
    if (!child.ok()) return child;
    children.push_back(*std::move(child));
    if (token_.kind == TokenKind::kAnd) {
      if (absl::Status status = Advance(); !status.ok()) return status;
    } else if (!StartsOperand(token_.kind)) {
      return Join(Kind::kAnd, std::move(children));
    }
  }
}

absl::StatusOr<TextNode> TextParser::Negation() {
  if (token_.kind != TokenKind::kNot && token_.kind != TokenKind::kMinus) return Near();
  const uint32_t begin = token_.span.begin;
  absl::Status status = Deeper();
  if (status.ok()) status = Advance();
  if (!status.ok()) return status;
  auto child = Negation();
  if (!child.ok()) return child;
  --depth_;
  TextNode node;
  node.kind = Kind::kNot;
  node.span = {begin, child->span.end};
  node.children.push_back(*std::move(child));
  return node;
}

absl::StatusOr<TextNode> TextParser::Near() {
  auto first = Primary();
  if (!first.ok() || token_.kind != TokenKind::kNear) return first;
  const uint32_t distance = token_.number;
  const SourceSpan span = token_.span;
  if (distance < 1 || distance > limits_.max_near) {
    return SyntaxError(span, absl::StrCat("`NEAR/n` takes 1 to ", limits_.max_near, " words"),
                       "centrifuge NEAR/5 bearing");
  }
  std::vector<TextNode> children;
  children.push_back(*std::move(first));
  while (token_.kind == TokenKind::kNear) {
    if (token_.number != distance) {
      return SyntaxError(token_.span, "one chain of NEAR has one distance; use parentheses and AND for two",
                         "a NEAR/5 b NEAR/5 c");
    }
    if (absl::Status status = Advance(); !status.ok()) return status;
    auto child = Primary();
    if (!child.ok()) return child;
    children.push_back(*std::move(child));
  }
  return JoinNear(std::move(children), distance, span);
}

// All in one field, and nothing but words and phrases.
absl::StatusOr<TextNode> TextParser::JoinNear(std::vector<TextNode> children, uint32_t distance, SourceSpan span) {
  TextNode node;
  node.kind = Kind::kNear;
  node.number = distance;
  node.field = children.front().field;
  node.span = {children.front().span.begin, children.back().span.end};
  for (TextNode& child : children) {
    if (child.kind != Kind::kWord && child.kind != Kind::kPhrase) {
      return SyntaxError(child.span, "NEAR stands between words and phrases", "centrifuge NEAR/5 \"ball bearing\"");
    }
    if (child.field != node.field) {
      return SyntaxError(span, "NEAR looks within one field", "text:(centrifuge NEAR/5 bearing)");
    }
    child.field.clear();
    node.children.push_back(std::move(child));
  }
  return node;
}

absl::StatusOr<TextNode> TextParser::Primary() {
  switch (token_.kind) {
    case TokenKind::kOpen:
      return Group();
    case TokenKind::kField:
      return InField();
    case TokenKind::kWord:
    case TokenKind::kPrefix:
    case TokenKind::kFuzzy:
    case TokenKind::kPhrase:
      return Leaf();
    default:
      return Expected("a word, a phrase in quotes, a field or `(`");
  }
}

absl::StatusOr<TextNode> TextParser::Group() {
  const SourceSpan open = token_.span;
  absl::Status status = Deeper();
  if (status.ok()) status = Advance();
  if (!status.ok()) return status;
  auto node = Or();
  if (!node.ok()) return node;
  if (token_.kind == TokenKind::kEnd) {
    return SyntaxError(open, "the parenthesis that opens here is not closed: expected `)`", "(rifle OR pistol)");
  }
  if (token_.kind != TokenKind::kClose) return Expected("`)`, `AND`, `OR` or a word");
  status = Advance();
  if (!status.ok()) return status;
  --depth_;
  return node;
}

absl::StatusOr<TextNode> TextParser::InField() {
  if (std::find(fields_.begin(), fields_.end(), token_.text) == fields_.end()) {
    return SyntaxError(token_.span,
                       absl::StrCat("there is no text field ", Shown(token_.text), "; ",
                                    NearNames(token_.text, fields_), ". Put text with a colon in quotes"),
                       "title:rifle");
  }
  const std::string outer = std::exchange(field_, token_.text);
  absl::Status status = Deeper();
  if (status.ok()) status = Advance();
  if (!status.ok()) return status;
  auto node = Primary();
  if (!node.ok()) return node;
  --depth_;
  field_ = outer;
  return node;
}

absl::StatusOr<TextNode> TextParser::Leaf() {
  if (++clauses_ > limits_.max_clauses) {
    return SyntaxError(token_.span, absl::StrCat("more than ", limits_.max_clauses, " words and phrases"),
                       "rifle AND malta");
  }
  TextNode node;
  node.kind = token_.kind == TokenKind::kWord     ? Kind::kWord
              : token_.kind == TokenKind::kPrefix ? Kind::kPrefix
              : token_.kind == TokenKind::kFuzzy  ? Kind::kFuzzy
                                                  : Kind::kPhrase;
  node.text = token_.text;
  node.field = field_;
  node.exact = token_.exact;
  node.number = token_.number;
  node.span = token_.span;
  if (absl::Status status = Advance(); !status.ok()) return status;
  return node;
}

}  // namespace

absl::StatusOr<TextNode> ParseText(std::string_view query, const std::vector<std::string>& fields,
                                   const TextLimits& limits) {
  return TextParser(query, fields, limits).Parse();
}

}  // namespace interdict::index
