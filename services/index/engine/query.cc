#include "services/index/engine/query.h"

namespace interdict::index {
namespace {

using Kind = QueryNode::Kind;

QueryNode Make(Kind kind) {
  QueryNode node;
  node.kind = kind;
  return node;
}

QueryNode MakeText(Kind kind, std::string text, FieldMask fields, bool exact) {
  QueryNode node = Make(kind);
  node.text = std::move(text);
  node.fields = fields;
  node.exact = exact;
  return node;
}

QueryNode MakeFilter(Kind kind, uint16_t field) {
  QueryNode node = Make(kind);
  node.field = field;
  return node;
}

}  // namespace

QueryNode AllDocuments() { return Make(Kind::kAll); }
QueryNode NoDocument() { return Make(Kind::kNone); }

QueryNode And(std::vector<QueryNode> children) {
  QueryNode node = Make(Kind::kAnd);
  node.children = std::move(children);
  return node;
}

QueryNode Or(std::vector<QueryNode> children) {
  QueryNode node = Make(Kind::kOr);
  node.children = std::move(children);
  return node;
}

QueryNode Not(QueryNode child) {
  QueryNode node = Make(Kind::kNot);
  node.children.push_back(std::move(child));
  return node;
}

QueryNode Term(std::string text, FieldMask fields, bool exact, float boost) {
  QueryNode node = MakeText(Kind::kTerm, std::move(text), fields, exact);
  node.boost = boost;
  return node;
}

QueryNode Phrase(std::vector<std::string> words, FieldMask fields, bool exact) {
  QueryNode node = MakeText(Kind::kPhrase, "", fields, exact);
  for (std::string& word : words) {
    QueryNode child = Term(std::move(word), fields, exact);
    child.offset = static_cast<uint32_t>(node.children.size());
    node.children.push_back(std::move(child));
  }
  return node;
}

QueryNode Near(uint32_t distance, std::vector<QueryNode> children, FieldMask fields) {
  QueryNode node = MakeText(Kind::kNear, "", fields, false);
  node.distance = distance;
  node.children = std::move(children);
  return node;
}

QueryNode Prefix(std::string text, FieldMask fields, bool exact) {
  return MakeText(Kind::kPrefix, std::move(text), fields, exact);
}

QueryNode Fuzzy(std::string text, uint32_t max_edits, FieldMask fields, bool exact) {
  QueryNode node = MakeText(Kind::kFuzzy, std::move(text), fields, exact);
  node.max_edits = max_edits;
  return node;
}

QueryNode Keyword(uint16_t field, std::vector<std::string> values) {
  QueryNode node = MakeFilter(Kind::kKeyword, field);
  node.values = std::move(values);
  return node;
}

QueryNode KeywordPrefix(uint16_t field, std::string prefix) {
  QueryNode node = MakeFilter(Kind::kKeywordPrefix, field);
  node.text = std::move(prefix);
  return node;
}

QueryNode KeywordExists(uint16_t field) { return MakeFilter(Kind::kKeywordExists, field); }

QueryNode Range(uint16_t column, int64_t low, int64_t high) {
  QueryNode node = MakeFilter(Kind::kRange, column);
  node.low = low;
  node.high = high;
  return node;
}

QueryNode ColumnExists(uint16_t column) { return MakeFilter(Kind::kColumnExists, column); }

QueryNode Interval(uint16_t low_column, uint16_t high_column, int64_t low, int64_t high,
                   QueryNode::Certainty certainty) {
  QueryNode node = MakeFilter(Kind::kInterval, low_column);
  node.field_high = high_column;
  node.low = low;
  node.high = high;
  node.certainty = certainty;
  return node;
}

QueryNode Within(uint16_t geo_field, double latitude, double longitude, double km) {
  QueryNode node = MakeFilter(Kind::kWithin, geo_field);
  node.latitude = latitude;
  node.longitude = longitude;
  node.km = km;
  return node;
}

}  // namespace interdict::index
