// Which parts of speech a word can have, for tens of thousands of words: what the tagger knows of words that its
// training texts do not hold.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"

namespace interdict::pipeline {

// Immutable and thread-safe. A word is known by a 32-bit hash of its folded form, so that about one unknown word in
// forty thousand is taken for a known one.
class Lexicon {
 public:
  // Reads what Serialize wrote; DATA_LOSS for damaged bytes.
  static absl::StatusOr<Lexicon> Parse(std::string_view bytes);

  // `words`: hash and class (1 to 255) of each.
  static std::string Serialize(std::vector<std::pair<uint32_t, uint8_t>> words);

  // The class of a word: words of one class can have the same parts of speech; 0 where it is unknown.
  uint8_t Find(uint32_t hash) const {
    for (uint32_t at = hash & mask_;; at = (at + 1) & mask_) {
      if (classes_[at] == 0 || hashes_[at] == hash) return classes_[at];
    }
  }

 private:
  std::vector<uint32_t> hashes_ = {0};
  std::vector<uint8_t> classes_ = {0};
  uint32_t mask_ = 0;
};

}  // namespace interdict::pipeline
