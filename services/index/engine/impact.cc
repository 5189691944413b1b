#include "services/index/engine/impact.h"

#include <algorithm>
#include <bit>
#include <utility>

namespace interdict::index {
namespace {

constexpr uint32_t kExact = 32;
constexpr uint32_t kStepsLog = 4;
constexpr uint32_t kUnused = UINT32_MAX;

}  // namespace

uint8_t LengthCode(uint32_t length) {
  if (length < kExact) return static_cast<uint8_t>(length);
  const auto octave = static_cast<uint32_t>(std::bit_width(length)) - 1;  // >= 5
  const uint32_t step = (length >> (octave - kStepsLog)) - (1U << kStepsLog);
  const uint32_t code = kExact + ((octave - 5) << kStepsLog) + step;
  return static_cast<uint8_t>(std::min<uint32_t>(code, 255));
}

uint32_t LengthOfCode(uint8_t code) {
  if (code < kExact) return code;
  const uint32_t octave = 5 + ((code - kExact) >> kStepsLog);
  const uint32_t step = (code - kExact) & ((1U << kStepsLog) - 1);
  return (step + (1U << kStepsLog)) << (octave - kStepsLog);
}

void ImpactBuilder::Clear() {
  least_.fill(kUnused);
  most_ = 0;
}

void ImpactBuilder::Merge(const ImpactBuilder& other) {
  for (uint32_t i = 0; i < kBuckets; ++i) least_[i] = std::min(least_[i], other.least_[i]);
  most_ = std::max(most_, other.most_);
}

Impacts ImpactBuilder::Build() const {
  // From the highest frequency down, those that are shorter than all before.
  std::array<std::pair<uint32_t, uint32_t>, kBuckets> best;
  uint32_t count = 0;
  uint32_t shortest = kUnused;
  for (uint32_t i = kBuckets; i-- > 0;) {
    if (least_[i] >= shortest) continue;
    shortest = least_[i];
    best[count++] = {i == kBuckets - 1 ? most_ : i, shortest};
  }
  // Too many: the highest two become one. Frequencies saturate, so little is lost there.
  uint32_t begin = 0;
  while (count - begin > kImpactPairs) {
    best[begin + 1].first = best[begin].first;
    ++begin;
  }
  Impacts impacts;
  for (uint32_t i = begin; i < count; ++i) {
    const uint32_t at = 2 * (count - 1 - i);
    impacts.pairs[at] = static_cast<uint8_t>(std::min<uint32_t>(best[i].first, 255));
    impacts.pairs[at + 1] = LengthCode(best[i].second);
  }
  return impacts;
}

}  // namespace interdict::index
