// Which partitions of the logs a shard folds. Shard k of n owns the partitions of the incident log whose number leaves
// k when divided by n; shard 0 owns the whole intake log, so that documents are found where ingest asks for them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "storage/log/log.h"

namespace interdict::index {

// Which shard of how many.
struct ShardSlot {
  uint32_t shard = 0;
  uint32_t shards = 1;

  // `0/3`. Replicas of a shard have the same slot.
  std::string ToString() const;
  // The reverse. INVALID_ARGUMENT unless it is K/N with K < N.
  static absl::StatusOr<ShardSlot> Parse(const std::string& text);

  bool operator==(const ShardSlot&) const = default;
};

// A log and the part of it that is folded here. Implicitly made from a log: all of it.
struct Ownership {
  Ownership(log::LogIdentity log, ShardSlot owned = {}) : identity(std::move(log)), slot(owned) {}  // NOLINT

  bool Owns(const log::PartitionId& partition) const;
  // Those owned, intake first.
  std::vector<log::PartitionId> Partitions() const;

  log::LogIdentity identity;
  ShardSlot slot;
};

}  // namespace interdict::index
