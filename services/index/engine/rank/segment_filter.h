// What is not scored of a query on one segment: the filter and the removed documents. Operators that are cheap for
// whole windows are asked so, before scoring; those that are cheap for single documents are asked of what scores well
// enough.
#pragma once

#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "services/index/engine/matchers/matcher.h"

namespace interdict::index {

// Not thread-safe. Windows in ascending order.
class SegmentFilter {
 public:
  SegmentFilter(const SegmentView* view, std::vector<std::unique_ptr<Matcher>> conditions);

  // False: nothing of this segment passes.
  bool possible() const { return possible_; }
  bool has_bits() const { return !by_window_.empty(); }
  // Makes `window` the current one. Cheap if it is already.
  absl::Status Enter(uint32_t window);
  // The bits of the current window; the removed are not among them. Only with has_bits().
  const WindowBits& bits() const { return bits_; }
  // The rest, for a document that passed bits() where there are.
  bool Test(uint32_t doc) const {
    if (by_window_.empty() && view_->dead != nullptr && view_->dead->Test(doc)) return false;
    for (const auto& condition : by_document_) {
      if (!condition->Test(doc)) return false;
    }
    return true;
  }
  // At least as many documents as pass.
  uint64_t estimate() const { return estimate_; }

 private:
  const SegmentView* view_;
  std::vector<std::unique_ptr<Matcher>> by_window_;
  std::vector<std::unique_ptr<Matcher>> by_document_;
  bool possible_ = true;
  uint64_t estimate_ = 0;
  uint32_t window_ = UINT32_MAX;
  WindowBits bits_;
};

// The documents of a window that are alive.
void SetAlive(const SegmentView& view, uint32_t window, WindowBits* bits);

}  // namespace interdict::index
