// Short names made of beginnings of words: KOMID for Korea Mining Development Trading Corporation.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "services/index/names/name_view.h"

namespace interdict::names {

inline constexpr size_t kMinAcronymLetters = 3;
inline constexpr size_t kMaxAcronymLetters = 8;

// Whether `word` may be an acronym by its length and letters.
bool MayBeAcronym(const TokenView& word);

// Whether `word` is made of one to three first letters of each of at least two thirds of the words, from the first on
// and in order; particles and company forms may be left out. `words` needs at least three that count.
bool IsAcronymOf(std::string_view word, const NameView& words);

// Acronyms that the words may have, for keys of the index: at most 24.
std::vector<std::string> LikelyAcronyms(const NameView& words);

}  // namespace interdict::names
