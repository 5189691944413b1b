#include "storage/log/rocksdb_log_committer.h"

#include <map>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "storage/log/position.h"

namespace interdict::log {
namespace {

// A write grows until it has this much; more would only delay the first in it.
constexpr uint64_t kGroupBytes = 32 << 20;

// A partition as it will be when the group's write is done.
class GroupState : public PartitionState {
 public:
  GroupState(const RocksdbLogRows& rows, PartitionId partition, uint64_t last)
      : rows_(rows), partition_(partition), last_(last) {}

  uint64_t last() const override { return last_; }

  absl::StatusOr<std::optional<ProducerEntry>> LastOf(const std::string& producer) const override {
    auto added = added_.find(producer);
    if (added != added_.end()) return added->second.rbegin()->second;
    return rows_.LastOf(partition_, producer);
  }

  absl::StatusOr<std::optional<ProducerEntry>> Find(const std::string& producer,
                                                    uint64_t producer_sequence) const override {
    auto added = added_.find(producer);
    if (added != added_.end()) {
      auto entry = added->second.find(producer_sequence);
      if (entry != added->second.end()) return entry->second;
    }
    return rows_.Find(partition_, producer, producer_sequence);
  }

  // Takes in the fresh entries of a plan, and adds their rows to the batch.
  absl::Status Add(const std::vector<CheckedEntry>& entries, const AppendPlan& plan, rocksdb::WriteBatch& batch) {
    for (size_t index : plan.fresh) {
      const CheckedEntry& entry = entries[index];
      absl::Status put = rows_.Put(batch, partition_, ++last_, entry);
      if (!put.ok()) return put;
      added_[entry.producer][entry.producer_sequence] = {entry.producer_sequence, last_, entry.header_sha256};
    }
    return absl::OkStatus();
  }

 private:
  const RocksdbLogRows& rows_;
  const PartitionId partition_;
  uint64_t last_;
  std::map<std::string, std::map<uint64_t, ProducerEntry>> added_;
};

absl::Status Closing() { return absl::CancelledError("the log is being closed"); }

// What a caller is told of a write that failed.
absl::Status OutcomeUnknown(const absl::Status& failure) {
  if (absl::IsResourceExhausted(failure)) return failure;
  return absl::UnavailableError(absl::StrCat("it is not known whether the entries were written (", failure.message(),
                                             "): append the same again; if that keeps failing, restart the process"));
}

}  // namespace

// An append that waits for its turn; lives on its caller's stack until `done`.
struct RocksdbLogCommitter::Request {
  PartitionId partition;
  std::vector<CheckedEntry> entries;
  std::optional<uint64_t> expected_last;
  uint64_t bytes = 0;
  absl::StatusOr<std::vector<uint64_t>> result = Closing();
  absl::Notification done;
};

RocksdbLogCommitter::RocksdbLogCommitter(const RocksdbLogRows* rows, RocksdbLogTail* tail)
    : rows_(*rows), tail_(*tail), thread_([this] { Run(); }) {}

RocksdbLogCommitter::~RocksdbLogCommitter() { Close(); }

absl::StatusOr<std::vector<uint64_t>> RocksdbLogCommitter::Append(PartitionId partition,
                                                                  std::vector<CheckedEntry> entries,
                                                                  std::optional<uint64_t> expected_last) {
  Request request;
  request.partition = partition;
  request.entries = std::move(entries);
  request.expected_last = expected_last;
  for (const CheckedEntry& entry : request.entries) {
    request.bytes += entry.entry.header.size() + entry.entry.payload.size();
  }
  {
    absl::MutexLock lock(&mutex_);
    if (closed_) return Closing();
    queue_.push_back(&request);
  }
  request.done.WaitForNotification();
  return std::move(request.result);
}

void RocksdbLogCommitter::Close() {
  {
    absl::MutexLock lock(&mutex_);
    closed_ = true;
  }
  absl::MutexLock lock(&join_mutex_);
  if (thread_.joinable()) thread_.join();
}

void RocksdbLogCommitter::Run() {
  while (true) {
    const Group group = NextGroup();
    if (group.empty()) return;
    Commit(group);
    for (Request* request : group) request->done.Notify();
  }
}

RocksdbLogCommitter::Group RocksdbLogCommitter::NextGroup() {
  const auto something_to_do = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return closed_ || !queue_.empty(); };
  absl::MutexLock lock(&mutex_);
  mutex_.Await(absl::Condition(&something_to_do));
  Group group;
  if (closed_) {
    for (Request* request : queue_) request->done.Notify();  // its result says that the log is being closed
    queue_.clear();
    return group;
  }
  uint64_t bytes = 0;
  while (!queue_.empty() && (group.empty() || bytes + queue_.front()->bytes <= kGroupBytes)) {
    bytes += queue_.front()->bytes;
    group.push_back(queue_.front());
    queue_.pop_front();
  }
  return group;
}

// Plans each append on top of those before it, writes what is fresh as one batch, and only then shows it to readers. An
// append that cannot be planned fails alone.
void RocksdbLogCommitter::Commit(const Group& group) {
  rocksdb::WriteBatch batch;
  std::map<PartitionId, GroupState> states;
  Group planned;
  absl::Status written;
  for (Request* request : group) {
    const PartitionId partition = request->partition;
    GroupState& state = states.try_emplace(partition, rows_, partition, tail_.Last(partition)).first->second;
    absl::StatusOr<AppendPlan> plan = PlanAppend(request->entries, request->expected_last, state);
    if (!plan.ok()) {
      request->result = plan.status();
      continue;
    }
    written.Update(state.Add(request->entries, *plan, batch));
    request->result = std::move(plan->sequences);
    planned.push_back(request);
  }
  if (written.ok() && batch.Count() > 0) written = Write(batch);
  if (!written.ok()) {
    for (Request* request : planned) request->result = OutcomeUnknown(written);
    return;
  }
  Positions durable;
  for (const auto& [partition, state] : states) durable[partition] = state.last();
  tail_.Publish(durable);
}

absl::Status RocksdbLogCommitter::Write(rocksdb::WriteBatch& batch) {
  if (in_doubt_) {
    // The write-ahead log may hold the failed batch, whole and in front of what is written now. After a crash it would
    // come back and mingle with other entries under the same sequences; so that log must be gone first.
    absl::Status settled = rows_.database().Purge({});
    if (!settled.ok()) return settled;
    in_doubt_ = false;
  }
  absl::Status written = rows_.database().Write(batch, /*durable=*/true);
  in_doubt_ = !written.ok();
  return written;
}

}  // namespace interdict::log
