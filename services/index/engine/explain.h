// Plans and scores as text that a person can read.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "services/index/engine/plan.h"
#include "services/index/engine/query.h"
#include "services/index/engine/segment_query.h"

namespace interdict::index {

// One operator a line, indented by depth. `ways`: how the segments were run.
std::string PrintPlan(const CollectionView& view, const Plan& plan, const Query& query,
                      const std::vector<std::string>& ways);

// One line a word that the hit has, with what it adds to the score.
absl::StatusOr<std::string> ExplainHit(const CollectionView& view, const Plan& plan, const Weights& weights,
                                       const Hit& hit, const NormsOf& norms);

}  // namespace interdict::index
