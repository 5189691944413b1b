// Puts an entity together of what the shards tell, and finds who else may be meant by its names.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "interdict/v1/entity_search.pb.h"
#include "services/query/scatter_gather.h"

namespace interdict::query {

// NOT_FOUND (ENTITY_NOT_FOUND) if no shard knows it. Without list matches and similar entities.
absl::StatusOr<v1::GetEntityResponse> GatherEntity(const std::string& name,
                                                   ShardAnswers<internal::v1::ReadEntitiesResponse> answers);

// What the shards are asked about the names of an entity: entries of lists and other entities.
v1::MatchEntitiesRequest LookalikeQuestion(const v1::GetEntityResponse& entity);

// Adds the lists searched, list matches and similar entities: each entry and entity once, by its best match.
void AddLookalikes(const ShardAnswers<internal::v1::MatchNamesResponse>& answers, v1::GetEntityResponse* response);

}  // namespace interdict::query
