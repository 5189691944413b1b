// Checks a log from end to end: sequences, payload hashes, producers' chains, kinds and versions. What `interdict admin
// verify` says of the log.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "storage/log/log.h"

namespace interdict::log {

// Newest payload format that this version reads, of every kind.
inline constexpr uint32_t kNewestFormatVersion = 1;

struct PartitionReport {
  PartitionId partition;
  uint64_t entries = 0;
  uint64_t erased = 0;                // of these
  std::vector<std::string> problems;  // sentences for a person; hold no text of a document
  bool truncated = false;             // more was wrong than is listed
};

// Reads all entries that are durable when it starts. An entry that cannot be read is a problem, and ends the walk.
PartitionReport VerifyPartition(LogReader& log, PartitionId partition);

// All partitions of the log. Errors only if the log cannot even say what it is.
absl::StatusOr<std::vector<PartitionReport>> VerifyLog(LogReader& log);

}  // namespace interdict::log
