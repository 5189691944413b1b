// How far each partition is durable, for those who ask and for those who wait.
#pragma once

#include <cstdint>
#include <map>
#include <memory>

#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "storage/log/log.h"
#include "storage/log/position.h"

namespace interdict::log {

// Thread-safe. One mutex, held for moments only; a condition variable a partition, so that a waiter is woken for its
// own.
class RocksdbLogTail {
 public:
  // The partitions that there are, with what is durable now.
  explicit RocksdbLogTail(const Positions& durable);
  // Closes, and waits until the last waiter has left.
  ~RocksdbLogTail();

  uint64_t Last(PartitionId partition) const;

  // Raises what is durable and wakes the waiters of these partitions.
  void Publish(const Positions& durable);

  // As LogReader::Wait.
  absl::StatusOr<uint64_t> Wait(PartitionId partition, uint64_t after, absl::Time deadline);

  // Ends all waits, now and from now on, with CANCELLED.
  void Close();

 private:
  struct Partition {
    uint64_t last = 0;
    absl::CondVar changed;  // `last` rose, or the log closes
  };

  mutable absl::Mutex mutex_;
  std::map<PartitionId, Partition> partitions_ ABSL_GUARDED_BY(mutex_);
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
  int waiting_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::CondVar left_;  // a waiter less
};

}  // namespace interdict::log
