// The one thread that writes entries to the embedded log: all appends that wait while a write is under way become the
// next write, so that one fsync serves them all.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "storage/log/entry_checks.h"
#include "storage/log/log.h"
#include "storage/log/rocksdb_log_rows.h"
#include "storage/log/rocksdb_log_tail.h"

namespace interdict::log {

// Thread-safe. The mutex guards the queue only; planning and writing happen outside it, on the committer's thread.
class RocksdbLogCommitter {
 public:
  // Both must outlive the committer.
  RocksdbLogCommitter(const RocksdbLogRows* rows, RocksdbLogTail* tail);
  ~RocksdbLogCommitter();

  // As LogWriter::Append, for a partition that exists. CANCELLED once the log is being closed; nothing is written then.
  absl::StatusOr<std::vector<uint64_t>> Append(PartitionId partition, std::vector<CheckedEntry> entries,
                                               std::optional<uint64_t> expected_last);

  // Finishes the write that is under way, cancels what waits behind it, and ends the thread. May be called twice.
  void Close();

 private:
  struct Request;
  using Group = std::vector<Request*>;

  void Run();
  // Blocks until there is something to write; empty once the committer is closed.
  Group NextGroup();
  void Commit(const Group& group);
  absl::Status Write(rocksdb::WriteBatch& batch);

  const RocksdbLogRows& rows_;
  RocksdbLogTail& tail_;
  bool in_doubt_ = false;  // a write failed, and may have left traces; the committer's thread alone uses it

  absl::Mutex mutex_;
  std::deque<Request*> queue_ ABSL_GUARDED_BY(mutex_);
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Mutex join_mutex_;  // one join of the thread
  std::thread thread_;
};

}  // namespace interdict::log
