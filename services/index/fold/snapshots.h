// Hands out snapshots of a store and knows which are still alive: text that was taken down can leave the files only
// when no reader from before holds on to it.
#pragma once

#include <cstdint>
#include <map>
#include <memory>

#include "absl/synchronization/mutex.h"
#include "services/index/fold/indexed_store.h"

namespace interdict::index {

// Thread-safe. The snapshots may outlive it, and keep their store alive.
class Snapshots {
 public:
  Snapshots() : state_(std::make_shared<State>()) {}

  std::shared_ptr<const SearchSnapshot> Take(const std::shared_ptr<IndexedStore>& store);

  // Blocks until all snapshots that were taken before this call are gone.
  void WaitForOlder();

 private:
  struct State {
    absl::Mutex mutex;
    uint64_t epoch ABSL_GUARDED_BY(mutex) = 0;
    std::map<uint64_t, uint64_t> alive ABSL_GUARDED_BY(mutex);  // epoch to how many
  };

  std::shared_ptr<State> state_;
};

}  // namespace interdict::index
