// What a posting may be worth at most: the best (frequency, document length) pairs of a block of postings, small enough
// to stand in its skip entry. Bounds hold whatever the average length and the weights are when a query is run.
#pragma once

#include <array>
#include <cstdint>

namespace interdict::index {

// Lengths in one byte: exact below 32, then 16 steps an octave; decoding gives the least length of the code.
uint8_t LengthCode(uint32_t length);
uint32_t LengthOfCode(uint8_t code);

// Three pairs of (frequency, length code), frequency ascending; frequency 0: unused, 255: any.
inline constexpr int kImpactPairs = 3;
struct Impacts {
  std::array<uint8_t, 2 * kImpactPairs> pairs{};
};

// Collects postings and gives pairs that dominate all of them.
class ImpactBuilder {
 public:
  ImpactBuilder() { Clear(); }
  void Add(uint32_t frequency, uint32_t length) {
    const uint32_t bucket = frequency < kBuckets ? frequency : kBuckets - 1;
    if (length < least_[bucket]) least_[bucket] = length;
    if (frequency > most_) most_ = frequency;
  }
  void Merge(const ImpactBuilder& other);
  Impacts Build() const;
  void Clear();

 private:
  static constexpr uint32_t kBuckets = 9;  // the last: this frequency and all above
  std::array<uint32_t, kBuckets> least_{};
  uint32_t most_ = 0;
};

}  // namespace interdict::index
