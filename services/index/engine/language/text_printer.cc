#include <algorithm>

#include "absl/strings/str_cat.h"
#include "services/index/engine/language/text_query.h"

namespace interdict::index {
namespace {

using Kind = TextNode::Kind;

bool NeedsEscape(char c, bool first) {
  constexpr std::string_view kAnywhere = "()\":*~\\ \t\n\r\v\f";
  return kAnywhere.find(c) != std::string_view::npos || (first && (c == '-' || c == '='));
}

std::string PrintWord(std::string_view word) {
  std::string printed;
  const bool reads_as_operator = word == "AND" || word == "OR" || word == "NOT" || word.rfind("NEAR", 0) == 0;
  if (reads_as_operator) printed += '\\';
  for (size_t i = 0; i < word.size(); ++i) {
    if (NeedsEscape(word[i], i == 0)) printed += '\\';
    printed += word[i];
  }
  return printed;
}

std::string PrintPhrase(std::string_view phrase) {
  std::string printed = "\"";
  for (const char c : phrase) {
    if (c == '"' || c == '\\') printed += '\\';
    printed += c;
  }
  return printed + "\"";
}

std::string InField(const TextNode& node, const std::string& printed) {
  return node.field.empty() ? printed : absl::StrCat(node.field, ":", printed);
}

std::string PrintIn(const TextNode& node, Kind parent);

std::string PrintChildren(const TextNode& node, const std::string& between) {
  std::string printed;
  for (const TextNode& child : node.children) {
    if (!printed.empty()) printed += between;
    printed += PrintIn(child, node.kind);
  }
  return printed;
}

// Or binds weakest, then And, Not, Near.
bool NeedsParentheses(Kind kind, Kind parent) {
  if (parent == Kind::kEverything) return false;
  if (kind == Kind::kOr) return true;
  return kind == Kind::kAnd && parent != Kind::kOr;
}

std::string PrintIn(const TextNode& node, Kind parent) {
  const std::string exact = node.exact ? "=" : "";
  std::string printed;
  switch (node.kind) {
    case Kind::kEverything:
      return "";
    case Kind::kWord:
      return InField(node, exact + PrintWord(node.text));
    case Kind::kPrefix:
      return InField(node, PrintWord(node.text) + "*");
    case Kind::kFuzzy:
      return InField(node, absl::StrCat(PrintWord(node.text), "~", node.number));
    case Kind::kPhrase:
      return InField(node, exact + PrintPhrase(node.text));
    case Kind::kNear:
      printed = PrintChildren(node, absl::StrCat(" NEAR/", node.number, " "));
      return node.field.empty() ? printed : absl::StrCat(node.field, ":(", printed, ")");
    case Kind::kAnd:
      printed = PrintChildren(node, " AND ");
      break;
    case Kind::kOr:
      printed = PrintChildren(node, " OR ");
      break;
    case Kind::kNot:
      printed = "NOT " + PrintChildren(node, "");
      break;
  }
  return NeedsParentheses(node.kind, parent) ? absl::StrCat("(", printed, ")") : printed;
}

}  // namespace

std::string PrintText(const TextNode& node) { return PrintIn(node, Kind::kEverything); }

}  // namespace interdict::index
