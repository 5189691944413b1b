#include "services/index/names/acronym.h"

#include <algorithm>
#include <set>

namespace interdict::names {
namespace {

constexpr size_t kMaxLikely = 24;

// Words whose first letters an acronym may take; `and`, `of` and the like are particles or forms.
std::vector<std::string_view> CountingWords(const NameView& words) {
  std::vector<std::string_view> counting;
  for (const TokenView& word : words) {
    const bool filler = word.role == TokenRole::kParticle || word.role == TokenRole::kHonorific || word.text == "of" ||
                        word.text == "for" || word.text == "the" || word.text == "and" || word.text == "on";
    if (!filler && !word.text.empty()) counting.push_back(word.text);
  }
  return counting;
}

// Whether `word` is spelt by first letters of words[at…], of which at least `least` are used.
bool Spells(std::string_view word, const std::vector<std::string_view>& words, size_t at, size_t used, size_t least) {
  if (word.empty()) return used >= least;
  if (at == words.size()) return false;
  size_t take = 0;
  while (take < 3 && take < word.size() && take < words[at].size() && word[take] == words[at][take]) {
    ++take;
    if (Spells(word.substr(take), words, at + 1, used + 1, least)) return true;
  }
  return at > 0 && Spells(word, words, at + 1, used, least);
}

}  // namespace

bool MayBeAcronym(const TokenView& word) {
  if (word.text.size() < kMinAcronymLetters || word.text.size() > kMaxAcronymLetters) return false;
  return std::all_of(word.text.begin(), word.text.end(), [](char c) { return c >= 'a' && c <= 'z'; });
}

bool IsAcronymOf(std::string_view word, const NameView& words) {
  if (word.size() < kMinAcronymLetters || word.size() > kMaxAcronymLetters) return false;
  std::vector<std::string_view> counting = CountingWords(words);
  if (counting.size() < 3) return false;
  if (counting.size() > 10) counting.resize(10);
  const size_t least = counting.size() <= 3 ? counting.size() : (counting.size() * 3 + 4) / 5;
  return Spells(word, counting, 0, 0, std::max<size_t>(least, 3));
}

std::vector<std::string> LikelyAcronyms(const NameView& words) {
  const std::vector<std::string_view> counting = CountingWords(words);
  std::set<std::string> likely;
  if (counting.size() < 3) return {};
  for (size_t end = std::min<size_t>(counting.size(), kMaxAcronymLetters); end >= 3; --end) {
    for (size_t first = 1; first <= 3; ++first) {
      for (size_t second = 1; second <= 2; ++second) {
        std::string acronym(counting[0].substr(0, first));
        acronym.append(counting[1].substr(0, second));
        for (size_t i = 2; i < end; ++i) acronym.push_back(counting[i][0]);
        if (acronym.size() <= kMaxAcronymLetters && likely.size() < kMaxLikely) likely.insert(acronym);
      }
    }
  }
  return {likely.begin(), likely.end()};
}

}  // namespace interdict::names
