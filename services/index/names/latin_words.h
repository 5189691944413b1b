// Any script to words of Latin letters: the first step of normalisation.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "services/index/names/normalised_name.h"

namespace interdict::names {

struct LatinWord {
  std::string letters;       // `a`-`z`, digits
  std::string sounds;        // of a vowelless word: the spelling of each letter by itself, so that none join
  bool vowelless = false;    // some of it from a script that leaves vowels out
  bool dotted = false;       // followed by a full stop: `V.`
  bool after_comma = false;  // a comma stands somewhere before it
};

struct LatinWords {
  std::vector<LatinWord> words;  // as written; at most kMaxTokens
  bool transliterated = false;
  bool truncated = false;
};

// Bad UTF-8 counts as a separator. Syllables of Han and Hangul names are joined as they are written in Latin: family
// name, given name.
LatinWords ToLatinWords(std::string_view name);

}  // namespace interdict::names
