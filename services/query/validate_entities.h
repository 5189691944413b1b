// Checks of the requests of QueryService about entities and lists, one function a request. Errors are INVALID_ARGUMENT
// and name field and remedy. What is returned has all defaults filled in.
#pragma once

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "interdict/v1/query_service.pb.h"

namespace interdict::query {

absl::StatusOr<v1::MatchEntitiesRequest> ValidateMatchEntities(const v1::MatchEntitiesRequest& request);
// The id of the entity.
absl::StatusOr<std::string> ValidateGetEntity(const v1::GetEntityRequest& request);
absl::StatusOr<v1::ExpandNetworkRequest> ValidateExpandNetwork(const v1::ExpandNetworkRequest& request);

}  // namespace interdict::query
