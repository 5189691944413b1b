// The records of the family `default` that a follower of the log keeps: whose log it is and how far it has come. Used
// by the shard's store and by the resolver's view.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "storage/log/log.h"
#include "storage/log/position.h"
#include "storage/records/store.h"

namespace interdict::index {

inline constexpr std::string_view kLogIdKey = "log_id";
inline constexpr std::string_view kNextNumberKey = "next_number";
// There while deleted text may still be in the files: purge before anything is said to be done.
inline constexpr std::string_view kPurgePendingKey = "purge_pending";

// How far the resolver had come when it wrote up to where a partition of the incident log is folded.
using Watermarks = std::map<log::PartitionId, log::Positions>;

// A number of the meta family; 0 where it is not there.
absl::StatusOr<uint64_t> GetNumber(const records::Reader& reader, std::string_view key);
void PutNumber(records::Batch* batch, std::string_view key, uint64_t number);

// Positions and watermarks of all partitions of the log.
absl::StatusOr<log::Positions> ReadPositions(const records::Reader& reader, const log::LogIdentity& identity);
absl::StatusOr<Watermarks> ReadWatermarks(const records::Reader& reader, const log::LogIdentity& identity);

// Up to where intake partition `intake` is decided in every partition of the incident log.
uint64_t DecidedEverywhere(const Watermarks& watermarks, const log::LogIdentity& identity, log::PartitionId intake);

// Binds a new store to the log, or checks that an old one belongs to it and has not folded more than the log holds.
// FAILED_PRECONDITION says what to do; `what` names the store (`DATA/index`).
absl::Status BindToLog(records::Store* store, log::LogReader* log, const log::LogIdentity& identity,
                       const std::string& what);

}  // namespace interdict::index
