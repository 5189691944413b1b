#include "services/index/fold/progress.h"

namespace interdict::index {

bool HasReached(const Progress& progress, const log::LogIdentity& identity, const log::Positions& wanted) {
  for (const auto& [partition, sequence] : wanted) {
    if (sequence == 0) continue;
    const auto folded = progress.folded.find(partition);
    if (folded == progress.folded.end() || folded->second < sequence) return false;
    if (partition.log != log::LogName::kIntake) continue;
    if (DecidedEverywhere(progress.watermarks, identity, partition) < sequence) return false;
  }
  return true;
}

}  // namespace interdict::index
