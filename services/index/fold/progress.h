// How far a shard is, and what "as far as a position" means.
#pragma once

#include <map>
#include <string>

#include "services/index/fold/meta.h"
#include "storage/log/log.h"
#include "storage/log/position.h"

namespace interdict::index {

struct Progress {
  log::Positions folded;
  // By partition of the incident log: up to where the resolver had decided when it wrote what is folded.
  Watermarks watermarks;
  // Why a partition stands still; only those that do.
  std::map<log::PartitionId, std::string> stopped;
};

// Whether all is folded here that the positions ask for: an intake position asks for its entry in the intake fold, and
// for the resolver's decisions on it in the fold of every incident partition. What other shards own is theirs to reach.
bool HasReached(const Progress& progress, const Ownership& owned, const log::Positions& wanted);

}  // namespace interdict::index
