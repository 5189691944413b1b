// What the taggers and the parser see of a word: hashes of its form, affixes and shape, and its class in the lexicon.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "services/ingest/pipeline/syntax/lexicon.h"
#include "services/ingest/pipeline/tokens/tokens.h"

namespace interdict::pipeline {

// A word by its hashes; all zero outside the sentence.
struct Word {
  uint32_t form = 0;  // folded, digits as 0
  uint32_t shape = 0;
  uint32_t prefix2 = 0;
  uint32_t prefix3 = 0;
  uint32_t suffix1 = 0;
  uint32_t suffix2 = 0;
  uint32_t suffix3 = 0;
  uint32_t suffix4 = 0;
  uint32_t lexical_class = 0;
  bool capitalised = false;
};

// The words of one sentence, with empty words beyond both ends.
class Words {
 public:
  // Describes tokens [first, end) of `text`. Linear in its bytes.
  static Words Of(std::string_view text, const std::vector<Token>& tokens, uint32_t first, uint32_t end,
                  const Lexicon& lexicon);

  uint32_t size() const { return static_cast<uint32_t>(words_.size()) - 2 * kPadding; }
  // Any position from -kPadding to size() + kPadding - 1.
  const Word& operator[](int64_t i) const { return words_[static_cast<size_t>(i + kPadding)]; }

  static constexpr uint32_t kPadding = 3;

 private:
  std::vector<Word> words_;
};

// The hash under which the lexicon and the models know a folded word.
uint32_t FormHash(std::string_view folded);

}  // namespace interdict::pipeline
