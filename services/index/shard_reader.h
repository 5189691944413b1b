// Answers the calls of IndexService from a shard, without any transport: one snapshot an answer, and the position that
// the answer says is that of the snapshot.
#pragma once

#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "interdict/internal/v1/index_service.pb.h"
#include "services/index/fold/shard.h"
#include "services/index/names/name_searcher.h"

namespace interdict::index {

// Limits of SearchIncidents; beyond them INVALID_ARGUMENT (INVALID_FIELD).
inline constexpr size_t kMaxQueryBytes = 1024;
inline constexpr size_t kMaxQueryWords = 32;
inline constexpr uint32_t kMaxPageSize = 1000;
inline constexpr int kMaxBatchIds = 1000;

// Asked from time to time by long calls; its error ends them.
using CheckCall = std::function<absl::Status()>;

// Thread-safe. Ignores `read_after`: the caller has waited. INVALID_ARGUMENT (INVALID_FIELD) names the field. DATA_LOSS
// (STORED_RECORD_CORRUPT) if a record cannot be read.
class ShardReader {
 public:
  // `shard` must outlive it. `decided` tells how far the resolver of this process is, for GetIndexStatus.
  ShardReader(const Shard* shard, std::function<log::Positions()> decided);

  absl::StatusOr<internal::v1::BatchGetIncidentsResponse> BatchGetIncidents(
      const internal::v1::BatchGetIncidentsRequest& request, const CheckCall& check) const;
  absl::StatusOr<internal::v1::BatchGetDocumentsResponse> BatchGetDocuments(
      const internal::v1::BatchGetDocumentsRequest& request, const CheckCall& check) const;
  absl::StatusOr<internal::v1::SearchIncidentsResponse> SearchIncidents(
      const internal::v1::SearchIncidentsRequest& request, const CheckCall& check) const;
  absl::StatusOr<internal::v1::SearchResponse> Search(const internal::v1::SearchRequest& request,
                                                      const CheckCall& check) const;
  absl::StatusOr<internal::v1::GetSearchStatisticsResponse> GetSearchStatistics(
      const internal::v1::GetSearchStatisticsRequest& request, const CheckCall& check) const;
  absl::StatusOr<internal::v1::LookUpDocumentResponse> LookUpDocument(
      const internal::v1::LookUpDocumentRequest& request) const;
  absl::StatusOr<internal::v1::MatchNamesResponse> MatchNames(const internal::v1::MatchNamesRequest& request,
                                                              const CheckCall& check) const;
  absl::StatusOr<internal::v1::ReadEntitiesResponse> ReadEntities(const internal::v1::ReadEntitiesRequest& request,
                                                                  const CheckCall& check) const;
  absl::StatusOr<internal::v1::ReadNeighboursResponse> ReadNeighbours(
      const internal::v1::ReadNeighboursRequest& request, const CheckCall& check) const;
  absl::StatusOr<internal::v1::ListReferenceListsResponse> ListReferenceLists() const;
  absl::StatusOr<internal::v1::ListEntryHashesResponse> ListEntryHashes(
      const internal::v1::ListEntryHashesRequest& request) const;
  absl::StatusOr<internal::v1::GetIndexStatusResponse> GetIndexStatus() const;
  absl::StatusOr<internal::v1::ExplainIncidentResponse> ExplainIncident(
      const internal::v1::ExplainIncidentRequest& request) const;
  absl::StatusOr<internal::v1::ListRevisionsResponse> ListRevisions(
      const internal::v1::ListRevisionsRequest& request) const;
  absl::StatusOr<internal::v1::ListSuggestionsResponse> ListSuggestions(
      const internal::v1::ListSuggestionsRequest& request) const;
  absl::StatusOr<internal::v1::ListJudgementsResponse> ListJudgements(
      const internal::v1::ListJudgementsRequest& request) const;

  // Position token of a snapshot.
  absl::StatusOr<std::string> PositionOf(const records::Reader& reader) const;

 private:
  // Adds the position of the snapshot to an answer, and the reason that clients are promised to an error.
  template <typename Response>
  absl::StatusOr<Response> WithPosition(absl::StatusOr<Response> response, const records::Reader& reader) const;

  const Shard* const shard_;
  const std::function<log::Positions()> decided_;
  const names::NameSearcher names_;
};

}  // namespace interdict::index
