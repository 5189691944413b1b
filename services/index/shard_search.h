// Runs a search over one snapshot of a shard and puts the answer together: records, highlights, corrections.
#pragma once

#include <functional>

#include "absl/status/statusor.h"
#include "interdict/internal/v1/index_service.pb.h"
#include "services/index/engine/search_engine.h"

namespace interdict::index {

// Without read_position. `check` is asked from time to time; its error ends the search. Errors as IndexService.Search
// has them; DATA_LOSS: a record or the index cannot be read.
absl::StatusOr<internal::v1::SearchResponse> SearchSnapshotFor(const SearchSnapshot& snapshot,
                                                               const internal::v1::SearchRequest& request,
                                                               const std::function<absl::Status()>& check);

// Without read_position.
absl::StatusOr<internal::v1::GetSearchStatisticsResponse> StatisticsFor(
    const SearchSnapshot& snapshot, const internal::v1::GetSearchStatisticsRequest& request,
    const std::function<absl::Status()>& check);

}  // namespace interdict::index
