// The pair model: logistic regression over the named numbers of pair_features.h. Weights and thresholds are data,
// fitted by scripts/fit-resolution.
#pragma once

#include <array>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "services/index/resolve/match/pair_features.h"

namespace interdict::index::match {

// What a feature adds to the log odds that two reports tell of one incident.
struct Contribution {
  std::string_view feature;
  double value = 0;     // mean over the pairs compared
  double log_odds = 0;  // value × weight
};

// Immutable, thread-safe.
class PairModel {
 public:
  // Of model.tsv.
  static const PairModel& BuiltIn();

  // Rows `name \t number`: a weight for each pair feature, `bias`, `join` and `suggest` (probabilities). Lines that
  // start with # are left out. INVALID_ARGUMENT: a row that is none of these, one that is missing, or thresholds that
  // are not 0 < suggest <= join < 1.
  static absl::StatusOr<PairModel> Parse(std::string_view tsv);

  double LogOdds(const PairFeatures& features) const;

  // Those that are not 0, the largest first whatever their sign, the bias among them.
  std::vector<Contribution> Contributions(const PairFeatures& features) const;

  // A report joins a group from this probability on; below, from `suggest` on, the pair is shown to an analyst.
  double join() const { return join_; }
  double suggest() const { return suggest_; }

 private:
  PairModel() = default;

  std::array<double, kPairFeatures> weights_{};
  double bias_ = 0;
  double join_ = 0;
  double suggest_ = 0;
};

// 0 to 1.
double Probability(double log_odds);

}  // namespace interdict::index::match
