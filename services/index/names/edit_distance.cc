#include "services/index/names/edit_distance.h"

#include <algorithm>

namespace interdict::names {
namespace {

size_t IndexOf(char c) {
  if (c >= 'a' && c <= 'z') return static_cast<size_t>(c - 'a');
  if (c >= '0' && c <= '9') return static_cast<size_t>(c - '0') + 26;
  return 36;
}

}  // namespace

EditPattern::EditPattern(std::string_view word)
    : letters_(static_cast<int>(std::min(word.size(), kMaxPatternLetters))) {
  for (int i = 0; i < letters_; ++i) places_[IndexOf(word[static_cast<size_t>(i)])] |= uint64_t{1} << i;
}

// Hyyrö's bit-parallel algorithm: columns of the table as differences between neighbours.
int EditPattern::Distance(std::string_view other) const {
  if (letters_ == 0) return static_cast<int>(other.size());
  uint64_t up = ~uint64_t{0};
  uint64_t down = 0;
  uint64_t diagonal = 0;
  uint64_t places_before = 0;
  const uint64_t last = uint64_t{1} << (letters_ - 1);
  int distance = letters_;
  for (const char c : other) {
    const uint64_t places = places_[IndexOf(c)];
    const uint64_t swapped = ((~diagonal & places) << 1) & places_before;
    diagonal = (((places & up) + up) ^ up) | places | down | swapped;
    uint64_t right = down | ~(diagonal | up);
    uint64_t left = diagonal & up;
    distance += (right & last) != 0 ? 1 : 0;
    distance -= (left & last) != 0 ? 1 : 0;
    right = (right << 1) | 1;
    left <<= 1;
    up = left | ~(diagonal | right);
    down = right & diagonal;
    places_before = places;
  }
  return distance;
}

double EditSimilarity(const EditPattern& pattern, std::string_view other) {
  const auto longer = std::max(pattern.letters(), static_cast<int>(other.size()));
  if (longer == 0) return 1;
  return 1 - static_cast<double>(pattern.Distance(other)) / longer;
}

}  // namespace interdict::names
