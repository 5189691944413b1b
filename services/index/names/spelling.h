// Comparable forms of one word: its spelling with usual variants made one, and the skeleton of its consonants.
#pragma once

#include <string>
#include <string_view>

namespace interdict::names {

// `word`: `a`-`z` and digits. The rules are those of data/spelling.tsv.
std::string Spelling(std::string_view word);

// Consonants of a word in classes of those that scripts and ears confuse, without vowels, repetitions and a final h. A
// w that does not begin the word is a vowel: Kuwait, Aswan. Empty where there are none. Digits stay.
std::string Skeleton(std::string_view word);
// The same of what Spelling made, where a w is a v already.
std::string SkeletonOfSpelling(std::string_view spelling);

}  // namespace interdict::names
