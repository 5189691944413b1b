// Checks of the requests of QueryService, one function a request. Errors are INVALID_ARGUMENT and name field and
// remedy.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "interdict/internal/v1/index_service.pb.h"
#include "interdict/v1/query_service.pb.h"
#include "services/query/query_node.h"

namespace interdict::query {

// The ids that a request names.
absl::StatusOr<std::string> ParseIncidentName(const std::string& field, const std::string& name);
absl::StatusOr<std::string> ValidateGetIncident(const v1::GetIncidentRequest& request);
absl::StatusOr<std::vector<std::string>> ValidateBatchGetIncidents(const v1::BatchGetIncidentsRequest& request,
                                                                   const QueryOptions& options);
// A position token that can be read, or none.
absl::Status CheckReadAfter(const std::string& token);
absl::Status ValidateListReferenceLists(const v1::ListReferenceListsRequest& request);
absl::StatusOr<std::string> ValidateGetDocument(const v1::GetDocumentRequest& request);

// What the shards are asked for a request, but for cursors. `page_size` of it is the one to use. Tokens are checked
// where they are read (page_token.h), the language of query, filter and order by the shards.
absl::StatusOr<internal::v1::SearchRequest> ValidateSearchIncidents(const v1::SearchIncidentsRequest& request,
                                                                    const QueryOptions& options);
absl::StatusOr<internal::v1::SearchRequest> ValidateSearchDocuments(const v1::SearchDocumentsRequest& request,
                                                                    const QueryOptions& options);
absl::StatusOr<internal::v1::SearchRequest> ValidateStreamIncidents(const v1::StreamIncidentsRequest& request,
                                                                    const QueryOptions& options);

// The shards' question has one facet, whose limit is that of the answer.
absl::StatusOr<internal::v1::SearchRequest> ValidateAggregateIncidents(const v1::AggregateIncidentsRequest& request,
                                                                       const QueryOptions& options);

}  // namespace interdict::query
