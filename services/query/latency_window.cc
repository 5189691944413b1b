#include "services/query/latency_window.h"

#include <algorithm>

namespace interdict::query {

void LatencyWindow::Add(absl::Duration latency) {
  std::lock_guard lock(mutex_);
  if (samples_.size() < kSamples) {
    samples_.push_back(latency);
  } else {
    samples_[added_ % kSamples] = latency;
  }
  if (++added_ % kEnough != 0) return;
  std::vector<absl::Duration> sorted = samples_;
  const auto rank = static_cast<size_t>(quantile_ * static_cast<double>(sorted.size() - 1));
  std::nth_element(sorted.begin(), sorted.begin() + static_cast<std::ptrdiff_t>(rank), sorted.end());
  told_ = sorted[rank];
}

absl::Duration LatencyWindow::Quantile() const {
  std::lock_guard lock(mutex_);
  return told_;
}

}  // namespace interdict::query
