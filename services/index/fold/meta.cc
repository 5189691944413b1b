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

absl::Status CheckNotAhead(const records::Reader& reader, log::LogReader* log, const log::LogIdentity& identity,
                           const std::string& what) {
  auto positions = ReadPositions(reader, identity);
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

absl::StatusOr<log::Positions> ReadPositions(const records::Reader& reader, const log::LogIdentity& identity) {
  log::Positions positions;
  for (const log::PartitionId& partition : identity.Partitions()) {
    auto number = GetNumber(reader, records::PositionMetaKey(partition));
    if (!number.ok()) return number.status();
    positions[partition] = *number;
  }
  return positions;
}

absl::StatusOr<Watermarks> ReadWatermarks(const records::Reader& reader, const log::LogIdentity& identity) {
  Watermarks watermarks;
  for (uint32_t i = 0; i < identity.incident_partitions; ++i) {
    const log::PartitionId incidents = {log::LogName::kIncidents, i};
    for (uint32_t q = 0; q < identity.intake_partitions; ++q) {
      const log::PartitionId intake = {log::LogName::kIntake, q};
      auto number = GetNumber(reader, records::WatermarkMetaKey(incidents, intake));
      if (!number.ok()) return number.status();
      watermarks[incidents][intake] = *number;
    }
  }
  return watermarks;
}

uint64_t DecidedEverywhere(const Watermarks& watermarks, const log::LogIdentity& identity, log::PartitionId intake) {
  uint64_t decided = UINT64_MAX;
  for (uint32_t i = 0; i < identity.incident_partitions; ++i) {
    uint64_t here = 0;
    const auto partition = watermarks.find({log::LogName::kIncidents, i});
    if (partition != watermarks.end()) {
      const auto found = partition->second.find(intake);
      if (found != partition->second.end()) here = found->second;
    }
    decided = std::min(decided, here);
  }
  return decided;
}

absl::Status BindToLog(records::Store* store, log::LogReader* log, const log::LogIdentity& identity,
                       const std::string& what) {
  const std::shared_ptr<const records::Reader> reader = store->Snapshot();
  auto log_id = reader->Get(family::kMeta, kLogIdKey);
  if (!log_id.ok()) return log_id.status();
  if (!log_id->has_value()) {
    records::Batch batch;
    batch.Put(family::kMeta, kLogIdKey, identity.log_id);
    return store->Commit(batch, /*durable=*/true);
  }
  if (**log_id != identity.log_id) {
    return absl::FailedPreconditionError(absl::StrCat(
        what, " was made from log ", **log_id, ", but the log here is ", identity.log_id,
        ": start with the log that it belongs to, or delete ", what, " to have it made anew from this log"));
  }
  return CheckNotAhead(*reader, log, identity, what);
}

}  // namespace interdict::index
