// How long a shard's replicas took lately: tells when an answer is late enough to ask a second replica.
#pragma once

#include <cstddef>
#include <mutex>
#include <vector>

#include "absl/time/time.h"

namespace interdict::query {

// The last samples of a kind of question. Thread-safe.
class LatencyWindow {
 public:
  // `quantile` from 0 to 1; `initial` is told until there are enough samples to know better.
  LatencyWindow(double quantile, absl::Duration initial) : quantile_(quantile), told_(initial) {}

  void Add(absl::Duration latency);

  // The quantile of the last samples.
  absl::Duration Quantile() const;

  static constexpr size_t kSamples = 256;
  static constexpr size_t kEnough = 32;  // samples before the window is believed; and how often it is computed anew

 private:
  const double quantile_;
  mutable std::mutex mutex_;
  std::vector<absl::Duration> samples_;  // a ring; guarded by mutex_
  size_t added_ = 0;                     // guarded by mutex_
  absl::Duration told_;                  // guarded by mutex_
};

}  // namespace interdict::query
