#include "services/index/names/token_similarity.h"

#include <algorithm>

namespace interdict::names {
namespace {

constexpr double kEquivalent = 0.96;
constexpr double kSameSpelling = 0.97;
constexpr double kSameSound = 0.86;       // the same consonants, other vowels
constexpr double kSameConsonants = 0.92;  // where one side leaves its vowels out
constexpr double kInitialFits = 0.75;
constexpr double kLeastEdit = 0.5;  // less in common is chance

TokenSimilarity CompareSkeletons(const TokenPattern& pattern, const TokenView& other) {
  const size_t shorter = std::min(pattern.token.skeleton.size(), other.skeleton.size());
  if (pattern.token.skeleton == other.skeleton && shorter > 0) {
    return {shorter > 1 ? kSameConsonants : 0.6, PartMatch::kTransliteration};
  }
  if (shorter < 3) return {};
  const double edit = EditSimilarity(pattern.skeleton, other.skeleton);
  if (edit < 0.6) return {};
  return {edit * 0.88, PartMatch::kTransliteration};
}

bool IsInitialOf(const TokenView& initial, const TokenView& word) {
  if (initial.text.size() != 1 || word.text.size() < 2) return false;
  return initial.text[0] == word.text[0] || (!word.spelling.empty() && initial.text[0] == word.spelling[0]);
}

}  // namespace

double MostSimilar(size_t letters, size_t other_letters) {
  const size_t longer = std::max(letters, other_letters);
  if (longer == 0) return 0;
  return static_cast<double>(std::min(letters, other_letters)) / static_cast<double>(longer);
}

double CompareSpelling(const EditPattern& pattern, std::string_view other) {
  const int shorter = std::min(pattern.letters(), static_cast<int>(other.size()));
  const int longer = std::max(pattern.letters(), static_cast<int>(other.size()));
  if (shorter * 2 < longer || shorter == 0) return 0;
  const double similarity = EditSimilarity(pattern, other);
  return similarity < kLeastEdit ? 0 : similarity;
}

TokenSimilarity Compare(const TokenPattern& pattern, const TokenView& other) {
  const TokenView& token = pattern.token;
  if (token.text == other.text) return {1, PartMatch::kExact};
  if (token.spelling == other.spelling) return {kSameSpelling, PartMatch::kTransliteration};
  if (!token.meaning.empty() && token.meaning == other.meaning) return {kEquivalent, PartMatch::kEquivalent};
  if (IsInitialOf(token, other) || IsInitialOf(other, token)) return {kInitialFits, PartMatch::kInitial};
  const double edit = CompareSpelling(pattern.spelling, other.spelling);
  TokenSimilarity best = {edit, PartMatch::kEdit};
  if (token.vowelless || other.vowelless) {
    const TokenSimilarity consonants = CompareSkeletons(pattern, other);
    if (consonants.similarity > best.similarity) best = consonants;
  } else if (edit > 0 && edit < kSameSound && token.skeleton.size() >= 2 && token.skeleton == other.skeleton) {
    best = {kSameSound, PartMatch::kTransliteration};
  }
  return best;
}

}  // namespace interdict::names
