#include "services/log/entry_waiters.h"

#include <algorithm>
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "services/server/status.h"

namespace interdict::log {
namespace {

// How late a wait may notice its deadline or a stop. An entry that comes is noticed at once.
constexpr absl::Duration kSlice = absl::Milliseconds(50);
constexpr absl::Duration kTooManyWaitsRetryDelay = absl::Seconds(1);

struct Waiter {
  uint64_t after = 0;
  absl::Time deadline;
  EntryWaiters::Done done;
};

absl::Status Stopping() {
  return server::Error(absl::StatusCode::kUnavailable, "LOG_STOPPING", "the log is being stopped; try again later");
}

}  // namespace

// One partition with its thread.
class EntryWaiters::Lane {
 public:
  Lane(LogReader* log, PartitionId partition, size_t limit) : log_(log), partition_(partition), limit_(limit) {
    thread_ = std::thread([this] { Run(); });
  }

  ~Lane() { Stop(); }

  absl::StatusOr<uint64_t> Add(Waiter waiter) {
    std::lock_guard lock(mutex_);
    if (stopped_) return Stopping();
    if (waiters_.size() >= limit_) {
      return server::WithRetryAfter(
          server::Error(absl::StatusCode::kResourceExhausted, "TOO_MANY_WAITS",
                        "too many calls wait for entries of " + ToString(partition_) + "; try again later",
                        {{"partition", ToString(partition_)}}),
          kTooManyWaitsRetryDelay);
    }
    const uint64_t number = next_number_++;
    waiters_[number] = std::move(waiter);
    waiter_or_stop_.notify_one();
    return number;
  }

  bool Cancel(uint64_t number) {
    std::lock_guard lock(mutex_);
    return waiters_.erase(number) > 0;
  }

  void Stop() {
    std::map<uint64_t, Waiter> left;
    {
      std::lock_guard lock(mutex_);
      stopped_ = true;
      left.swap(waiters_);
    }
    waiter_or_stop_.notify_one();
    for (auto& [number, waiter] : left) waiter.done(Stopping());
    if (thread_.joinable()) thread_.join();
  }

 private:
  void Run() {
    uint64_t last = 0;
    while (true) {
      absl::Time until = absl::Now() + kSlice;
      {
        std::unique_lock lock(mutex_);
        waiter_or_stop_.wait(lock, [this] { return stopped_ || !waiters_.empty(); });
        if (stopped_) return;
        for (const auto& [number, waiter] : waiters_) {
          // Who waits for less than is known to be there is answered by a wait that returns at once.
          until = std::min(until, waiter.after < last ? absl::InfinitePast() : waiter.deadline);
        }
      }
      // Waits for anything beyond what is known, whatever each waiter asks for: so none that comes later is missed.
      absl::StatusOr<uint64_t> result = log_->Wait(partition_, last, until);
      if (result.ok()) last = *result;
      for (Waiter& waiter : Finished(result)) waiter.done(result);
    }
  }

  // Takes out the waiters that are to be answered. An error answers all.
  std::vector<Waiter> Finished(const absl::StatusOr<uint64_t>& result) {
    std::vector<Waiter> finished;
    const absl::Time now = absl::Now();
    std::lock_guard lock(mutex_);
    for (auto each = waiters_.begin(); each != waiters_.end();) {
      if (!result.ok() || each->second.after < *result || each->second.deadline <= now) {
        finished.push_back(std::move(each->second));
        each = waiters_.erase(each);
      } else {
        ++each;
      }
    }
    return finished;
  }

  LogReader* const log_;
  const PartitionId partition_;
  const size_t limit_;
  std::mutex mutex_;
  std::condition_variable waiter_or_stop_;
  std::map<uint64_t, Waiter> waiters_;  // guarded by mutex_
  uint64_t next_number_ = 1;            // guarded by mutex_
  bool stopped_ = false;                // guarded by mutex_
  std::thread thread_;
};

struct EntryWaiters::State {
  std::map<PartitionId, std::unique_ptr<Lane>> lanes;  // fixed by the constructor
};

EntryWaiters::EntryWaiters(LogReader* log, const LogIdentity& identity, size_t limit)
    : state_(std::make_unique<State>()) {
  for (const PartitionId& partition : identity.Partitions()) {
    state_->lanes[partition] = std::make_unique<Lane>(log, partition, limit);
  }
}

EntryWaiters::~EntryWaiters() { Stop(); }

absl::StatusOr<uint64_t> EntryWaiters::Add(PartitionId partition, uint64_t after, absl::Time deadline, Done done) {
  auto lane = state_->lanes.find(partition);
  if (lane == state_->lanes.end()) {
    return server::Error(absl::StatusCode::kNotFound, "PARTITION_NOT_FOUND",
                         "no partition " + ToString(partition) + " in this log", {{"partition", ToString(partition)}});
  }
  return lane->second->Add({after, deadline, std::move(done)});
}

bool EntryWaiters::Cancel(PartitionId partition, uint64_t number) {
  auto lane = state_->lanes.find(partition);
  return lane != state_->lanes.end() && lane->second->Cancel(number);
}

void EntryWaiters::Stop() {
  for (auto& [partition, lane] : state_->lanes) lane->Stop();
}

}  // namespace interdict::log
