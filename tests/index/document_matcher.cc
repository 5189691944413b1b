#include "tests/index/document_matcher.h"

#include <algorithm>
#include <cstdlib>
#include <string>
#include <vector>

namespace interdict::index::testing {
namespace {

using Kind = QueryNode::Kind;

const std::string& FormOf(const Token& token, bool exact) {
  return exact && !token.exact.empty() ? token.exact : token.term;
}

// First positions in one field at which the clause stands.
std::vector<uint32_t> Starts(const QueryNode& node, const TextValue& text) {
  std::vector<uint32_t> starts;
  for (const Token& token : text.tokens) {
    if (node.kind == Kind::kTerm && FormOf(token, node.exact) == node.text) starts.push_back(token.position);
    if (node.kind == Kind::kPrefix && FormOf(token, node.exact).rfind(node.text, 0) == 0) {
      starts.push_back(token.position);
    }
    if (node.kind != Kind::kPhrase) continue;
    const bool all = std::all_of(node.children.begin(), node.children.end(), [&](const QueryNode& child) {
      return std::any_of(text.tokens.begin(), text.tokens.end(), [&](const Token& other) {
        return other.position == token.position + child.offset && FormOf(other, node.exact) == child.text;
      });
    });
    if (all) starts.push_back(token.position);
  }
  return starts;
}

bool NearFrom(const QueryNode& node, const TextValue& text, size_t child, std::vector<uint32_t>& chosen) {
  if (child == node.children.size()) {
    const auto [low, high] = std::minmax_element(chosen.begin(), chosen.end());
    return *high - *low <= node.distance;
  }
  for (const uint32_t start : Starts(node.children[child], text)) {
    if (std::find(chosen.begin(), chosen.end(), start) != chosen.end()) continue;
    chosen.push_back(start);
    if (NearFrom(node, text, child + 1, chosen)) return true;
    chosen.pop_back();
  }
  return false;
}

bool TextMatches(const QueryNode& node, const IndexDocument& document) {
  return std::any_of(document.texts.begin(), document.texts.end(), [&](const TextValue& text) {
    if ((node.fields >> text.field & 1) == 0) return false;
    std::vector<uint32_t> chosen;
    return node.kind == Kind::kNear ? NearFrom(node, text, 0, chosen) : !Starts(node, text).empty();
  });
}

std::vector<int64_t> Values(const IndexDocument& document, uint16_t column) {
  std::vector<int64_t> values;
  for (const ColumnValue& value : document.columns) {
    if (value.column == column) values.push_back(value.value);
  }
  return values;
}

bool IntervalMatches(const QueryNode& node, const IndexDocument& document) {
  const std::vector<int64_t> lows = Values(document, node.field);
  const std::vector<int64_t> highs = Values(document, node.field_high);
  for (size_t i = 0; i < lows.size() && i < highs.size(); ++i) {
    if (node.certainty == QueryNode::Certainty::kPossibly ? lows[i] <= node.high && highs[i] >= node.low
                                                          : lows[i] >= node.low && highs[i] <= node.high) {
      return true;
    }
  }
  return false;
}

bool KeywordMatches(const QueryNode& node, const IndexDocument& document) {
  return std::any_of(document.keywords.begin(), document.keywords.end(), [&](const KeywordValue& keyword) {
    if (keyword.field != node.field) return false;
    if (node.kind == Kind::kKeywordExists) return true;
    if (node.kind == Kind::kKeywordPrefix) return keyword.value.rfind(node.text, 0) == 0;
    return std::find(node.values.begin(), node.values.end(), keyword.value) != node.values.end();
  });
}

}  // namespace

bool Matches(const QueryNode& node, const IndexDocument& document) {
  const auto child_matches = [&](const QueryNode& child) { return Matches(child, document); };
  switch (node.kind) {
    case Kind::kAll:
      return true;
    case Kind::kNone:
      return false;
    case Kind::kAnd:
      return std::all_of(node.children.begin(), node.children.end(), child_matches);
    case Kind::kOr:
      return std::any_of(node.children.begin(), node.children.end(), child_matches);
    case Kind::kNot:
      return !Matches(node.children[0], document);
    case Kind::kTerm:
    case Kind::kPhrase:
    case Kind::kNear:
    case Kind::kPrefix:
      return TextMatches(node, document);
    case Kind::kKeyword:
    case Kind::kKeywordPrefix:
    case Kind::kKeywordExists:
      return KeywordMatches(node, document);
    case Kind::kRange: {
      const std::vector<int64_t> values = Values(document, node.field);
      return std::any_of(values.begin(), values.end(), [&](int64_t v) { return v >= node.low && v <= node.high; });
    }
    case Kind::kColumnExists:
      return !Values(document, node.field).empty();
    case Kind::kInterval:
      return IntervalMatches(node, document);
    case Kind::kFuzzy:
    case Kind::kWithin:
      break;
  }
  std::abort();
}

}  // namespace interdict::index::testing
