#include "services/index/fold/ownership.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace interdict::index {

std::string ShardSlot::ToString() const { return absl::StrCat(shard, "/", shards); }

absl::StatusOr<ShardSlot> ShardSlot::Parse(const std::string& text) {
  const std::vector<std::string> parts = absl::StrSplit(text, '/');
  ShardSlot slot;
  if (parts.size() != 2 || !absl::SimpleAtoi(parts[0], &slot.shard) || !absl::SimpleAtoi(parts[1], &slot.shards) ||
      slot.shard >= slot.shards) {
    return absl::InvalidArgumentError(
        absl::StrCat("shard `", text, "` must be K/N, K from 0 to N - 1: `0/3` is the first of three"));
  }
  return slot;
}

bool Ownership::Owns(const log::PartitionId& partition) const {
  if (partition.log == log::LogName::kIntake) return slot.shard == 0;
  return partition.number % slot.shards == slot.shard;
}

std::vector<log::PartitionId> Ownership::Partitions() const {
  std::vector<log::PartitionId> owned;
  for (const log::PartitionId& partition : identity.Partitions()) {
    if (Owns(partition)) owned.push_back(partition);
  }
  return owned;
}

}  // namespace interdict::index
