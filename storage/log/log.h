// The log contract: ordered, durable, append-only partitions, the only truth of Interdict. Implementations: MemoryLog
// (the fake), RocksdbLog (embedded), RemoteLog (over gRPC, in services/log); a replicated one may follow, so nothing
// here assumes one machine, one writing process or a local file.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace interdict::log {

// The two logs: what was accepted, and what was decided.
enum class LogName { kIntake, kIncidents };

// `intake` or `incidents`, as on the wire and in keys.
std::string ToString(LogName name);
// The reverse; INVALID_ARGUMENT for any other word.
absl::StatusOr<LogName> ParseLogName(const std::string& word);

// One partition of one log.
struct PartitionId {
  LogName log = LogName::kIntake;
  uint32_t number = 0;
  auto operator<=>(const PartitionId&) const = default;
};

// `intake/0`.
std::string ToString(const PartitionId& partition);

// Which log this is and how it is cut. Fixed when the log is created.
struct LogIdentity {
  std::string log_id;  // 32 hexadecimal digits, random
  uint32_t intake_partitions = 1;
  uint32_t incident_partitions = 1;

  // All partitions of both logs, intake first.
  std::vector<PartitionId> Partitions() const;
};

// An entry to append. `header` is a serialised internal.v1.EntryHeader; its payload_sha256 must be that of `payload`.
struct NewEntry {
  std::string header;
  std::string payload;
};

// An entry as stored. `payload` is empty if `erased`.
struct Entry {
  uint64_t sequence = 0;  // from 1, without gaps
  std::string header;
  std::string payload;
  bool erased = false;
};

struct ReadLimits {
  uint32_t max_entries = 1000;
  uint64_t max_bytes = 8 << 20;  // one entry is always returned
};

// Reads. Thread-safe.
class LogReader {
 public:
  virtual ~LogReader() = default;

  // UNAVAILABLE if the log cannot be reached.
  virtual absl::StatusOr<LogIdentity> Identity() = 0;

  // Entries with a sequence above `after`, in order; empty where there is none yet. Only durable entries are ever seen.
  // NOT_FOUND: no such partition. DATA_LOSS: an entry is there but cannot be read.
  virtual absl::StatusOr<std::vector<Entry>> Read(PartitionId partition, uint64_t after, const ReadLimits& limits) = 0;

  // Sequence of the last durable entry; 0 if there is none.
  virtual absl::StatusOr<uint64_t> Last(PartitionId partition) = 0;

  // Blocks until an entry above `after` is durable, or until `deadline`; returns the last sequence, which is still
  // `after` or less when time ran out. CANCELLED once the log is being closed.
  virtual absl::StatusOr<uint64_t> Wait(PartitionId partition, uint64_t after, absl::Time deadline) = 0;
};

// Appends. Thread-safe.
class LogWriter {
 public:
  virtual ~LogWriter() = default;

  // Appends all entries or none and returns their sequences once they are durable: they survive the loss of the process
  // and of the machine's power. Idempotent by (partition, producer, producer_sequence): entries that are already there
  // are not written again and their sequences returned.
  //
  // `expected_last`, if given, fences: ABORTED, and nothing is written, unless it is the partition's last sequence
  // (entries that are already there still return their sequences). INVALID_ARGUMENT: no entries, an unreadable header,
  // a payload that does not match its hash, a producer's sequence that leaves a gap, or a previous hash that is not
  // that of the producer's previous entry. NOT_FOUND: no such partition. RESOURCE_EXHAUSTED: disk full. UNAVAILABLE: it
  // is not known whether the entries were written; append the same again.
  virtual absl::StatusOr<std::vector<uint64_t>> Append(PartitionId partition, const std::vector<NewEntry>& entries,
                                                       std::optional<uint64_t> expected_last) = 0;
};

// Takes payloads away. Thread-safe.
class LogEraser {
 public:
  virtual ~LogEraser() = default;

  // Blanks the payload of an entry for good, from disk too; the header stays, so that the producer's chain still
  // verifies. Erasing twice is no error. NOT_FOUND: no such entry.
  virtual absl::Status Erase(PartitionId partition, uint64_t sequence) = 0;
};

// A whole log.
class Log : public LogReader, public LogWriter, public LogEraser {};

}  // namespace interdict::log
