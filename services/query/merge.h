// Makes one answer of the answers of several shards: positions, hits in their order, counts, facets, statistics.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "interdict/internal/v1/index_service.pb.h"
#include "interdict/v1/query_service.pb.h"
#include "services/query/page_token.h"

namespace interdict::query {

// The position that all answers together were computed from: of each partition the lowest that an answer names.
// INTERNAL if the shards follow different logs.
absl::StatusOr<std::string> MergePositions(const std::vector<std::string>& tokens);

// One a shard, in their order; nullopt: the shard did not answer.
using SearchAnswers = std::vector<std::optional<internal::v1::SearchResponse>>;

// The page, in order. `asked[i]` is the cursor that shard i answered to.
struct MergedHits {
  std::vector<internal::v1::SearchHit> hits;
  // The shard of each hit.
  std::vector<size_t> shards;
  // Where each shard goes on behind the page; a missing one where it was.
  std::vector<ShardCursor> cursors;
  // Whether a hit follows, as far as is known.
  bool more = false;
};

// The first `page_size` of all hits. Takes the hits out of the answers. The order of hits of different shards is that
// told at internal.v1.SearchCursor; between equals the shard decides, so that it is the same at every call.
MergedHits MergeHits(SearchAnswers& answers, const std::vector<ShardCursor>& asked, size_t page_size);

// The cursors after the first hits of a page were delivered: `asked` moved behind `hit` of `shard`.
HitPlace PlaceOf(const internal::v1::SearchCursor& cursor);

// The sum of what the shards counted for their facet `index`, in the order asked and cut to `limit`.
struct MergedBuckets {
  std::vector<v1::FacetBucket> buckets;
  uint64_t bucket_count = 0;
};
MergedBuckets MergeFacet(const SearchAnswers& answers, int index, v1::BucketOrder order, size_t limit);

// Exact if all are.
v1::TotalCount MergeTotals(const SearchAnswers& answers);

// What most shards that say anything propose; the first of them between equals.
std::string MergeDidYouMean(const SearchAnswers& answers);

// The plans, each under the number of its shard if there are several.
std::string MergePlans(const SearchAnswers& answers);

// Adds `more` to `sum`.
void AddStatistics(const internal::v1::SearchStatistics& more, internal::v1::SearchStatistics* sum);

}  // namespace interdict::query
