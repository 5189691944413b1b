// How well a report fits the whole of a group, from how well it fits each report that stands for it.
#pragma once

#include <cstddef>
#include <vector>

#include "services/index/resolve/match/pair_model.h"

namespace interdict::index::match {

struct GroupFit {
  double log_odds = 0;
  size_t nearest = 0;                       // index of the pair with the highest log odds
  std::vector<Contribution> contributions;  // sum to log_odds, the largest first whatever their sign
};

// Half the weight has the pair that fits best, half the mean of all: one lookalike in a group of strangers does not
// carry it, and a report that tells little of what the others tell does not break it. A single pair counts for no less
// than kLeastLogOdds. `pairs` is not empty.
inline constexpr double kLeastLogOdds = -6;
GroupFit FitGroup(const std::vector<PairFeatures>& pairs, const PairModel& model);

}  // namespace interdict::index::match
