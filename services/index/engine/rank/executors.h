// The ways in which a query runs on one segment, one file each. All give the same hits; the searcher picks the one that
// skips most.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "services/index/engine/matchers/positional_matcher.h"
#include "services/index/engine/rank/segment_filter.h"
#include "services/index/engine/rank/term_scorer.h"
#include "services/index/engine/rank/top_scores.h"

namespace interdict::index {

using CheckCall = std::function<absl::Status()>;

// Any of the terms (one, too): MaxScore over block bounds, a window of 4,096 documents at a time. Terms that cannot
// lift a document over the worst hit by themselves are only looked up for documents that others found.
absl::Status RunAny(const SegmentView& view, std::vector<TermScorer*> terms, SegmentFilter* filter,
                    const CheckCall& check, TopScores* top);

// All of the terms: the rarest leads, the others are sought; blocks whose bounds do not suffice are skipped. `checks`
// say whether the terms stand right; they share their cursors with the scorers.
absl::Status RunAll(const SegmentView& view, std::vector<TermScorer*> terms,
                    const std::vector<PositionalCursor*>& checks, SegmentFilter* filter, const CheckCall& check,
                    TopScores* top);

// Anything: the documents that match are found first, a window at a time, then scored. A leaf with a gate scores only
// where the gate matches.
struct ScoredLeaf {
  TermScorer* scorer = nullptr;
  size_t gate = SIZE_MAX;  // of `gates`
};
absl::Status RunMatching(const SegmentView& view, Matcher* match, const std::vector<ScoredLeaf>& leaves,
                         const std::vector<Matcher*>& gates, SegmentFilter* filter, const CheckCall& check,
                         TopScores* top);

}  // namespace interdict::index
