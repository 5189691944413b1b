// One name prepared to be scored against many: what ScoreNames is made of.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "services/index/names/name_score.h"
#include "services/index/names/name_view.h"
#include "services/index/names/token_similarity.h"

namespace interdict::names {

class TokenAlignment;

// Looks at the name it was made of, which must outlive it. Score is const and thread-safe.
class NameScorer {
 public:
  NameScorer(const NormalisedName& query, const Rarity& rarity);
  NameScore Score(const NameView& candidate, bool explain) const;

 private:
  // A run of two or three neighbouring tokens written as one.
  struct Joined {
    size_t begin = 0;
    size_t count = 0;
    EditPattern pattern;
  };

  void Compare(const NameView& candidate, TokenAlignment& alignment) const;
  void TryJoins(const NameView& candidate, TokenAlignment& alignment) const;
  // 0 where it cannot be worth more than `worth`.
  double WholeSimilarity(const NameView& candidate, double worth) const;

  NameView query_;
  double left_rarity_;
  std::vector<double> rarity_;
  std::vector<TokenPattern> patterns_;
  std::vector<Joined> joined_;
  std::string all_;  // spellings of all tokens but company forms
  EditPattern all_pattern_;
};

}  // namespace interdict::names
