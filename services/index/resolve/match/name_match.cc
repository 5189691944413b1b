#include "services/index/resolve/match/name_match.h"

#include <algorithm>
#include <array>

#include "services/index/resolve/match/features.h"
#include "services/index/resolve/match/word_keys.h"

namespace interdict::index::match {
namespace {

using internal::v1::FeatureName;
using internal::v1::FeatureParty;
using internal::v1::ReportFeatures;

constexpr float kSoundAlike = 0.8F;
constexpr float kLeastCoverage = 0.7F;

// What so many words in common are worth.
float Strength(float matched) {
  if (matched >= 3) return 1;
  if (matched >= 2) return 0.85F + 0.15F * (matched - 2);
  if (matched >= 1) return 0.5F + 0.35F * (matched - 1);
  return 0.5F * matched;
}

float RarityOf(const FeatureParty& party, const Rarity& rarity) {
  if (rarity.empty()) return 1;
  float rarest = 0;
  for (const FeatureName& name : party.names()) {
    const auto found = rarity.find(NameKey(name).hash);
    rarest = std::max(rarest, found == rarity.end() ? 1.0F : found->second);
  }
  return rarest;
}

float MatchParty(const FeatureParty& a, const FeatureParty& b) {
  float best = 0;
  for (const FeatureName& name : a.names()) {
    for (const FeatureName& other : b.names()) best = std::max(best, MatchNames(name, other));
  }
  return best;
}

}  // namespace

float MatchNames(const FeatureName& a, const FeatureName& b) {
  const WordWeights& weights = WordWeights::BuiltIn();
  const FeatureName& shorter = a.words_size() <= b.words_size() ? a : b;
  const FeatureName& longer = a.words_size() <= b.words_size() ? b : a;
  std::array<bool, kMaxNameWords> used{};
  float matched = 0;
  float total_shorter = 0;
  float total_longer = 0;
  const int width = std::min(longer.words_size(), kMaxNameWords);
  for (int j = 0; j < width; ++j) total_longer += weights.Of(longer.words(j));
  for (const uint32_t word : shorter.words()) {
    const float weight = weights.Of(word);
    total_shorter += weight;
    int found = -1;
    for (int j = 0; j < width; ++j) {
      if (used[j] || !SoundAlike(word, longer.words(j))) continue;
      if (found < 0 || longer.words(j) == word) found = j;
    }
    if (found < 0) continue;
    used[found] = true;
    const float both = std::min(weight, weights.Of(longer.words(found)));
    matched += word == longer.words(found) ? both : kSoundAlike * both;
  }
  const float least = std::min(total_shorter, total_longer);
  if (least <= 0 || matched < kLeastCoverage * least) return 0;
  return Strength(matched);
}

NameMatches MatchParties(const ReportFeatures& a, const ReportFeatures& b, const Rarity& rarity, PartyFilter filter) {
  struct Match {
    float score;
    int a;
    int b;
  };
  std::array<Match, kMaxParties * kMaxParties> matches;
  size_t count = 0;
  for (int i = 0; i < a.parties_size() && i < kMaxParties; ++i) {
    if (!a.parties(i).named() || !filter(a.parties(i))) continue;
    for (int j = 0; j < b.parties_size() && j < kMaxParties; ++j) {
      if (!b.parties(j).named() || !filter(b.parties(j))) continue;
      const float score = MatchParty(a.parties(i), b.parties(j));
      if (score > 0) matches[count++] = {score * RarityOf(a.parties(i), rarity), i, j};
    }
  }
  NameMatches result;
  const auto better = [](const Match& x, const Match& y) { return x.score < y.score; };
  const auto best = std::max_element(matches.begin(), matches.begin() + count, better);
  if (best == matches.begin() + count) return result;
  result.best = best->score;
  for (size_t k = 0; k < count; ++k) {
    if (matches[k].a != best->a && matches[k].b != best->b) result.second = std::max(result.second, matches[k].score);
  }
  return result;
}

}  // namespace interdict::index::match
