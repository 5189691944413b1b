#include "services/index/fold/progress.h"

namespace interdict::index {

bool HasReached(const Progress& progress, const Ownership& owned, const log::Positions& wanted) {
  for (const auto& [partition, sequence] : wanted) {
    if (sequence == 0) continue;
    const bool exists =
        partition.number < (partition.log == log::LogName::kIntake ? owned.identity.intake_partitions
                                                                   : owned.identity.incident_partitions);
    if (!exists) return false;
    if (owned.Owns(partition)) {
      const auto folded = progress.folded.find(partition);
      if (folded == progress.folded.end() || folded->second < sequence) return false;
    }
    if (partition.log != log::LogName::kIntake) continue;
    if (DecidedEverywhere(progress.watermarks, owned, partition) < sequence) return false;
  }
  return true;
}

}  // namespace interdict::index
