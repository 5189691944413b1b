// The records of the family `default` that a follower of the log keeps: whose log it is and how far it has come. Used
// by the shard's store and by the resolver's view.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "services/index/fold/ownership.h"
#include "storage/log/log.h"
#include "storage/log/position.h"
#include "storage/records/store.h"

namespace interdict::index {

inline constexpr std::string_view kLogIdKey = "log_id";
// Which shard of how many the store is of; not there in that of an only shard.
inline constexpr std::string_view kShardSlotKey = "shard_slot";
// How many incidents and documents have got a number.
inline constexpr std::string_view kIncidentCountKey = "incident_count";
inline constexpr std::string_view kDocumentCountKey = "document_count";
// In stores of older programs: the next number.
inline constexpr std::string_view kNextNumberKey = "next_number";
inline constexpr std::string_view kNextDocumentNumberKey = "next_document_number";
inline constexpr std::string_view kNextNameNumberKey = "next_name_number";
// There while deleted text may still be in the files: purge before anything is said to be done.
inline constexpr std::string_view kPurgePendingKey = "purge_pending";

// How far the resolver had come when it wrote up to where a partition of the incident log is folded.
using Watermarks = std::map<log::PartitionId, log::Positions>;

// A number of the meta family; 0 where it is not there.
absl::StatusOr<uint64_t> GetNumber(const records::Reader& reader, std::string_view key);
void PutNumber(records::Batch* batch, std::string_view key, uint64_t number);

// Positions and watermarks of the partitions that are folded here.
absl::StatusOr<log::Positions> ReadPositions(const records::Reader& reader, const Ownership& owned);
absl::StatusOr<Watermarks> ReadWatermarks(const records::Reader& reader, const Ownership& owned);

// Up to where intake partition `intake` is decided in every partition of the incident log that is folded here.
uint64_t DecidedEverywhere(const Watermarks& watermarks, const Ownership& owned, log::PartitionId intake);

// Binds a new store to the log and to the part of it that is folded here, or checks that an old one belongs to it and
// has not folded more than the log holds.
// FAILED_PRECONDITION says what to do; `what` names the store (`DATA/index`).
absl::Status BindToLog(records::Store* store, log::LogReader* log, const Ownership& owned, const std::string& what);

// The numbers that a partition of `partitions` gives: that of its entry with a sequence. So a record has the same
// number in every replica, in whatever order partitions are folded and whatever was erased since, and no two shards
// give the same: answers order equals by it, and a page token holds in another replica.
struct NumberSpace {
  uint32_t partition = 0;
  uint32_t partitions = 1;

  uint64_t NumberAt(uint64_t sequence) const { return (sequence - 1) * partitions + partition + 1; }
};

// The number of what came with the entry `sequence`, counted under `count_key`. A store that counts under `next_key`,
// as older programs did, goes on with that: its numbers are places in the order of folding.
absl::StatusOr<uint64_t> TakeNumber(const records::Reader& reader, records::Batch* batch, std::string_view next_key,
                                    std::string_view count_key, uint64_t number);

// How many were taken.
absl::StatusOr<uint64_t> CountTaken(const records::Reader& reader, std::string_view next_key,
                                    std::string_view count_key);

// What BindToLog writes into a new store.
void PutBinding(records::Batch* batch, const Ownership& owned);

}  // namespace interdict::index
