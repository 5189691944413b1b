#include "services/index/engine/rank/segment_filter.h"

#include <algorithm>
#include <utility>

namespace interdict::index {

void SetAlive(const SegmentView& view, uint32_t window, WindowBits* bits) {
  bits->SetFirst(view.segment->WindowDocuments(window));
  if (view.dead == nullptr) return;
  const uint64_t* dead = view.dead->words.data() + uint64_t{window} * kWindowWords;
  for (uint32_t i = 0; i < kWindowWords; ++i) bits->words[i] &= ~dead[i];
}

SegmentFilter::SegmentFilter(const SegmentView* view, std::vector<std::unique_ptr<Matcher>> conditions)
    : view_(view), estimate_(view->segment->size()) {
  for (auto& condition : conditions) {
    estimate_ = std::min(estimate_, condition->estimate());
    const bool dear = condition->has_test() && condition->window_cost() >= kWindowSize / 4;
    (dear ? by_document_ : by_window_).push_back(std::move(condition));
  }
  possible_ = estimate_ > 0;
  std::stable_sort(by_window_.begin(), by_window_.end(),
                   [](const auto& a, const auto& b) { return a->estimate() < b->estimate(); });
}

absl::Status SegmentFilter::Enter(uint32_t window) {
  if (window == window_ || by_window_.empty()) return absl::OkStatus();
  window_ = window;
  SetAlive(*view_, window, &bits_);
  for (const auto& condition : by_window_) {
    if (absl::Status status = condition->Narrow(window, &bits_); !status.ok()) return status;
  }
  return absl::OkStatus();
}

}  // namespace interdict::index
