// An operator of a query on one segment: which documents match. One file an operator; all of them answer for a window
// of documents at a time, those that are cheap to ask also for one document.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "services/index/engine/plan.h"
#include "services/index/engine/segment.h"
#include "services/index/engine/window_bits.h"

namespace interdict::index {

// Not thread-safe; the segment and the plan must outlive it. Windows are asked in ascending order, each at most once.
class Matcher {
 public:
  virtual ~Matcher() = default;
  // Clears the bits of the window's documents that do not match.
  virtual absl::Status Narrow(uint32_t window, WindowBits* bits) = 0;
  // Whether single documents can be asked, in any order.
  virtual bool has_test() const { return false; }
  virtual bool Test(uint32_t /*doc*/) const { return false; }
  // At least as many documents as match.
  virtual uint64_t estimate() const = 0;
  // What it costs to narrow a full window, in nanoseconds or so. For the order of operands.
  virtual uint64_t window_cost() const = 0;
};

// The operators for `node` on segment `index` of the view.
absl::StatusOr<std::unique_ptr<Matcher>> MakeMatcher(const CollectionView& view, size_t index, const Plan& plan,
                                                     const PlannedNode& node);

// One file each; called by MakeMatcher.
std::unique_ptr<Matcher> MakeConstant(bool matches, uint32_t documents);
std::unique_ptr<Matcher> MakeAnd(std::vector<std::unique_ptr<Matcher>> children);
std::unique_ptr<Matcher> MakeOr(std::vector<std::unique_ptr<Matcher>> children);
std::unique_ptr<Matcher> MakeNot(std::unique_ptr<Matcher> child, uint32_t documents);
absl::StatusOr<std::unique_ptr<Matcher>> MakeTerm(const Segment& segment, const records::PinnedValue& list);
absl::StatusOr<std::unique_ptr<Matcher>> MakePositional(const Segment& segment, size_t index, const Plan& plan,
                                                        const PlannedNode& node);
absl::StatusOr<std::unique_ptr<Matcher>> MakeKeyword(const Segment& segment, const QueryNode& node);
absl::StatusOr<std::unique_ptr<Matcher>> MakeRange(const Segment& segment, const QueryNode& node);
absl::StatusOr<std::unique_ptr<Matcher>> MakeInterval(const Segment& segment, const QueryNode& node);
absl::StatusOr<std::unique_ptr<Matcher>> MakeWithin(const Segment& segment, const QueryNode& node);

}  // namespace interdict::index
