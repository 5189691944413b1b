// Cuts text into the words that are indexed and searched: lower case, without diacritics, split at what is neither
// letter nor digit. The same for texts and queries.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace interdict::index {

// Longer words are cut here, in texts and queries alike, at a character.
inline constexpr size_t kMaxTermBytes = 64;

// The words in order, repeated as often as they occur. Han ideographs and kana are words of one character, since these
// scripts put no spaces. Bytes that are not UTF-8 separate words. `max_terms`: stop after so many.
std::vector<std::string> Analyze(std::string_view text, size_t max_terms = SIZE_MAX);

}  // namespace interdict::index
