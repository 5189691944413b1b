#include "services/index/engine/ordered_hits.h"

#include <algorithm>

namespace interdict::index {
namespace {

// Matches that are cheaper to go through than any order.
constexpr uint64_t kFewMatches = 4096;
constexpr uint64_t kFreeSteps = 4096;

}  // namespace

bool OrderedHits::Before(const SortKey& a, const SortKey& b) const {
  if (order_.by == Order::By::kColumn) {
    if (a.missing != b.missing) return b.missing;
    if (!a.missing && a.value != b.value) return order_.descending ? a.value > b.value : a.value < b.value;
  }
  return order_.descending ? a.number > b.number : a.number < b.number;
}

void OrderedHits::Push(const SortKey& key) {
  if (limit_ == 0 || (after_.has_value() && !Before(*after_, key))) return;
  const auto before = [this](const SortKey& a, const SortKey& b) { return Before(a, b); };
  if (Full()) {
    if (!Before(key, heap_.front())) return;
    std::pop_heap(heap_.begin(), heap_.end(), before);
    heap_.back() = key;
  } else {
    heap_.push_back(key);
  }
  std::push_heap(heap_.begin(), heap_.end(), before);
}

SortKey OrderedHits::KeyOf(const Segment& segment, const NumberColumnView* column, uint32_t doc) const {
  SortKey key;
  key.number = segment.number(doc);
  if (order_.by != Order::By::kColumn) return key;
  key.missing = true;
  if (column == nullptr) return key;
  column->ForEach(doc, [this, &key](int64_t value) {
    if (key.missing || (order_.descending ? value > key.value : value < key.value)) key.value = value;
    key.missing = false;
  });
  return key;
}

absl::StatusOr<bool> OrderedHits::Walk(const SegmentView& view, const NumberColumnView& column, std::string_view sorted,
                                       Matcher& matcher) {
  const auto count = static_cast<uint32_t>(sorted.size() / 4);
  const auto doc_at = [&](uint32_t step) {
    const uint32_t place = order_.descending ? step : count - 1 - step;
    return LoadInteger<uint32_t>(sorted.data() + uint64_t{place} * 4);
  };
  uint32_t step = 0;
  if (after_.has_value()) {
    if (after_->missing) return false;
    uint32_t high = count;
    while (step < high) {  // the first behind the cursor
      const uint32_t middle = step + (high - step) / 2;
      if (Before(*after_, KeyOf(*view.segment, &column, doc_at(middle)))) {
        high = middle;
      } else {
        step = middle + 1;
      }
    }
  }
  // If matches were spread evenly, this many steps would do several times over.
  const uint64_t estimate = std::max<uint64_t>(matcher.estimate(), 1);
  uint64_t budget = kFreeSteps + view.segment->size() * limit_ * 8 / estimate;
  size_t taken = 0;
  for (; step < count && taken < limit_; ++step) {
    if (budget-- == 0) return false;
    const uint32_t doc = doc_at(step);
    if (view.dead != nullptr && view.dead->Test(doc)) continue;
    if (!matcher.Test(doc)) continue;
    const SortKey key = KeyOf(*view.segment, &column, doc);
    if (Full() && !Before(key, heap_.front())) return true;
    Push(key);
    ++taken;
  }
  // Documents without a value are not in the order.
  return taken == limit_ || count == view.segment->size();
}

absl::Status OrderedHits::Scan(const SegmentView& view, const NumberColumnView* column, Matcher& matcher,
                               const CheckCall& check) {
  WindowBits bits;
  for (uint32_t window = 0; window < view.segment->windows(); ++window) {
    if (check) {
      if (absl::Status status = check(); !status.ok()) return status;
    }
    if (order_.by == Order::By::kNumber && Full()) {
      SortKey best;  // of the rest of the segment
      best.number = order_.descending ? view.segment->last_number() : view.segment->number(window * kWindowSize);
      if (!Before(best, heap_.front())) break;
    }
    SetAlive(view, window, &bits);
    if (absl::Status status = matcher.Narrow(window, &bits); !status.ok()) return status;
    bits.ForEach([&](uint32_t bit) { Push(KeyOf(*view.segment, column, window * kWindowSize + bit)); });
  }
  return absl::OkStatus();
}

absl::Status OrderedHits::Run(const SegmentView& view, const MakeMatchers& make, const CheckCall& check) {
  if (limit_ == 0) return absl::OkStatus();
  const NumberColumnView* column = nullptr;
  std::string_view sorted;
  if (order_.by == Order::By::kColumn) {
    auto numbers = view.segment->Numbers(order_.column);
    if (!numbers.ok()) return numbers.status();
    column = *numbers;
    auto order = view.segment->Sorted(order_.column);
    if (!order.ok()) return order.status();
    sorted = *order;
  }
  auto matcher = make();
  if (!matcher.ok()) return matcher.status();
  const uint64_t estimate = (*matcher)->estimate();
  if (estimate == 0) return absl::OkStatus();
  if (column != nullptr && !sorted.empty() && (*matcher)->has_test() && estimate > kFewMatches) {
    const std::vector<SortKey> before = heap_;
    auto done = Walk(view, *column, sorted, **matcher);
    if (!done.ok()) return done.status();
    if (*done) {
      ++walked_;
      return absl::OkStatus();
    }
    heap_ = before;
  }
  return Scan(view, column, **matcher, check);
}

std::vector<SortKey> OrderedHits::Take() {
  std::sort(heap_.begin(), heap_.end(), [this](const SortKey& a, const SortKey& b) { return Before(a, b); });
  return std::move(heap_);
}

}  // namespace interdict::index
