// A log writer that fails as told: an append is lost before it is written, its answer after, or the log refuses.
#pragma once

#include <deque>
#include <functional>
#include <optional>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "storage/log/log.h"

namespace interdict::log::testing {

// Thread-safe.
class FaultyWriter : public LogWriter {
 public:
  enum class Reach { kLost, kWritten };  // whether the append gets through to the log
  struct Fault {
    Reach reach = Reach::kLost;
    absl::Status answer;
  };

  explicit FaultyWriter(LogWriter* log) : log_(log) {}

  // The next appends fail in this order; those after them work.
  void FailNext(std::vector<Fault> faults) {
    absl::MutexLock lock(&mutex_);
    faults_.insert(faults_.end(), faults.begin(), faults.end());
  }

  // Called at the start of each append.
  void OnAppend(std::function<void()> hook) { hook_ = std::move(hook); }

  int appends() const {
    absl::MutexLock lock(&mutex_);
    return appends_;
  }

  absl::StatusOr<std::vector<uint64_t>> Append(PartitionId partition, const std::vector<NewEntry>& entries,
                                               std::optional<uint64_t> expected_last) override {
    std::optional<Fault> fault;
    {
      absl::MutexLock lock(&mutex_);
      ++appends_;
      if (!faults_.empty()) {
        fault = faults_.front();
        faults_.pop_front();
      }
    }
    if (hook_) hook_();
    if (!fault) return log_->Append(partition, entries, expected_last);
    if (fault->reach == Reach::kWritten) log_->Append(partition, entries, expected_last).IgnoreError();
    return fault->answer;
  }

 private:
  LogWriter* log_;
  std::function<void()> hook_;
  mutable absl::Mutex mutex_;
  int appends_ ABSL_GUARDED_BY(mutex_) = 0;
  std::deque<Fault> faults_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace interdict::log::testing
