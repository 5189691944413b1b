// What an open store holds; shared by the files that implement Store, and by nobody else.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <string>

#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "storage/database/database.h"
#include "storage/records/store.h"

namespace interdict::records {

// Which snapshots are still held. Thread-safe.
class SnapshotRegister {
 public:
  uint64_t Add() {
    absl::MutexLock lock(&mutex_);
    held_.insert(next_);
    return next_++;
  }

  void Remove(uint64_t number) {
    absl::MutexLock lock(&mutex_);
    held_.erase(number);
  }

  // Waits until all that are held now are released; false when time ran out. `renew` (may be empty) is called first.
  bool WaitForOlder(absl::Duration limit, const std::function<void()>& renew) {
    uint64_t end = 0;
    {
      absl::MutexLock lock(&mutex_);
      end = next_;
    }
    if (renew) renew();
    absl::MutexLock lock(&mutex_);
    const auto released = [this, end] { return held_.empty() || *held_.begin() >= end; };
    return mutex_.AwaitWithTimeout(absl::Condition(&released), limit);
  }

 private:
  absl::Mutex mutex_;
  uint64_t next_ = 1;        // guarded by mutex_
  std::set<uint64_t> held_;  // guarded by mutex_
};

// Files that a crash left between StartRun and Ingest.
void DeleteLeftoverRuns(const std::string& path);

struct Store::Impl {
  std::unique_ptr<database::Database> database;
  std::shared_ptr<SnapshotRegister> snapshots = std::make_shared<SnapshotRegister>();
  std::atomic<uint64_t> next_run{1};  // names of files
};

}  // namespace interdict::records
