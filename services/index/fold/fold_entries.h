// One step of the fold: some entries of a partition into one write batch with the position in it. Used by the shard as
// it follows the log, and by a rebuild.
#pragma once

#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "services/index/fold/indexed_store.h"
#include "storage/log/log.h"
#include "storage/records/store.h"

namespace interdict::index {

struct FoldStep {
  uint64_t folded = 0;   // position of the partition after the step
  uint64_t entries = 0;  // folded in it, erased and skipped ones included
  bool erases = false;   // text was deleted: PurgeErased must follow before the position is told to anybody
  absl::Status stop;     // why the next entry cannot be folded; OK while the partition moves
};

// Folds entries above `after` and at most `up_to` that the log (`identity` is its own) has, as many as fit into one
// batch, and commits them.
// Errors: of the log and of the store; nothing is folded then. One caller at a time for a store.
absl::StatusOr<FoldStep> FoldEntries(log::LogReader* log, const log::LogIdentity& identity, log::PartitionId partition,
                                     uint64_t after, uint64_t up_to, IndexedStore* store);

// Whether deleted text may still be in the files: a step was cut off between its batch and the purge.
absl::StatusOr<bool> PurgeIsPending(const records::Store& store);

// Purges the files, those of the index too, of what was deleted and records that it is done. No snapshot from before
// the deletion may be alive.
absl::Status PurgeErased(IndexedStore* store);

}  // namespace interdict::index
