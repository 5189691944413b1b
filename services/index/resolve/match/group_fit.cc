#include "services/index/resolve/match/group_fit.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace interdict::index::match {

GroupFit FitGroup(const std::vector<PairFeatures>& pairs, const PairModel& model) {
  GroupFit fit;
  std::vector<double> log_odds;
  for (const PairFeatures& pair : pairs) log_odds.push_back(model.LogOdds(pair));
  fit.nearest = static_cast<size_t>(std::max_element(log_odds.begin(), log_odds.end()) - log_odds.begin());
  PairFeatures mean{};
  double raised = 0;
  for (size_t i = 0; i < pairs.size(); ++i) {
    const double share = 0.5 / static_cast<double>(pairs.size()) + (i == fit.nearest ? 0.5 : 0);
    fit.log_odds += share * std::max(kLeastLogOdds, log_odds[i]);
    raised += share * (std::max(kLeastLogOdds, log_odds[i]) - log_odds[i]);
    for (size_t f = 0; f < kPairFeatures; ++f) mean[f] += static_cast<float>(share) * pairs[i][f];
  }
  fit.contributions = model.Contributions(mean);
  if (raised > 0) fit.contributions.push_back({"least_log_odds", 1, raised});
  std::stable_sort(
      fit.contributions.begin(), fit.contributions.end(),
      [](const Contribution& a, const Contribution& b) { return std::abs(a.log_odds) > std::abs(b.log_odds); });
  return fit;
}

}  // namespace interdict::index::match
