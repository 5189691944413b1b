#include "tests/index/engine/oracle.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <functional>
#include <set>

#include "absl/time/civil_time.h"
#include "services/index/engine/plan.h"

namespace interdict::index::testing {

using Kind = QueryNode::Kind;

namespace {

const TextValue* TextOf(const IndexDocument& document, uint16_t field) {
  for (const TextValue& text : document.texts) {
    if (text.field == field) return &text;
  }
  return nullptr;
}

double LengthOf(const IndexDocument& document, uint16_t field) {
  const TextValue* text = TextOf(document, field);
  if (text == nullptr) return 0;
  return text->length != 0 ? text->length : static_cast<double>(text->tokens.size());
}

std::vector<int64_t> ValuesOf(const IndexDocument& document, uint16_t column) {
  std::vector<int64_t> values;
  for (const ColumnValue& value : document.columns) {
    if (value.column == column) values.push_back(value.value);
  }
  return values;
}

double Kilometres(double lat1, double lon1, double lat2, double lon2) {
  const double r = std::acos(-1.0) / 180;
  const double a = std::sin((lat2 - lat1) * r / 2);
  const double b = std::sin((lon2 - lon1) * r / 2);
  return 2 * 6371.0088 * std::asin(std::min(1.0, std::sqrt(a * a + std::cos(lat1 * r) * std::cos(lat2 * r) * b * b)));
}

// Whether each list can give a different number, all within `distance` of the least.
bool ChooseNear(const std::vector<std::vector<uint32_t>>& lists, uint32_t distance, std::vector<uint32_t>& chosen) {
  if (chosen.size() == lists.size()) {
    const auto [least, greatest] = std::minmax_element(chosen.begin(), chosen.end());
    return *greatest - *least <= distance;
  }
  for (const uint32_t position : lists[chosen.size()]) {
    if (std::find(chosen.begin(), chosen.end(), position) != chosen.end()) continue;
    chosen.push_back(position);
    if (ChooseNear(lists, distance, chosen)) return true;
    chosen.pop_back();
  }
  return false;
}

bool Expands(const QueryNode& node, const std::string& term) {
  if (node.kind == Kind::kPrefix) return term.compare(0, node.text.size(), node.text) == 0;
  if (term.compare(0, node.prefix_length, node.text, 0, node.prefix_length) != 0) return false;
  return EditDistance(CodePoints(node.text), CodePoints(term), node.max_edits) <= node.max_edits;
}

// What a prefix or a fuzzy word is compared with.
const std::string& FormOf(const Token& token, const QueryNode& node) {
  return node.exact && !token.exact.empty() ? token.exact : token.term;
}

}  // namespace

Oracle::Positions Oracle::PositionsOf(const IndexDocument& document, uint16_t field, const std::string& term,
                                      bool exact) const {
  Positions positions;
  const TextValue* text = TextOf(document, field);
  for (const TextField& candidate : schema_.text_fields) {
    if (candidate.id == field && exact && !candidate.exact) return positions;
  }
  for (size_t i = 0; text != nullptr && i < text->tokens.size(); ++i) {
    const Token& token = text->tokens[i];
    const std::string& form = exact && !token.exact.empty() ? token.exact : token.term;
    if (form == term) positions.push_back(token.position);
  }
  return positions;
}

Oracle::Positions Oracle::Starts(const IndexDocument& document, uint16_t field, const QueryNode& phrase) const {
  if (phrase.kind == Kind::kTerm) return PositionsOf(document, field, phrase.text, phrase.exact);
  std::set<uint32_t> starts;
  if (phrase.children.empty()) return {};
  const QueryNode& first = phrase.children.front();
  for (const uint32_t position : PositionsOf(document, field, first.text, first.exact)) {
    if (position < first.offset) continue;
    const uint32_t start = position - first.offset;
    bool all = true;
    for (const QueryNode& word : phrase.children) {
      const Positions positions = PositionsOf(document, field, word.text, word.exact);
      all = all && std::find(positions.begin(), positions.end(), start + word.offset) != positions.end();
    }
    if (all) starts.insert(start);
  }
  return Positions(starts.begin(), starts.end());
}

bool Oracle::TextMatches(const IndexDocument& document, uint16_t field, const QueryNode& node) const {
  switch (node.kind) {
    case Kind::kTerm:
    case Kind::kPhrase:
      return !Starts(document, field, node).empty();
    case Kind::kNear: {
      std::vector<Positions> lists;
      for (const QueryNode& child : node.children) lists.push_back(Starts(document, field, child));
      std::vector<uint32_t> chosen;
      return !lists.empty() && ChooseNear(lists, node.distance, chosen);
    }
    default: {
      const TextValue* text = TextOf(document, field);
      return text != nullptr && std::any_of(text->tokens.begin(), text->tokens.end(),
                                            [&node](const Token& token) { return Expands(node, FormOf(token, node)); });
    }
  }
}

bool Oracle::FilterMatches(const IndexDocument& document, const QueryNode& node) const {
  const auto keyword = [&](const std::function<bool(const std::string&)>& accept) {
    return std::any_of(document.keywords.begin(), document.keywords.end(),
                       [&](const KeywordValue& value) { return value.field == node.field && accept(value.value); });
  };
  switch (node.kind) {
    case Kind::kKeyword:
      return keyword([&node](const std::string& value) {
        return std::find(node.values.begin(), node.values.end(), value) != node.values.end();
      });
    case Kind::kKeywordPrefix:
      return keyword([&node](const std::string& value) { return value.compare(0, node.text.size(), node.text) == 0; });
    case Kind::kKeywordExists:
      return keyword([](const std::string&) { return true; });
    case Kind::kRange:
    case Kind::kColumnExists: {
      const auto values = ValuesOf(document, node.field);
      return std::any_of(values.begin(), values.end(), [&node](int64_t value) {
        return node.kind == Kind::kColumnExists || (value >= node.low && value <= node.high);
      });
    }
    case Kind::kInterval: {
      const auto lows = ValuesOf(document, node.field);
      const auto highs = ValuesOf(document, node.field_high);
      for (size_t i = 0; i < std::min(lows.size(), highs.size()); ++i) {
        const bool possibly = lows[i] <= node.high && highs[i] >= node.low;
        const bool certainly = lows[i] >= node.low && highs[i] <= node.high;
        if (node.certainty == QueryNode::Certainty::kPossibly ? possibly : certainly) return node.low <= node.high;
      }
      return false;
    }
    default:
      return std::any_of(document.points.begin(), document.points.end(), [&node](const GeoPoint& point) {
        return point.field == node.field &&
               Kilometres(point.latitude, point.longitude, node.latitude, node.longitude) <= node.km;
      });
  }
}

bool Oracle::Matches(const IndexDocument& document, const QueryNode& node) const {
  const auto child = [this, &document](const QueryNode& inner) { return Matches(document, inner); };
  switch (node.kind) {
    case Kind::kAll:
      return true;
    case Kind::kNone:
      return false;
    case Kind::kAnd:
      return std::all_of(node.children.begin(), node.children.end(), child);
    case Kind::kOr:
      return std::any_of(node.children.begin(), node.children.end(), child);
    case Kind::kNot:
      return !child(node.children[0]);
    case Kind::kTerm:
    case Kind::kPhrase:
    case Kind::kNear:
    case Kind::kPrefix:
    case Kind::kFuzzy:
      return std::any_of(schema_.text_fields.begin(), schema_.text_fields.end(), [&](const TextField& field) {
        return (node.fields >> field.id & 1) != 0 && TextMatches(document, field.id, node);
      });
    default:
      return FilterMatches(document, node);
  }
}

std::vector<uint64_t> Oracle::Matching(const Query& query) const {
  std::vector<uint64_t> numbers;
  for (const auto& [number, document] : documents_) {
    if (Matches(document, query.text) && Matches(document, query.filter)) numbers.push_back(number);
  }
  return numbers;
}

double Oracle::AverageLength(uint16_t field) const {
  const auto [known, fresh] = lengths_.try_emplace(field, 0);
  for (const auto& [number, document] : documents_) {
    if (fresh) known->second += LengthOf(document, field) / static_cast<double>(documents_.size());
  }
  return known->second;
}

double Oracle::DocumentsWith(uint16_t field, const std::string& term, bool exact) const {
  const auto [known, fresh] = frequencies_.try_emplace({field, term, exact}, 0);
  for (const auto& [number, document] : documents_) {
    if (fresh && !PositionsOf(document, field, term, exact).empty()) known->second += 1;
  }
  return known->second;
}

double Oracle::TermScore(const IndexDocument& document, uint16_t field, const std::string& term, bool exact,
                         float boost) const {
  const auto frequency = static_cast<double>(PositionsOf(document, field, term, exact).size());
  if (frequency == 0) return 0;
  const double df = DocumentsWith(field, term, exact);
  const auto count = static_cast<double>(documents_.size());
  double weight = 1;
  for (const TextField& candidate : schema_.text_fields) {
    if (candidate.id == field) weight = candidate.weight;
  }
  const double idf = std::log(1 + (count - df + 0.5) / (df + 0.5));
  return idf * 2.2 * weight * boost * frequency /
         (frequency + 1.2 * (0.25 + 0.75 * LengthOf(document, field) / AverageLength(field)));
}

double Oracle::Score(const IndexDocument& document, const QueryNode& node) const {
  double score = 0;
  if (node.kind == Kind::kAnd || node.kind == Kind::kOr) {
    for (const QueryNode& child : node.children) score += Score(document, child);
    return score;
  }
  for (const TextField& field : schema_.text_fields) {
    if ((node.fields >> field.id & 1) == 0) continue;
    if (node.kind == Kind::kTerm) {
      score += TermScore(document, field.id, node.text, node.exact, node.boost);
    } else if (node.kind == Kind::kPhrase || node.kind == Kind::kNear) {
      if (!TextMatches(document, field.id, node)) continue;
      for (const QueryNode& child : node.children) {
        for (const QueryNode& word : child.kind == Kind::kTerm ? std::vector<QueryNode>{child} : child.children) {
          score += TermScore(document, field.id, word.text, word.exact, node.boost);
        }
      }
    } else if (node.kind == Kind::kPrefix || node.kind == Kind::kFuzzy) {
      const TextValue* text = TextOf(document, field.id);
      std::set<std::string> terms;
      for (size_t i = 0; text != nullptr && i < text->tokens.size(); ++i) terms.insert(FormOf(text->tokens[i], node));
      for (const std::string& term : terms) {
        if (!Expands(node, term)) continue;
        const uint32_t edits =
            node.kind == Kind::kPrefix ? 0 : EditDistance(CodePoints(node.text), CodePoints(term), node.max_edits);
        score += TermScore(document, field.id, term, node.exact, node.boost / static_cast<float>(1 + edits));
      }
    }
  }
  return score;
}

std::vector<uint64_t> Oracle::Ordered(const Query& query) const {
  struct Row {
    bool missing;
    int64_t value;
    uint64_t number;
  };
  const bool down = query.order.descending;
  std::vector<Row> rows;
  for (const uint64_t number : Matching(query)) {
    Row row{false, 0, number};
    if (query.order.by == Order::By::kColumn) {
      const auto values = ValuesOf(documents_.at(number), query.order.column);
      row.missing = values.empty();
      if (!values.empty()) {
        row.value =
            down ? *std::max_element(values.begin(), values.end()) : *std::min_element(values.begin(), values.end());
      }
    }
    rows.push_back(row);
  }
  std::sort(rows.begin(), rows.end(), [down](const Row& a, const Row& b) {
    if (a.missing != b.missing) return b.missing;
    if (a.value != b.value) return down ? a.value > b.value : a.value < b.value;
    return down ? a.number > b.number : a.number < b.number;
  });
  std::vector<uint64_t> numbers;
  for (const Row& row : rows) numbers.push_back(row.number);
  return numbers;
}

std::vector<std::string> Oracle::Buckets(const IndexDocument& document, const FacetDimension& dimension) const {
  std::set<std::string> buckets;
  if (dimension.of == FacetDimension::Of::kKeyword) {
    for (const KeywordValue& value : document.keywords) {
      if (value.field == dimension.field) buckets.insert(value.value);
    }
    return {buckets.begin(), buckets.end()};
  }
  for (const int64_t value : ValuesOf(document, dimension.field)) {
    const absl::CivilDay day = absl::CivilDay(1970, 1, 1) + value;
    char text[32];
    if (dimension.of == FacetDimension::Of::kYear) {
      std::snprintf(text, sizeof(text), "%04d", static_cast<int>(day.year()));
    } else if (dimension.of == FacetDimension::Of::kMonth) {
      std::snprintf(text, sizeof(text), "%04d-%02d", static_cast<int>(day.year()), day.month());
    } else if (dimension.of == FacetDimension::Of::kDay) {
      std::snprintf(text, sizeof(text), "%04d-%02d-%02d", static_cast<int>(day.year()), day.month(), day.day());
    } else {
      std::snprintf(text, sizeof(text), "%lld", static_cast<long long>(value));
    }
    buckets.insert(text);
  }
  return {buckets.begin(), buckets.end()};
}

std::map<std::pair<std::string, std::string>, uint64_t> Oracle::Facet(const Query& query,
                                                                      const FacetRequest& facet) const {
  std::map<std::pair<std::string, std::string>, uint64_t> counts;
  for (const uint64_t number : Matching(query)) {
    const IndexDocument& document = documents_.at(number);
    for (const std::string& first : Buckets(document, facet.first)) {
      if (!facet.second.has_value()) {
        ++counts[{first, ""}];
        continue;
      }
      for (const std::string& second : Buckets(document, *facet.second)) ++counts[{first, second}];
    }
  }
  return counts;
}

}  // namespace interdict::index::testing
