// Words as keys of 32 bits, for comparing names and rare words without keeping them; and how much a word tells.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/container/flat_hash_map.h"

namespace interdict::index::match {

// Key of a folded word (engine/analyzer.h): the upper half a hash of its skeleton, the lower half of the word itself.
// Never 0.
uint32_t WordKey(std::string_view folded);

// What spellings of one name in Latin letters have in common: the consonants, like sounds as one letter. `muhammad`
// and `mohamed` are `mmd`. Words with fewer than two consonants left, with digits or in other letters stay whole.
std::string Skeleton(std::string_view folded);

inline bool SoundAlike(uint32_t a, uint32_t b) { return (a ^ b) >> 16 == 0; }

// How much it tells that two reports share a word, from 0 (nothing: titles, company forms) to 1 (a word that texts do
// not use otherwise). Immutable, thread-safe.
class WordWeights {
 public:
  // Of word_weights.tsv.
  static const WordWeights& BuiltIn();

  // Rows `word \t weight`; lines that start with # are left out. Rows without a weight count as 0.
  explicit WordWeights(std::string_view tsv);

  float Of(uint32_t word_key) const {
    const auto found = weights_.find(word_key);
    return found == weights_.end() ? 1.0F : found->second;
  }

 private:
  absl::flat_hash_map<uint32_t, float> weights_;
};

}  // namespace interdict::index::match
