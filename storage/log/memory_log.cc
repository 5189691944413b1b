#include "storage/log/memory_log.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "storage/ids/ids.h"
#include "storage/log/entry_checks.h"

namespace interdict::log {

// Entries of one partition, with the producers' chains. Guarded by the log's mutex.
class MemoryLog::Partition : public PartitionState {
 public:
  uint64_t last() const override { return entries.size(); }

  absl::StatusOr<std::optional<ProducerEntry>> LastOf(const std::string& producer) const override {
    auto chain = chains.find(producer);
    if (chain == chains.end()) return std::nullopt;
    return chain->second.back();
  }

  absl::StatusOr<std::optional<ProducerEntry>> Find(const std::string& producer,
                                                    uint64_t producer_sequence) const override {
    auto chain = chains.find(producer);
    if (chain == chains.end() || producer_sequence > chain->second.size()) return std::nullopt;
    return chain->second[producer_sequence - 1];
  }

  void Add(CheckedEntry entry) {
    const uint64_t sequence = entries.size() + 1;
    chains[entry.producer].push_back({entry.producer_sequence, sequence, std::move(entry.header_sha256)});
    entries.push_back({sequence, std::move(entry.entry.header), std::move(entry.entry.payload), false});
  }

  std::vector<Entry> entries;
  std::map<std::string, std::vector<ProducerEntry>> chains;  // a producer's entries in its own order
};

MemoryLog::MemoryLog(uint32_t intake_partitions, uint32_t incident_partitions)
    : identity_{ids::RandomId(), intake_partitions, incident_partitions} {
  for (PartitionId partition : identity_.Partitions()) partitions_[partition] = std::make_unique<Partition>();
}

MemoryLog::~MemoryLog() {
  Close();
  absl::MutexLock lock(&mutex_);
  while (waiting_ > 0) changed_.Wait(&mutex_);
}

void MemoryLog::Close() {
  absl::MutexLock lock(&mutex_);
  closed_ = true;
  changed_.SignalAll();
}

absl::StatusOr<LogIdentity> MemoryLog::Identity() { return identity_; }

absl::StatusOr<std::vector<Entry>> MemoryLog::Read(PartitionId partition, uint64_t after, const ReadLimits& limits) {
  absl::Status exists = CheckPartition(identity_, partition);
  if (!exists.ok()) return exists;
  absl::MutexLock lock(&mutex_);
  const std::vector<Entry>& entries = partitions_.at(partition)->entries;
  std::vector<Entry> result;
  uint64_t bytes = 0;
  for (uint64_t index = after; index < entries.size(); ++index) {
    const uint64_t size = entries[index].header.size() + entries[index].payload.size();
    if (!result.empty() && (result.size() >= limits.max_entries || bytes + size > limits.max_bytes)) break;
    bytes += size;
    result.push_back(entries[index]);
  }
  return result;
}

absl::StatusOr<uint64_t> MemoryLog::Last(PartitionId partition) {
  absl::Status exists = CheckPartition(identity_, partition);
  if (!exists.ok()) return exists;
  absl::MutexLock lock(&mutex_);
  return partitions_.at(partition)->last();
}

absl::StatusOr<uint64_t> MemoryLog::Wait(PartitionId partition, uint64_t after, absl::Time deadline) {
  absl::Status exists = CheckPartition(identity_, partition);
  if (!exists.ok()) return exists;
  absl::MutexLock lock(&mutex_);
  ++waiting_;
  const Partition& state = *partitions_.at(partition);
  while (!closed_ && state.last() <= after) {
    if (changed_.WaitWithDeadline(&mutex_, deadline)) break;
  }
  --waiting_;
  if (!closed_) return state.last();
  changed_.SignalAll();
  return absl::CancelledError("the log is being closed");
}

absl::StatusOr<std::vector<uint64_t>> MemoryLog::Append(PartitionId partition, const std::vector<NewEntry>& entries,
                                                        std::optional<uint64_t> expected_last) {
  absl::Status exists = CheckPartition(identity_, partition);
  if (!exists.ok()) return exists;
  absl::StatusOr<std::vector<CheckedEntry>> checked = CheckEntries(entries);
  if (!checked.ok()) return checked.status();
  absl::MutexLock lock(&mutex_);
  if (closed_) return absl::CancelledError("the log is being closed");
  Partition& state = *partitions_.at(partition);
  absl::StatusOr<AppendPlan> plan = PlanAppend(*checked, expected_last, state);
  if (!plan.ok()) return plan.status();
  for (size_t index : plan->fresh) state.Add(std::move((*checked)[index]));
  if (!plan->fresh.empty()) changed_.SignalAll();
  return std::move(plan->sequences);
}

absl::Status MemoryLog::Erase(PartitionId partition, uint64_t sequence) {
  absl::Status exists = CheckPartition(identity_, partition);
  if (!exists.ok()) return exists;
  absl::MutexLock lock(&mutex_);
  std::vector<Entry>& entries = partitions_.at(partition)->entries;
  if (sequence == 0 || sequence > entries.size()) {
    return absl::NotFoundError(absl::StrCat("no entry ", sequence, " in ", ToString(partition)));
  }
  entries[sequence - 1].payload = std::string();
  entries[sequence - 1].erased = true;
  return absl::OkStatus();
}

}  // namespace interdict::log
