#include "services/index/fold/snapshots.h"

#include <utility>

namespace interdict::index {

std::shared_ptr<const records::Reader> Snapshots::Take(const std::shared_ptr<records::Store>& store) {
  uint64_t epoch = 0;
  {
    absl::MutexLock lock(&state_->mutex);
    epoch = state_->epoch;
    ++state_->alive[epoch];
  }
  struct Held {
    std::shared_ptr<records::Store> store;
    std::shared_ptr<const records::Reader> reader;
  };
  auto held = std::make_unique<Held>();
  held->store = store;
  held->reader = store->Snapshot();
  const records::Reader* reader = held->reader.get();
  return std::shared_ptr<const records::Reader>(
      reader, [state = state_, epoch, held = std::shared_ptr<Held>(std::move(held))](const records::Reader*) mutable {
        held->reader.reset();
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
