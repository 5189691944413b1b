// A linear classifier over hashed features: each slot holds a row of int8 weights, one per class. Taggers and parser
// sum the rows of their features and take the best class.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace interdict::pipeline {

// Immutable and thread-safe once parsed.
class LinearModel {
 public:
  // The most classes a model may have, padding included; a caller's score array is this long.
  static constexpr uint32_t kMaxClasses = 64;

  // Reads what Serialize wrote. DATA_LOSS for bytes that are cut short or damaged, FAILED_PRECONDITION for another
  // number of classes than `classes`.
  static absl::StatusOr<LinearModel> Parse(std::string_view bytes, uint32_t classes);

  // Writes rows (`classes` weights each, a power of two of them) in the compact form: only rows and weights that are
  // not zero.
  static std::string Serialize(const std::vector<int8_t>& weights, uint32_t classes);

  uint32_t classes() const { return classes_; }
  // Adds the row of a feature. `scores` has room for kMaxClasses; at most 250 features fit an int16.
  void Add(uint32_t feature, int16_t* scores) const {
    const int8_t* row = weights_.data() + static_cast<size_t>(feature & mask_) * stride_;
    if (stride_ == kNarrow) {
      for (uint32_t i = 0; i < kNarrow; ++i) scores[i] = static_cast<int16_t>(scores[i] + row[i]);
      return;
    }
    for (uint32_t block = 0; block < stride_; block += kBlock)
      for (uint32_t i = 0; i < kBlock; ++i)
        scores[block + i] = static_cast<int16_t>(scores[block + i] + row[block + i]);
  }
  // The class with the highest score; the lower one of equals.
  uint32_t Best(const int16_t* scores) const {
    uint32_t best = 0;
    for (uint32_t i = 1; i < classes_; ++i)
      if (scores[i] > scores[best]) best = i;
    return best;
  }

 private:
  static constexpr uint32_t kBlock = 8;
  static constexpr uint32_t kNarrow = 4;  // the stride of a model of few classes

  uint32_t classes_ = 0;
  uint32_t stride_ = 0;
  uint32_t mask_ = 0;
  std::vector<int8_t> weights_;
};

}  // namespace interdict::pipeline
