#include "absl/strings/str_cat.h"
#include "services/index/engine/language/filter.h"

namespace interdict::index {
namespace {

using Kind = FilterNode::Kind;
using Comparator = FilterNode::Comparator;

std::string PrintValue(const FilterValue& value) {
  if (!value.quoted) return value.text;
  std::string printed = "\"";
  for (const char c : value.text) {
    if (c == '"' || c == '\\') printed += '\\';
    printed += c;
  }
  return printed + "\"";
}

std::string PrintValues(const FilterNode& node, const std::string& between) {
  std::string printed;
  for (const FilterValue& value : node.values) {
    if (!printed.empty()) printed += between;
    printed += PrintValue(value);
  }
  return printed;
}

std::string PrintIn(const FilterNode& node, Kind parent);

std::string PrintChildren(const FilterNode& node, const std::string& between) {
  std::string printed;
  for (const FilterNode& child : node.children) {
    if (!printed.empty()) printed += between;
    printed += PrintIn(child, node.kind);
  }
  return printed;
}

// OR binds tighter than AND in AIP-160, so it would need none below AND; they are for the reader.
std::string PrintIn(const FilterNode& node, Kind parent) {
  const bool inside = parent != Kind::kEverything;
  switch (node.kind) {
    case Kind::kEverything:
      return "";
    case Kind::kAnd:
      return inside ? absl::StrCat("(", PrintChildren(node, " AND "), ")") : PrintChildren(node, " AND ");
    case Kind::kOr:
      return inside ? absl::StrCat("(", PrintChildren(node, " OR "), ")") : PrintChildren(node, " OR ");
    case Kind::kNot:
      return "NOT " + PrintChildren(node, "");
    case Kind::kCompare: {
      const std::string values = PrintValues(node, " OR ");
      return absl::StrCat(node.field.text, " ", std::string(ComparatorText(node.comparator)), " ",
                          node.values.size() == 1 ? values : absl::StrCat("(", values, ")"));
    }
    case Kind::kCall:
      return absl::StrCat(node.field.text, "(", PrintValues(node, ", "), ")");
  }
  return "";
}

}  // namespace

std::string_view ComparatorText(Comparator comparator) {
  switch (comparator) {
    case Comparator::kEqual:
      return "=";
    case Comparator::kNotEqual:
      return "!=";
    case Comparator::kLess:
      return "<";
    case Comparator::kLessOrEqual:
      return "<=";
    case Comparator::kGreater:
      return ">";
    case Comparator::kGreaterOrEqual:
      return ">=";
    case Comparator::kHas:
      return ":";
  }
  return "";
}

std::string PrintFilter(const FilterNode& node) { return PrintIn(node, Kind::kEverything); }

}  // namespace interdict::index
