// BM25 of one term in one segment. Scores are integers of a fixed scale, so that their sums do not depend on the order
// of adding, and two replicas that hold the same documents in different segments give the same answers.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "services/index/engine/columns.h"
#include "services/index/engine/postings.h"
#include "storage/records/store.h"

namespace interdict::index {

inline constexpr float kBm25K1 = 1.2F;
inline constexpr float kBm25B = 0.75F;

// k1 × (1 - b + b × length / average), by length. Immutable.
class LengthNorms {
 public:
  explicit LengthNorms(double average_length);
  float At(uint32_t length) const { return length < kTable ? table_[length] : Compute(length); }

 private:
  static constexpr uint32_t kTable = 1024;
  float Compute(uint32_t length) const { return base_ + slope_ * static_cast<float>(length); }
  float base_;
  float slope_;
  std::array<float, kTable> table_;
};

// Not thread-safe.
class TermScorer {
 public:
  // `weight` is the most that a posting can score, times the scale; < 2^31. `lengths` null: no document has a length.
  TermScorer(PostingCursor* cursor, float weight, const LengthView* lengths, const LengthNorms* norms);

  PostingCursor& cursor() const { return *cursor_; }
  uint32_t Score(uint32_t doc, uint32_t frequency) const {
    return Value(frequency, lengths_ == nullptr ? 0 : lengths_->At(doc));
  }
  uint32_t ScoreHere() const { return Score(cursor_->doc(), cursor_->frequency()); }
  // Not below the score of any posting of the list, or of a block.
  uint32_t bound() const { return bound_; }
  uint32_t BlockBound(uint32_t block) {
    uint32_t& bound = block_bounds_[block];
    if (bound == 0) bound = BoundOf(cursor_->BlockImpacts(block));
    return bound;
  }

 private:
  uint32_t Value(uint32_t frequency, uint32_t length) const {
    const auto tf = static_cast<float>(frequency);
    return static_cast<uint32_t>(static_cast<int32_t>(weight_ * (tf / (tf + norms_->At(length)))));
  }
  uint32_t BoundOf(const Impacts& impacts) const;

  PostingCursor* const cursor_;
  const float weight_;
  const LengthView* const lengths_;
  const LengthNorms* const norms_;
  uint32_t bound_;
  std::vector<uint32_t> block_bounds_;
};

}  // namespace interdict::index
