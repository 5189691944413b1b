// Waits for entries on behalf of many callers with one thread a partition, so that a waiting call holds no thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "storage/log/log.h"

namespace interdict::log {

// Thread-safe. One mutex a partition; callbacks are run without it, each once, by the partition's thread or by Stop.
class EntryWaiters {
 public:
  // The last sequence of the partition, or why it is not known: an error of the log, or UNAVAILABLE (LOG_STOPPING).
  using Done = std::function<void(absl::StatusOr<uint64_t> last)>;

  // `log` must outlive this object. `limit`: how many may wait in one partition.
  EntryWaiters(LogReader* log, const LogIdentity& identity, size_t limit);
  // Stops.
  ~EntryWaiters();

  // Calls `done` as soon as the partition has an entry above `after`, or soon after `deadline`. Returns a number for
  // Cancel. NOT_FOUND: no such partition. RESOURCE_EXHAUSTED (TOO_MANY_WAITS, with a retry hint): the limit is reached.
  // UNAVAILABLE (LOG_STOPPING): stopped.
  absl::StatusOr<uint64_t> Add(PartitionId partition, uint64_t after, absl::Time deadline, Done done);

  // Forgets a wait. True if its `done` was not called, and now never will be.
  bool Cancel(PartitionId partition, uint64_t number);

  // Ends all waits and takes no more. Safe to call twice.
  void Stop();

 private:
  class Lane;
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace interdict::log
