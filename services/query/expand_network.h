// Walks from an entity over incidents to others, step by step: each step asks all shards once.
#pragma once

#include <functional>

#include "absl/status/statusor.h"
#include "interdict/v1/entity_search.pb.h"
#include "services/query/scatter_gather.h"

namespace interdict::query {

// `request` is valid and complete (ValidateExpandNetwork). Calls `done` once. `shards` and `call.context` must live
// until then. NOT_FOUND (ENTITY_NOT_FOUND) if the first entity is not there.
void ExpandNetwork(const Shards& shards, const ShardCall& call, const v1::ExpandNetworkRequest& request,
                   std::function<void(absl::StatusOr<v1::ExpandNetworkResponse>)> done);

// Entities of all shards by name, each put together of what the shards tell.
v1::Entity MergeEntity(const std::vector<const v1::Entity*>& parts);

absl::Status EntityNotFound(const std::string& name);

}  // namespace interdict::query
