// What every log checks before it takes entries: header, payload hash, producer's chain, idempotence, fence. Used by
// the implementations of log.h, so that they agree.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "storage/log/log.h"

namespace interdict::log {

// NOT_FOUND unless the log has the partition.
absl::Status CheckPartition(const LogIdentity& identity, PartitionId partition);

// An entry whose header is readable and whose payload matches it.
struct CheckedEntry {
  std::string producer;  // 32 hexadecimal digits
  uint64_t producer_sequence = 0;
  std::string previous_header_sha256;  // empty in the producer's first entry
  std::string header_sha256;
  NewEntry entry;
};

// Checks what can be seen without the log. INVALID_ARGUMENT names the entry's index and what is wrong. Hashes all
// payloads: call it without holding locks.
absl::StatusOr<std::vector<CheckedEntry>> CheckEntries(std::vector<NewEntry> entries);

// A stored entry as a producer knows it.
struct ProducerEntry {
  uint64_t producer_sequence = 0;
  uint64_t sequence = 0;
  std::string header_sha256;
};

// What the checks must know of a partition, entries that are accepted but not yet durable included.
class PartitionState {
 public:
  virtual ~PartitionState() = default;
  // Sequence of the last entry; 0 if there is none.
  virtual uint64_t last() const = 0;
  // The producer's last entry here; nullopt if it has none.
  virtual absl::StatusOr<std::optional<ProducerEntry>> LastOf(const std::string& producer) const = 0;
  // A certain entry of the producer; nullopt if it is not there.
  virtual absl::StatusOr<std::optional<ProducerEntry>> Find(const std::string& producer,
                                                            uint64_t producer_sequence) const = 0;
};

// What an append comes to.
struct AppendPlan {
  std::vector<uint64_t> sequences;  // of all entries, in their order
  std::vector<size_t> fresh;        // indexes of the entries to write; their sequences follow last() without gaps
};

// Decides on an append. Errors as LogWriter::Append.
absl::StatusOr<AppendPlan> PlanAppend(const std::vector<CheckedEntry>& entries, std::optional<uint64_t> expected_last,
                                      const PartitionState& state);

}  // namespace interdict::log
