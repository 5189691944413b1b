// The embedded log: partitions kept in one RocksDB in a folder that one process has open. Needs nothing installed; the
// process that hosts it serves it to others as LogService. Layout: log_keys.h.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "storage/log/log.h"

namespace interdict::log {

class RocksdbLogCommitter;
class RocksdbLogEraser;
class RocksdbLogRows;
class RocksdbLogTail;

struct RocksdbLogOptions {
  // How a new log is cut; at most 1024 each. 0: as the log has it, 1 for a new one.
  uint32_t intake_partitions = 0;
  uint32_t incident_partitions = 0;
  uint64_t block_cache_bytes = 64 << 20;
  // Memory for entries that are not yet in tables, for each kind of row. A payload may be larger.
  uint64_t write_buffer_bytes = 64 << 20;
};

// Thread-safe. Appends wait for one committer thread that writes for all of them; reads take no lock but to learn how
// far the log is durable; erasures take turns.
class RocksdbLog : public Log {
 public:
  // Opens the log in the folder `path`, or creates it; the folder above must exist. FAILED_PRECONDITION: the log has
  // another number of partitions, is open in another process, was written by a newer version, or the folder holds
  // something else. INVALID_ARGUMENT: too many partitions. PERMISSION_DENIED, RESOURCE_EXHAUSTED, DATA_LOSS: of the
  // disk and what is on it. A torn last write is not an error: it was never acknowledged, and is dropped.
  static absl::StatusOr<std::unique_ptr<RocksdbLog>> Open(const std::string& path, const RocksdbLogOptions& options);

  // Closes, and waits for the calls that are under way in other threads' Wait and Append to return.
  ~RocksdbLog() override;

  // Ends all waits and the appends that are not yet being written with CANCELLED, now and from now on; the write that
  // is under way is finished first. Reads and erasures go on. May be called twice.
  void Close();

  absl::StatusOr<LogIdentity> Identity() override;
  absl::StatusOr<std::vector<Entry>> Read(PartitionId partition, uint64_t after, const ReadLimits& limits) override;
  absl::StatusOr<uint64_t> Last(PartitionId partition) override;
  absl::StatusOr<uint64_t> Wait(PartitionId partition, uint64_t after, absl::Time deadline) override;
  absl::StatusOr<std::vector<uint64_t>> Append(PartitionId partition, const std::vector<NewEntry>& entries,
                                               std::optional<uint64_t> expected_last) override;
  // Also UNAVAILABLE or RESOURCE_EXHAUSTED: the payload can no longer be read, but may still be in a file; erase again.
  // Erasures that are called at the same time share their cost.
  absl::Status Erase(PartitionId partition, uint64_t sequence) override;

 private:
  explicit RocksdbLog(std::unique_ptr<RocksdbLogRows> rows);
  absl::Status Start();

  // Destroyed in reverse order, users before what they use.
  std::unique_ptr<RocksdbLogRows> rows_;
  std::unique_ptr<RocksdbLogTail> tail_;
  std::unique_ptr<RocksdbLogEraser> eraser_;
  std::unique_ptr<RocksdbLogCommitter> committer_;
};

}  // namespace interdict::log
