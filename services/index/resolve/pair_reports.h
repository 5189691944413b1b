// Which report of a newer extraction takes the place of which older one: those whose evidence overlaps most.
#pragma once

#include <cstddef>
#include <vector>

#include "interdict/internal/v1/stored.pb.h"
#include "interdict/v1/incident.pb.h"

namespace interdict::index {

struct ReportPair {
  size_t newer = 0;    // index
  size_t older = 0;    // index
  double overlap = 0;  // above 0, at most 1
};

// Pairs greedily, the largest overlap first, ties by the order of the newer and the id of the older. Taking a finished
// pair out of the input leaves the other pairs as they are, so that a decision can be redone when half of it is
// written.
std::vector<ReportPair> PairReports(const std::vector<const v1::Report*>& newer,
                                    const std::vector<internal::v1::ResolvedReport>& older);

}  // namespace interdict::index
