#include "services/index/fold/snapshots.h"

#include <utility>

namespace interdict::index {

std::shared_ptr<const SearchSnapshot> Snapshots::Take(const std::shared_ptr<IndexedStore>& store) {
  uint64_t epoch = 0;
  {
    absl::MutexLock lock(&state_->mutex);
    epoch = state_->epoch;
    ++state_->alive[epoch];
  }
  struct Held {
    std::shared_ptr<IndexedStore> store;
    std::shared_ptr<const SearchSnapshot> snapshot;
  };
  auto held = std::make_unique<Held>();
  held->store = store;
  held->snapshot = store->search().Snapshot();
  const SearchSnapshot* snapshot = held->snapshot.get();
  return std::shared_ptr<const SearchSnapshot>(
      snapshot, [state = state_, epoch, held = std::shared_ptr<Held>(std::move(held))](const SearchSnapshot*) mutable {
        held->snapshot.reset();
        held->store.reset();
        absl::MutexLock lock(&state->mutex);
        if (--state->alive[epoch] == 0) state->alive.erase(epoch);
      });
}

void Snapshots::WaitForOlder() {
  absl::MutexLock lock(&state_->mutex);
  const uint64_t older = state_->epoch++;
  const auto none_older = [state = state_.get(), older]() ABSL_NO_THREAD_SAFETY_ANALYSIS {
    return state->alive.empty() || state->alive.begin()->first > older;
  };
  state_->mutex.Await(absl::Condition(&none_older));
}

}  // namespace interdict::index
