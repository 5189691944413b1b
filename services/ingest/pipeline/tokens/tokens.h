// Fourth stage: sentences and tokens of the main text, with byte offsets. Everything after it works on these.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "services/ingest/pipeline/page/page.h"

namespace interdict::pipeline {

// A word, number or punctuation mark. `folded` is lower case without diacritics, for look-up.
struct Token {
  uint32_t begin = 0;  // byte offsets into Page::text
  uint32_t end = 0;
  std::string folded;
  bool is_word = false;         // holds a letter
  bool is_number = false;       // starts with a digit
  bool is_capitalised = false;  // first letter is upper case
  bool is_all_caps = false;     // two letters or more, all upper case
};

// A sentence: a run of tokens inside one block.
struct Sentence {
  uint32_t begin = 0;  // byte offsets into Page::text
  uint32_t end = 0;
  uint32_t first_token = 0;
  uint32_t end_token = 0;  // one past the last
  uint32_t block = 0;      // index into Page::blocks
};

// The main text, cut up. Refers to no other object; indexes are stable.
struct TokenizedText {
  std::vector<Token> tokens;
  std::vector<Sentence> sentences;
};

// Cuts the page's text. Deterministic; linear in its length.
TokenizedText Tokenize(const Page& page);

}  // namespace interdict::pipeline
