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
inline constexpr std::string_view kNextNumberKey = "next_number";
inline constexpr std::string_view kNextDocumentNumberKey = "next_document_number";
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

// The next number of a sequence, from 1.
absl::StatusOr<uint64_t> TakeNumber(const records::Reader& reader, records::Batch* batch, std::string_view key);

// What BindToLog writes into a new store.
void PutBinding(records::Batch* batch, const Ownership& owned);

}  // namespace interdict::index
