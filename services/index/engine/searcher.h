// Runs a query over one state of a collection: plans it, picks for each segment the way that skips most, and puts hits,
// count and facets together.
#pragma once

#include <array>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "services/index/engine/plan.h"
#include "services/index/engine/query.h"
#include "services/index/engine/rank/term_scorer.h"

namespace interdict::index {

// Immutable but for what it remembers; thread-safe.
class Searcher {
 public:
  explicit Searcher(CollectionView view) : view_(std::move(view)) {}

  absl::StatusOr<SearchResult> Search(const Query& query) const;
  absl::StatusOr<ScoreStatistics> Statistics(const Query& query) const;
  absl::StatusOr<std::vector<uint64_t>> Matches(const Query& query, uint64_t after_number, size_t limit) const;
  const CollectionView& view() const { return view_; }

 private:
  friend class SearchRun;
  // Of a text field, made when first asked for.
  const LengthNorms& Norms(uint16_t text_field) const;

  const CollectionView view_;
  struct LazyNorms {
    std::once_flag once;
    std::unique_ptr<LengthNorms> norms;
  };
  mutable std::array<LazyNorms, 32> norms_;
};

}  // namespace interdict::index
