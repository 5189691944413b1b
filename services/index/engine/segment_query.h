// A plan on one segment: opens what it needs there and runs it the way that skips most.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "services/index/engine/plan.h"
#include "services/index/engine/rank/executors.h"

namespace interdict::index {

// What a posting of each term can score at most, and the scale that makes integers of it.
struct Weights {
  // `statistics` null: those of the view.
  static Weights Make(const CollectionView& view, const Plan& plan, const ScoreStatistics* statistics);
  std::vector<double> by_term;  // idf × (k1 + 1) × field weight; times the clause's boost
  double scale = 1;             // a power of two
};

using NormsOf = std::function<const LengthNorms&(uint16_t text_field)>;

// Not thread-safe.
class SegmentQuery {
 public:
  SegmentQuery(const CollectionView& view, size_t index, const Plan& plan, const Weights& weights, NormsOf norms)
      : view_(view), index_(index), plan_(plan), weights_(weights), norms_(std::move(norms)) {}

  // Adds the segment's hits by relevance.
  absl::Status Run(const CheckCall& check, TopScores* top);
  const std::string& way() const { return way_; }

  // Text and filter as one operator.
  static absl::StatusOr<std::unique_ptr<Matcher>> Everything(const CollectionView& view, size_t index,
                                                             const Plan& plan);

 private:
  // A conjunction taken apart.
  struct Parts {
    std::vector<const PlannedNode*> terms;
    std::vector<const PlannedNode*> positional;
    std::vector<const PlannedNode*> conditions;  // not scored
    bool simple = true;                          // nothing else
  };
  static Parts TakeApart(const PlannedNode& text);

  const SegmentView& segment() const { return view_.segments[index_]; }
  absl::StatusOr<TermScorer*> Score(PostingCursor* cursor, const PlannedNode& node, float boost);
  // nullptr: the term is not here.
  absl::StatusOr<TermScorer*> OpenTerm(const PlannedNode& node, float boost);
  absl::StatusOr<std::unique_ptr<SegmentFilter>> Filter(const std::vector<const PlannedNode*>& more);
  absl::Status RunDisjunction(const CheckCall& check, TopScores* top);
  absl::Status RunConjunction(const Parts& parts, const CheckCall& check, TopScores* top);
  absl::Status RunOther(const CheckCall& check, TopScores* top);
  absl::Status CollectLeaves(const PlannedNode& node, float boost, size_t gate, std::vector<ScoredLeaf>& leaves);

  const CollectionView& view_;
  const size_t index_;
  const Plan& plan_;
  const Weights& weights_;
  const NormsOf norms_;
  std::string way_;

  std::deque<PostingCursor> cursors_;
  std::deque<TermScorer> scorers_;
  std::vector<std::unique_ptr<PositionalCursor>> positional_;
  std::vector<std::unique_ptr<Matcher>> gates_;
};

}  // namespace interdict::index
