// A bounded pool of threads for work that blocks (RocksDB, extraction, calls to other services), so that gRPC's own
// threads never do.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

namespace interdict::server {

// Thread-safe. Starts submitted work in order of submission on `threads` threads. Work must not throw, and must not
// stop the pool that it runs on.
class WorkerPool {
 public:
  // `name` appears in metrics and logs. `queue_limit`: how much work may wait.
  WorkerPool(std::string name, size_t threads, size_t queue_limit);
  // Stops.
  ~WorkerPool();

  // Queues the work; false (nothing queued) if the queue is full or the pool stopped.
  bool TrySubmit(std::function<void()> work);

  // Takes no more work, finishes what is queued, joins. Safe to call twice.
  void Stop();

  // How much work waits; what runs is not counted.
  size_t queued() const;
  const std::string& name() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace interdict::server
