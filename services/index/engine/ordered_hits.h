// The first hits in the order of a column or of numbers. Where a segment keeps the order on disk and the filter is not
// selective, it walks that order and asks the filter about each document; otherwise it goes through the matches.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "services/index/engine/plan.h"
#include "services/index/engine/query.h"
#include "services/index/engine/rank/executors.h"
#include "services/index/engine/segment.h"

namespace interdict::index {

// Not thread-safe.
class OrderedHits {
 public:
  OrderedHits(const Order& order, const std::optional<SortKey>& after, size_t limit)
      : order_(order), after_(after), limit_(limit) {}

  // Makes matchers for the current segment; called anew when a walk is given up.
  using MakeMatchers = std::function<absl::StatusOr<std::unique_ptr<Matcher>>()>;
  absl::Status Run(const SegmentView& view, const MakeMatchers& make, const CheckCall& check);

  // First first.
  std::vector<SortKey> Take();
  // How segments were run, for the plan.
  size_t walked() const { return walked_; }

 private:
  // Whether `a` comes before `b`.
  bool Before(const SortKey& a, const SortKey& b) const;
  void Push(const SortKey& key);
  bool Full() const { return heap_.size() >= limit_; }
  SortKey KeyOf(const Segment& segment, const NumberColumnView* column, uint32_t doc) const;
  // False: given up.
  absl::StatusOr<bool> Walk(const SegmentView& view, const NumberColumnView& column, std::string_view sorted,
                            Matcher& matcher);
  absl::Status Scan(const SegmentView& view, const NumberColumnView* column, Matcher& matcher, const CheckCall& check);

  const Order order_;
  const std::optional<SortKey> after_;
  const size_t limit_;
  std::vector<SortKey> heap_;  // the last on top
  size_t walked_ = 0;
};

}  // namespace interdict::index
