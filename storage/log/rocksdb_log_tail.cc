#include "storage/log/rocksdb_log_tail.h"

namespace interdict::log {

RocksdbLogTail::RocksdbLogTail(const Positions& durable) {
  for (const auto& [partition, last] : durable) partitions_[partition].last = last;
}

RocksdbLogTail::~RocksdbLogTail() {
  Close();
  absl::MutexLock lock(&mutex_);
  while (waiting_ > 0) left_.Wait(&mutex_);
}

uint64_t RocksdbLogTail::Last(PartitionId partition) const {
  absl::MutexLock lock(&mutex_);
  return partitions_.at(partition).last;
}

void RocksdbLogTail::Publish(const Positions& durable) {
  absl::MutexLock lock(&mutex_);
  for (const auto& [id, last] : durable) {
    Partition& partition = partitions_.at(id);
    partition.last = last;
    partition.changed.SignalAll();
  }
}

absl::StatusOr<uint64_t> RocksdbLogTail::Wait(PartitionId partition, uint64_t after, absl::Time deadline) {
  absl::MutexLock lock(&mutex_);
  Partition& state = partitions_.at(partition);
  ++waiting_;
  while (!closed_ && state.last <= after) {
    if (state.changed.WaitWithDeadline(&mutex_, deadline)) break;
  }
  --waiting_;
  left_.SignalAll();
  if (closed_) return absl::CancelledError("the log is being closed");
  return state.last;
}

void RocksdbLogTail::Close() {
  absl::MutexLock lock(&mutex_);
  closed_ = true;
  for (auto& [id, partition] : partitions_) partition.changed.SignalAll();
}

}  // namespace interdict::log
