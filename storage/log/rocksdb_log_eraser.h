// Erases payloads from the embedded log for good: the row first, then the files that held it. What is erased but not
// yet purged is remembered in the log itself, so that a crash in between leaves no text behind unnoticed.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "storage/log/log.h"
#include "storage/log/rocksdb_log_rows.h"

namespace interdict::log {

// Thread-safe. Erasures that arrive while files are being purged are purged together afterwards.
class RocksdbLogEraser {
 public:
  // `rows` must outlive the eraser.
  explicit RocksdbLogEraser(const RocksdbLogRows* rows) : rows_(*rows) {}

  // Takes up the purges that were cut short when the log was last open. Call it once, before any other method.
  absl::Status Recover();

  // As LogEraser::Erase, for an entry that is there. UNAVAILABLE, RESOURCE_EXHAUSTED: the payload can no longer be
  // read, but may still be in a file; erase again.
  absl::Status Erase(PartitionId partition, uint64_t sequence);

 private:
  absl::Status Blank(const std::string& key);
  absl::Status Purge(const std::string& key);
  absl::Status PurgeAll(const std::set<std::string>& keys);
  bool IsPending(const std::string& key);

  const RocksdbLogRows& rows_;
  absl::Mutex purge_mutex_ ABSL_ACQUIRED_BEFORE(mutex_);   // held while files are rewritten
  absl::Mutex mutex_;                                      // held while a row is blanked
  std::set<std::string> pending_ ABSL_GUARDED_BY(mutex_);  // entry keys, erased but not yet purged
};

}  // namespace interdict::log
