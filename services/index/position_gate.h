// Lets calls wait until the shard has come as far as they ask, without holding a thread for each.
#pragma once

#include <cstddef>
#include <functional>
#include <list>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "services/index/fold/shard.h"

namespace interdict::index {

// One waiter: what it waits for, until when, whether it still wants, and what to do then. `done` is called once, from
// the gate's thread or from the caller of Wait, and must be quick.
struct PositionWaiter {
  log::Positions positions;
  absl::Time deadline = absl::InfiniteFuture();
  std::function<bool()> cancelled = [] { return false; };
  std::function<void(absl::Status)> done;
};

// Thread-safe. Listens to the progress of the shard: made before Shard::Start, destroyed after Shard::Stop.
class PositionGate {
 public:
  // `limit`: how many may wait at a time.
  PositionGate(Shard* shard, size_t limit);
  ~PositionGate();

  // Reads a token. INVALID_ARGUMENT (INVALID_POSITION) if it is malformed or of another log. Empty: no positions.
  absl::StatusOr<log::Positions> Parse(const std::string& token) const;

  // Calls `done` with OK once the positions are reached, at once if they are; DEADLINE_EXCEEDED (POSITION_NOT_REACHED),
  // CANCELLED, UNAVAILABLE (INDEX_STOPPING), or RESOURCE_EXHAUSTED (WORK_QUEUE_FULL) at once if too many wait.
  void Wait(PositionWaiter waiter);

  // Answers all waiters, now and later, with UNAVAILABLE.
  void Close();

 private:
  void Run();
  // Takes out of the list those that are over, with their answers.
  std::list<std::pair<PositionWaiter, absl::Status>> TakeFinished() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status NotReached(const log::Positions& wanted, const Progress& progress) const;

  Shard* const shard_;
  const size_t limit_;
  absl::Mutex mutex_;
  std::list<PositionWaiter> waiters_ ABSL_GUARDED_BY(mutex_);
  bool progressed_ ABSL_GUARDED_BY(mutex_) = false;
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
  bool ended_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace interdict::index
