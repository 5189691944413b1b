// What is indexed for one number: analysed words by field, keywords, numbers, points. The caller analyses; the engine
// stores exactly this, and a second document under the same number takes the place of the first.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "services/index/engine/index_schema.h"

namespace interdict::index {

// One word. Positions of a field ascend (equal ones are synonyms); leave a gap where phrases must not cross. Terms are
// 1 to 255 bytes without 0x00; others are refused.
struct Token {
  std::string term;   // folded and stemmed: what a plain query word is compared with
  std::string exact;  // the unstemmed form; used if the field has exact forms, empty: the same as `term`
  uint32_t position = 0;
};

struct TextValue {
  uint16_t field = 0;
  std::vector<Token> tokens;
  uint32_t length = 0;  // BM25's document length; 0: the number of tokens
};

struct KeywordValue {
  uint16_t field = 0;
  std::string value;
};

struct ColumnValue {
  uint16_t column = 0;
  int64_t value = 0;
};

struct GeoPoint {
  uint16_t field = 0;
  double latitude = 0;  // degrees; stored to about 1 cm
  double longitude = 0;
};

// At most kMaxTokens tokens in all: the cost of indexing a document, and of indexing it again when one more report
// joins it, is linear in its tokens, so this bounds it. The caller decides what to leave out of a larger one.
inline constexpr size_t kMaxTokens = 1 << 18;
inline constexpr size_t kMaxPosition = 1 << 24;

struct IndexDocument {
  Collection collection = Collection::kIncidents;
  uint64_t number = 0;                 // 1 to 2^32 - 1
  std::vector<TextValue> texts;        // at most one a field
  std::vector<KeywordValue> keywords;  // repeated values count once
  std::vector<ColumnValue> columns;    // several of one column: kept in this order
  std::vector<GeoPoint> points;
};

}  // namespace interdict::index
