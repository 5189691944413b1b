// Fourth stage: sentences and tokens of the main text, with byte offsets. Everything after it works on these.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "services/ingest/pipeline/page/page.h"

namespace interdict::pipeline {

// A word, number or punctuation mark. `folded` is lower case without diacritics (fold.h), for look-up. What stays one
// token: hyphenated words and model names ("T-54", "second-hand"), contractions ("don't", "gov't"), numbers with
// separators and suffix ("1,200", "7.62", "2.6m", "21:50"), dotted acronyms ("U.S.") and abbreviations or initials with
// their full stop ("Lt.", "J."). The stop of an abbreviation or initial is inside the span but not in `folded` ("Ltd."
// → "ltd"); dotted acronyms keep theirs ("u.s."). Possessive "'s" is a token of its own ("'s"), so is each mark and
// currency sign; runs of '.' and '-' are one token.
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

// Cuts a phrase by the same rules, for look-up tables: a phrase matches a text where their `folded` sequences do. Takes
// valid UTF-8.
std::vector<Token> TokenizePhrase(std::string_view phrase);

// Cuts the page's text. A sentence never crosses a block; every token lies in exactly one sentence. Deterministic;
// linear in its length.
TokenizedText Tokenize(const Page& page);

}  // namespace interdict::pipeline
