#include "tests/index/engine/random_queries.h"

#include <limits>
#include <utility>
#include <vector>

namespace interdict::index::testing {

IndexSchema TestSchema() {
  IndexSchema schema;
  schema.text_fields = {{kTitle, "title", 2.0F, false}, {kText, "text", 1.0F, true}};
  schema.keyword_fields = {{kCountry, "country"}, {kGoodsCode, "goods"}};
  schema.columns = {{kFrom, "from", Column::Unit::kDays, true},
                    {kTo, "to", Column::Unit::kDays, false},
                    {kWeight, "weight", Column::Unit::kInteger, false}};
  schema.geo_fields = {{kPlace, "place"}};
  return schema;
}

// Skewed as words are: the first are everywhere, the last hardly anywhere. Three endings share a stem.
std::string RandomQueries::Word() {
  const double share = static_cast<double>(Below(10000)) / 10000;
  const auto rank = static_cast<uint32_t>(share * share * share * words_);
  std::string word = "w";
  word.push_back(static_cast<char>('a' + rank % 7));
  word.push_back(static_cast<char>('a' + rank / 7 % 26));
  if (rank >= 182) word += std::to_string(rank / 182);
  word.push_back(static_cast<char>('x' + Below(3)));
  return word;
}

IndexDocument RandomQueries::Document(uint64_t number) {
  IndexDocument document;
  document.number = number;
  for (const uint16_t field : {kTitle, kText}) {
    if (Below(8) == 0) continue;
    TextValue text;
    text.field = field;
    uint32_t position = 0;
    const uint32_t length = 1 + Below(field == kTitle ? 5 : 24);
    for (uint32_t i = 0; i < length; ++i) {
      const std::string word = Word();
      text.tokens.push_back({Stem(word), word, position});
      position += Below(12) == 0 ? 5 : (Below(15) == 0 ? 0 : 1);
    }
    document.texts.push_back(std::move(text));
  }
  for (uint32_t i = Below(4); i-- > 0;) document.keywords.push_back({kCountry, "C" + std::to_string(Below(9))});
  for (uint32_t i = Below(3); i-- > 0;) document.keywords.push_back({kGoodsCode, "ML" + std::to_string(Below(30))});
  if (Below(6) != 0) {
    const int64_t from = 12000 + Below(2000);
    document.columns.push_back({kFrom, Below(12) == 0 ? std::numeric_limits<int64_t>::min() : from});
    document.columns.push_back({kTo, Below(12) == 0 ? std::numeric_limits<int64_t>::max() : from + Below(90)});
  }
  for (uint32_t i = Below(3); i-- > 0;) document.columns.push_back({kWeight, static_cast<int64_t>(Below(50)) - 20});
  for (uint32_t i = Below(3); i-- > 0;) {
    document.points.push_back({kPlace, 30.0 + Below(20), static_cast<double>(Below(60)) - 20});
  }
  return document;
}

QueryNode RandomQueries::TermOf(FieldMask fields) {
  const std::string word = Word();
  const bool exact = Below(5) == 0;
  return Term(exact ? word : Stem(word), fields, exact, Below(6) == 0 ? 2.5F : 1.0F);
}

QueryNode RandomQueries::Text(int depth) {
  const FieldMask fields = Below(3) == 0 ? kAllTextFields : (Below(2) == 0 ? 1U << kText : 1U << kTitle);
  const uint32_t kind = Below(depth > 2 ? 8 : 14);
  if (kind < 4) return TermOf(fields);
  if (kind == 4) {
    std::vector<std::string> words;
    for (uint32_t i = 2 + Below(2); i-- > 0;) words.push_back(Stem(Word()));
    return Phrase(std::move(words), fields);
  }
  if (kind == 5) {
    std::vector<QueryNode> parts;
    for (uint32_t i = 2 + Below(2); i-- > 0;) parts.push_back(TermOf(fields));
    if (Below(4) == 0) parts.push_back(Phrase({Stem(Word()), Stem(Word())}, fields));
    return Near(Below(6), std::move(parts), fields);
  }
  if (kind == 6) return Prefix(Word().substr(0, 2 + Below(2)), fields);
  if (kind == 7) return Fuzzy(Stem(Word()), 1 + Below(2), fields);
  if (kind == 8) return Not(Text(depth + 1));
  std::vector<QueryNode> children;
  for (uint32_t i = 2 + Below(3); i-- > 0;) children.push_back(Below(2) == 0 ? TermOf(fields) : Text(depth + 1));
  return kind < 11 ? And(std::move(children)) : Or(std::move(children));
}

QueryNode RandomQueries::Filter(int depth) {
  const uint32_t kind = Below(depth > 2 ? 7 : 11);
  const int64_t low = 12000 + Below(2000);
  switch (kind) {
    case 0:
      return Keyword(kCountry, {"C" + std::to_string(Below(9)), "C" + std::to_string(Below(12))});
    case 1:
      return KeywordPrefix(kGoodsCode, "ML" + std::to_string(Below(3)));
    case 2:
      return Below(2) == 0 ? KeywordExists(kGoodsCode) : ColumnExists(kWeight);
    case 3:
      return Range(kFrom, low, low + Below(600));
    case 4:
      return Range(kWeight, -10, static_cast<int64_t>(Below(20)));
    case 5:
      return Interval(kFrom, kTo, low, low + Below(400),
                      Below(2) == 0 ? QueryNode::Certainty::kPossibly : QueryNode::Certainty::kCertainly);
    case 6:
      return Within(kPlace, 30.2 + Below(20), static_cast<double>(Below(60)) - 20, 50.0 + Below(900));
    case 7:
      return Not(Filter(depth + 1));
    default: {
      std::vector<QueryNode> children;
      for (uint32_t i = 2 + Below(2); i-- > 0;) children.push_back(Filter(depth + 1));
      return kind < 10 ? And(std::move(children)) : Or(std::move(children));
    }
  }
}

FacetDimension RandomQueries::Dimension() {
  using Of = FacetDimension::Of;
  switch (Below(6)) {
    case 0:
      return {Of::kKeyword, kCountry};
    case 1:
      return {Of::kKeyword, kGoodsCode};
    case 2:
      return {Of::kValue, kWeight};
    default:
      return {Below(3) == 0 ? Of::kYear : (Below(2) == 0 ? Of::kMonth : Of::kDay), kFrom};
  }
}

Query RandomQueries::Question() {
  Query query;
  if (Below(6) != 0) query.text = Text(0);
  if (Below(2) == 0) query.filter = Filter(0);
  query.limit = Below(4) == 0 ? 1 + Below(40) : 10;
  query.count = Below(2) == 0 ? CountMode::kExact : CountMode::kNone;
  const uint32_t order = Below(5);
  if (order == 0) query.order = {Order::By::kColumn, kFrom, Below(2) == 0};
  if (order == 1) query.order = {Order::By::kColumn, kWeight, Below(2) == 0};
  if (order == 2) query.order = {Order::By::kNumber, 0, Below(2) == 0};
  if (Below(3) == 0) {
    query.facets.resize(1 + Below(2));
    for (FacetRequest& facet : query.facets) {
      facet.first = Dimension();
      if (Below(3) == 0) facet.second = Dimension();
    }
  }
  return query;
}

}  // namespace interdict::index::testing
