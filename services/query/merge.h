// Makes one answer of the answers of several shards.
#pragma once

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

// The page, newest first by creation time, and where each shard goes on. `asked[i]` is the cursor that shard i answered
// to; an exhausted shard's answer is empty. Consumes the answers.
struct MergedPage {
  std::vector<v1::Incident> incidents;
  std::vector<ShardCursor> cursors;
  bool more = false;  // whether a page follows
};
absl::StatusOr<MergedPage> MergePage(std::vector<internal::v1::SearchIncidentsResponse> answers,
                                     const std::vector<ShardCursor>& asked, size_t page_size);

}  // namespace interdict::query
