// Random documents and questions about them, all from one seed.
#pragma once

#include <cstdint>
#include <random>
#include <string>

#include "services/index/engine/index_document.h"
#include "services/index/engine/query.h"

namespace interdict::index::testing {

inline constexpr uint16_t kTitle = 0;
inline constexpr uint16_t kText = 3;
inline constexpr uint16_t kCountry = 1;
inline constexpr uint16_t kGoodsCode = 2;
inline constexpr uint16_t kFrom = 0;
inline constexpr uint16_t kTo = 1;
inline constexpr uint16_t kWeight = 5;
inline constexpr uint16_t kPlace = 0;

IndexSchema TestSchema();

class RandomQueries {
 public:
  RandomQueries(uint64_t seed, uint32_t words) : random_(seed), words_(words) {}

  IndexDocument Document(uint64_t number);
  Query Question();
  uint32_t Below(uint32_t end) { return static_cast<uint32_t>(random_() % end); }

 private:
  std::string Word();
  std::string Stem(const std::string& word) const { return word.substr(0, word.size() - 1); }
  QueryNode TermOf(FieldMask fields);
  QueryNode Text(int depth);
  QueryNode Filter(int depth);
  FacetDimension Dimension();

  std::mt19937_64 random_;
  const uint32_t words_;
};

}  // namespace interdict::index::testing
