// Checks of the requests of QueryService, one function a request. Errors are INVALID_ARGUMENT and name field and
// remedy.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "interdict/v1/query_service.pb.h"
#include "services/query/query_node.h"

namespace interdict::query {

// The ids that a request names.
absl::StatusOr<std::string> ValidateGetIncident(const v1::GetIncidentRequest& request);
absl::StatusOr<std::vector<std::string>> ValidateBatchGetIncidents(const v1::BatchGetIncidentsRequest& request,
                                                                   const QueryOptions& options);
absl::StatusOr<std::string> ValidateGetDocument(const v1::GetDocumentRequest& request);

// The page size to use. The page token is checked where it is read (page_token.h).
absl::StatusOr<int32_t> ValidateSearchIncidents(const v1::SearchIncidentsRequest& request, const QueryOptions& options);

}  // namespace interdict::query
