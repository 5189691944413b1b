#include <cmath>

#include "services/index/engine/matchers/matcher.h"

namespace interdict::index {
namespace {

class RangeMatcher : public Matcher {
 public:
  RangeMatcher(const NumberColumnView* column, NumberColumnView::CodeRange range) : column_(column), range_(range) {}

  absl::Status Narrow(uint32_t window, WindowBits* bits) override {
    const uint32_t base = window * kWindowSize;
    if (column_->single() && column_->codes().width() == 2 && bits->Count() > kWindowSize / 8) {
      NarrowShorts(base, bits);
      return absl::OkStatus();
    }
    bits->Filter([this, base](uint32_t bit) { return Test(base + bit); });
    return absl::OkStatus();
  }
  bool has_test() const override { return true; }
  bool Test(uint32_t doc) const override {
    if (column_->single()) {
      const uint64_t code = column_->codes().At(doc);
      return code - range_.first <= range_.last - range_.first;
    }
    bool found = false;
    column_->codes().ForEach(
        doc, [this, &found](uint64_t code) { found = found || (code >= range_.first && code <= range_.last); });
    return found;
  }
  uint64_t estimate() const override { return column_->documents(); }
  uint64_t window_cost() const override { return kWindowSize / 2; }

 private:
  // Sixty-four documents a step, without branches.
  void NarrowShorts(uint32_t base, WindowBits* bits) const {
    const auto first = static_cast<uint16_t>(range_.first);
    const auto width = static_cast<uint16_t>(range_.last - range_.first);
    const char* codes = column_->codes().codes() + uint64_t{base} * 2;
    const uint32_t documents = std::min(kWindowSize, column_->documents() - base);
    for (uint32_t word = 0; word * 64 < documents; ++word) {
      const uint32_t count = std::min<uint32_t>(64, documents - word * 64);
      uint64_t found = 0;
      for (uint32_t i = 0; i < count; ++i) {
        const auto code = LoadInteger<uint16_t>(codes + uint64_t{word * 64 + i} * 2);
        found |= uint64_t{static_cast<uint16_t>(code - first) <= width} << i;
      }
      bits->words[word] &= found;
    }
  }

  const NumberColumnView* column_;
  const NumberColumnView::CodeRange range_;
};

class IntervalMatcher : public Matcher {
 public:
  IntervalMatcher(const NumberColumnView* lows, const NumberColumnView* highs, const QueryNode& node)
      : lows_(lows), highs_(highs), low_(node.low), high_(node.high), certainty_(node.certainty) {}

  absl::Status Narrow(uint32_t window, WindowBits* bits) override {
    const uint32_t base = window * kWindowSize;
    bits->Filter([this, base](uint32_t bit) { return Test(base + bit); });
    return absl::OkStatus();
  }
  bool has_test() const override { return true; }
  bool Test(uint32_t doc) const override {
    std::vector<int64_t>& lows = lows_of_doc_;
    lows.clear();
    lows_->ForEach(doc, [&lows](int64_t value) { lows.push_back(value); });
    if (lows.empty()) return false;
    size_t i = 0;
    bool found = false;
    highs_->ForEach(doc, [&](int64_t high) {
      if (i >= lows.size()) return;
      const int64_t low = lows[i++];
      found = found || (certainty_ == QueryNode::Certainty::kPossibly ? low <= high_ && high >= low_
                                                                      : low >= low_ && high <= high_);
    });
    return found;
  }
  uint64_t estimate() const override { return lows_->documents(); }
  uint64_t window_cost() const override { return uint64_t{kWindowSize} * 4; }

 private:
  const NumberColumnView* lows_;
  const NumberColumnView* highs_;
  const int64_t low_;
  const int64_t high_;
  const QueryNode::Certainty certainty_;
  mutable std::vector<int64_t> lows_of_doc_;  // kept for its memory
};

constexpr double kEarthKm = 6371.0088;
constexpr double kRadians = 3.14159265358979323846 / 180;

class WithinMatcher : public Matcher {
 public:
  WithinMatcher(const GeoColumnView* points, const QueryNode& node, uint32_t documents)
      : points_(points),
        latitude_(node.latitude * kRadians),
        longitude_(node.longitude * kRadians),
        km_(node.km),
        margin_(node.km / kEarthKm + 1e-9),
        documents_(documents) {}

  absl::Status Narrow(uint32_t window, WindowBits* bits) override {
    const uint32_t base = window * kWindowSize;
    bits->Filter([this, base](uint32_t bit) { return Test(base + bit); });
    return absl::OkStatus();
  }
  bool has_test() const override { return true; }
  bool Test(uint32_t doc) const override {
    bool found = false;
    points_->ForEach(doc, [this, &found](StoredPoint point) { found = found || IsNear(point); });
    return found;
  }
  uint64_t estimate() const override { return documents_; }
  uint64_t window_cost() const override { return uint64_t{kWindowSize} * 4; }

 private:
  // Great-circle distance by the haversine formula, which is exact for near points.
  bool IsNear(StoredPoint point) const {
    const double latitude = point.latitude * 1e-7 * kRadians;
    if (std::abs(latitude - latitude_) > margin_) return false;
    const double longitude = point.longitude * 1e-7 * kRadians;
    const double a = std::sin((latitude - latitude_) / 2);
    const double b = std::sin((longitude - longitude_) / 2);
    const double h = a * a + std::cos(latitude) * std::cos(latitude_) * b * b;
    return 2 * kEarthKm * std::asin(std::min(1.0, std::sqrt(h))) <= km_;
  }

  const GeoColumnView* points_;
  const double latitude_;
  const double longitude_;
  const double km_;
  const double margin_;
  const uint32_t documents_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Matcher>> MakeRange(const Segment& segment, const QueryNode& node) {
  auto column = segment.Numbers(node.field);
  if (!column.ok()) return column.status();
  if (*column == nullptr) return MakeConstant(false, segment.size());
  const bool any = node.kind == QueryNode::Kind::kColumnExists;
  const auto range = any ? (*column)->RangeOf(INT64_MIN, INT64_MAX) : (*column)->RangeOf(node.low, node.high);
  if (range.first > range.last) return MakeConstant(false, segment.size());
  return std::unique_ptr<Matcher>(std::make_unique<RangeMatcher>(*column, range));
}

absl::StatusOr<std::unique_ptr<Matcher>> MakeInterval(const Segment& segment, const QueryNode& node) {
  auto lows = segment.Numbers(node.field);
  if (!lows.ok()) return lows.status();
  auto highs = segment.Numbers(node.field_high);
  if (!highs.ok()) return highs.status();
  if (*lows == nullptr || *highs == nullptr || node.low > node.high) return MakeConstant(false, segment.size());
  return std::unique_ptr<Matcher>(std::make_unique<IntervalMatcher>(*lows, *highs, node));
}

absl::StatusOr<std::unique_ptr<Matcher>> MakeWithin(const Segment& segment, const QueryNode& node) {
  auto points = segment.Points(node.field);
  if (!points.ok()) return points.status();
  if (*points == nullptr) return MakeConstant(false, segment.size());
  return std::unique_ptr<Matcher>(std::make_unique<WithinMatcher>(*points, node, segment.size()));
}

}  // namespace interdict::index
