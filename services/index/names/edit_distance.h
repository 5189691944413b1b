// Edit distance of short words: insertions, deletions, substitutions and swaps of neighbours, each of cost 1 (optimal
// string alignment), 64 letters at a time in the bits of one word.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace interdict::names {

inline constexpr size_t kMaxPatternLetters = 64;

// A word prepared to be compared with many. `a`-`z` and digits count, all else is one letter.
class EditPattern {
 public:
  // Of a longer word only the first kMaxPatternLetters count.
  explicit EditPattern(std::string_view word);
  int Distance(std::string_view other) const;
  int letters() const { return letters_; }

 private:
  std::array<uint64_t, 37> places_{};  // of each letter, as bits
  int letters_;
};

// 1 for equal words, 0 for nothing in common: 1 - distance / length of the longer.
double EditSimilarity(const EditPattern& pattern, std::string_view other);

}  // namespace interdict::names
