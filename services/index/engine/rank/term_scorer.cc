#include "services/index/engine/rank/term_scorer.h"

#include <algorithm>

namespace interdict::index {

LengthNorms::LengthNorms(double average_length) {
  base_ = kBm25K1 * (1 - kBm25B);
  slope_ = average_length > 0 ? kBm25K1 * kBm25B / static_cast<float>(average_length) : 0;
  for (uint32_t length = 0; length < kTable; ++length) table_[length] = Compute(length);
}

TermScorer::TermScorer(PostingCursor* cursor, float weight, const LengthView* lengths, const LengthNorms* norms)
    : cursor_(cursor),
      weight_(weight),
      lengths_(lengths),
      norms_(norms),
      bound_(BoundOf(cursor->impacts())),
      block_bounds_(cursor->blocks()) {}

uint32_t TermScorer::BoundOf(const Impacts& impacts) const {
  uint32_t bound = 0;
  for (int i = 0; i < kImpactPairs; ++i) {
    const uint8_t frequency = impacts.pairs[2 * i];
    if (frequency == 0) break;
    const uint32_t value =
        frequency == 255 ? static_cast<uint32_t>(weight_) : Value(frequency, LengthOfCode(impacts.pairs[2 * i + 1]));
    bound = std::max(bound, value);
  }
  // Division and multiplication round; a bound must not be below by an ulp.
  return bound + (bound >> 20) + 1;
}

}  // namespace interdict::index
