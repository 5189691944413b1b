// How alike two words of names are, and in which way.
#pragma once

#include "services/index/names/edit_distance.h"
#include "services/index/names/name_score.h"
#include "services/index/names/name_view.h"

namespace interdict::names {

struct TokenSimilarity {
  double similarity = 0;  // 0: nothing in common that counts
  PartMatch how = PartMatch::kEdit;
};

// One token prepared to be compared with many. Valid as long as what the view looks at.
struct TokenPattern {
  explicit TokenPattern(const TokenView& view) : token(view), spelling(view.spelling), skeleton(view.skeleton) {}
  TokenView token;
  EditPattern spelling;
  EditPattern skeleton;
};

// Symmetric.
TokenSimilarity Compare(const TokenPattern& pattern, const TokenView& other);

// The part of Compare that only looks at letters: for words that were joined.
double CompareSpelling(const EditPattern& pattern, std::string_view other);

// The most that CompareSpelling gives to words of these lengths.
double MostSimilar(size_t letters, size_t other_letters);

}  // namespace interdict::names
