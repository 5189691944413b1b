#include "services/index/fold/meta.h"

#include <algorithm>
#include <memory>
#include <optional>

#include "absl/strings/str_cat.h"
#include "storage/records/keys.h"

namespace interdict::index {
namespace {

namespace family = records::family;

uint64_t FromBigEndian(std::string_view bytes) {
  uint64_t number = 0;
  for (const char byte : bytes) number = number << 8 | static_cast<unsigned char>(byte);
  return number;
}

absl::Status CheckNotAhead(const records::Reader& reader, log::LogReader* log, const Ownership& owned,
                           const std::string& what) {
  auto positions = ReadPositions(reader, owned);
  if (!positions.ok()) return positions.status();
  for (const auto& [partition, folded] : *positions) {
    auto last = log->Last(partition);
    if (!last.ok()) return last.status();
    if (folded <= *last) continue;
    return absl::FailedPreconditionError(
        absl::StrCat(what, " has folded ", log::ToString(partition), " up to ", folded, ", but the log ends at ", *last,
                     ": the log was replaced by an older one. Restore the newer log, or delete ", what,
                     " to have it made anew from this one"));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<uint64_t> GetNumber(const records::Reader& reader, std::string_view key) {
  auto value = reader.Get(family::kMeta, key);
  if (!value.ok()) return value.status();
  if (!value->has_value()) return 0;
  if ((*value)->size() != sizeof(uint64_t))
    return absl::DataLossError(absl::StrCat("record ", std::string(key), " is not a number"));
  return FromBigEndian(**value);
}

void PutNumber(records::Batch* batch, std::string_view key, uint64_t number) {
  batch->Put(family::kMeta, key, records::BigEndian64(number));
}

absl::StatusOr<uint64_t> TakeNumber(const records::Reader& reader, records::Batch* batch, std::string_view next_key,
                                    std::string_view count_key, uint64_t number) {
  auto next = GetNumber(reader, next_key);
  if (!next.ok()) return next.status();
  if (*next != 0) {
    PutNumber(batch, next_key, *next + 1);
    return *next;
  }
  auto count = GetNumber(reader, count_key);
  if (!count.ok()) return count.status();
  PutNumber(batch, count_key, *count + 1);
  return number;
}

absl::StatusOr<uint64_t> CountTaken(const records::Reader& reader, std::string_view next_key,
                                    std::string_view count_key) {
  auto next = GetNumber(reader, next_key);
  if (!next.ok()) return next.status();
  if (*next != 0) return *next - 1;
  return GetNumber(reader, count_key);
}

absl::StatusOr<log::Positions> ReadPositions(const records::Reader& reader, const Ownership& owned) {
  log::Positions positions;
  for (const log::PartitionId& partition : owned.Partitions()) {
    auto number = GetNumber(reader, records::PositionMetaKey(partition));
    if (!number.ok()) return number.status();
    positions[partition] = *number;
  }
  return positions;
}

absl::StatusOr<Watermarks> ReadWatermarks(const records::Reader& reader, const Ownership& owned) {
  Watermarks watermarks;
  for (const log::PartitionId& incidents : owned.Partitions()) {
    if (incidents.log != log::LogName::kIncidents) continue;
    for (uint32_t q = 0; q < owned.identity.intake_partitions; ++q) {
      const log::PartitionId intake = {log::LogName::kIntake, q};
      auto number = GetNumber(reader, records::WatermarkMetaKey(incidents, intake));
      if (!number.ok()) return number.status();
      watermarks[incidents][intake] = *number;
    }
  }
  return watermarks;
}

uint64_t DecidedEverywhere(const Watermarks& watermarks, const Ownership& owned, log::PartitionId intake) {
  uint64_t decided = UINT64_MAX;
  for (const log::PartitionId& incidents : owned.Partitions()) {
    if (incidents.log != log::LogName::kIncidents) continue;
    uint64_t here = 0;
    const auto partition = watermarks.find(incidents);
    if (partition != watermarks.end()) {
      const auto found = partition->second.find(intake);
      if (found != partition->second.end()) here = found->second;
    }
    decided = std::min(decided, here);
  }
  return decided;
}

void PutBinding(records::Batch* batch, const Ownership& owned) {
  batch->Put(family::kMeta, kLogIdKey, owned.identity.log_id);
  if (owned.slot.shards > 1) batch->Put(family::kMeta, kShardSlotKey, owned.slot.ToString());
}

absl::Status BindToLog(records::Store* store, log::LogReader* log, const Ownership& owned, const std::string& what) {
  const log::LogIdentity& identity = owned.identity;
  const std::shared_ptr<const records::Reader> reader = store->Snapshot();
  auto log_id = reader->Get(family::kMeta, kLogIdKey);
  if (!log_id.ok()) return log_id.status();
  auto slot = reader->Get(family::kMeta, kShardSlotKey);
  if (!slot.ok()) return slot.status();
  if (!log_id->has_value()) {
    records::Batch batch;
    PutBinding(&batch, owned);
    return store->Commit(batch, /*durable=*/true);
  }
  if (**log_id != identity.log_id) {
    return absl::FailedPreconditionError(absl::StrCat(
        what, " was made from log ", **log_id, ", but the log here is ", identity.log_id,
        ": start with the log that it belongs to, or delete ", what, " to have it made anew from this log"));
  }
  const std::string made_for = slot->value_or(ShardSlot().ToString());
  if (made_for != owned.slot.ToString()) {
    return absl::FailedPreconditionError(absl::StrCat(what, " is of shard ", made_for, ", but this is shard ",
                                                      owned.slot.ToString(), ": start with --shard ", made_for,
                                                      ", or delete ", what, " to have it made anew for this shard"));
  }
  return CheckNotAhead(*reader, log, owned, what);
}

}  // namespace interdict::index
