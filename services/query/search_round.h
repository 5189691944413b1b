// Runs one search over all shards: first, where scores must mean the same everywhere, a round for the statistics, then
// the search itself.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "interdict/internal/v1/index_service.pb.h"
#include "interdict/v1/search.pb.h"
#include "services/query/merge.h"
#include "services/query/page_token.h"
#include "services/query/scatter_gather.h"
#include "services/query/shard_map.h"

namespace interdict::query {

// What the shards are asked.
struct SearchRound {
  // For every shard, but for `after` and `statistics`. Facet limits are those of the answer: where several shards are
  // asked, all buckets are asked for, so that the sums are exact.
  internal::v1::SearchRequest request;
  // Where each shard goes on. One that is exhausted is still asked for its counts and its position.
  std::vector<ShardCursor> cursors;
  // Go without shards that do not answer.
  bool allow_partial = false;
  // The incident that alone can match: only its shard is asked, once it is known which that is.
  std::optional<std::string> incident_id = std::nullopt;
};

// What they answered.
struct SearchGathered {
  SearchAnswers answers;
  std::vector<v1::MissingShard> missing;
  std::string read_position;
};

// The question of each shard.
std::vector<internal::v1::SearchRequest> RequestsOf(const SearchRound& round,
                                                    const internal::v1::SearchStatistics* statistics);

// Calls `done` once. `call.context`, `shards` and `map`, which learns from the answers, must live until then.
void RunSearch(const Shards& shards, ShardMap* map, const ShardCall& call, SearchRound round,
               std::function<void(absl::StatusOr<SearchGathered>)> done);

}  // namespace interdict::query
