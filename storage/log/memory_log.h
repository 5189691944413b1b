// A log in memory: the fake for tests, with the same checks as the real ones. Loses everything with the process.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "storage/log/log.h"

namespace interdict::log {

// Thread-safe. One mutex for all; hashes are taken outside it.
class MemoryLog : public Log {
 public:
  // Draws an id.
  MemoryLog(uint32_t intake_partitions, uint32_t incident_partitions);
  MemoryLog() : MemoryLog(1, 1) {}
  ~MemoryLog() override;

  // Ends all waits with CANCELLED and refuses appends with CANCELLED from now on. Reads go on.
  void Close();

  absl::StatusOr<LogIdentity> Identity() override;
  absl::StatusOr<std::vector<Entry>> Read(PartitionId partition, uint64_t after, const ReadLimits& limits) override;
  absl::StatusOr<uint64_t> Last(PartitionId partition) override;
  absl::StatusOr<uint64_t> Wait(PartitionId partition, uint64_t after, absl::Time deadline) override;
  absl::StatusOr<std::vector<uint64_t>> Append(PartitionId partition, const std::vector<NewEntry>& entries,
                                               std::optional<uint64_t> expected_last) override;
  absl::Status Erase(PartitionId partition, uint64_t sequence) override;

 private:
  class Partition;

  const LogIdentity identity_;
  absl::Mutex mutex_;
  absl::CondVar changed_;  // an entry more, or closed
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
  int waiting_ ABSL_GUARDED_BY(mutex_) = 0;
  std::map<PartitionId, std::unique_ptr<Partition>> partitions_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace interdict::log
