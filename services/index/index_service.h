// internal.v1.IndexService over gRPC: converts and waits; ShardReader answers.
#pragma once

#include "interdict/internal/v1/index_service.grpc.pb.h"
#include "services/index/gated_call.h"
#include "services/index/shard_reader.h"

namespace interdict::index {

// Thread-safe. What it is given must outlive it.
class IndexServiceAdapter : public internal::v1::IndexService::CallbackService {
 public:
  IndexServiceAdapter(const ShardReader* reader, const CallRunner& runner) : reader_(reader), runner_(runner) {}

  grpc::ServerUnaryReactor* BatchGetIncidents(grpc::CallbackServerContext* context,
                                              const internal::v1::BatchGetIncidentsRequest* request,
                                              internal::v1::BatchGetIncidentsResponse* response) override;
  grpc::ServerUnaryReactor* BatchGetDocuments(grpc::CallbackServerContext* context,
                                              const internal::v1::BatchGetDocumentsRequest* request,
                                              internal::v1::BatchGetDocumentsResponse* response) override;
  grpc::ServerUnaryReactor* SearchIncidents(grpc::CallbackServerContext* context,
                                            const internal::v1::SearchIncidentsRequest* request,
                                            internal::v1::SearchIncidentsResponse* response) override;
  grpc::ServerUnaryReactor* Search(grpc::CallbackServerContext* context, const internal::v1::SearchRequest* request,
                                   internal::v1::SearchResponse* response) override;
  grpc::ServerUnaryReactor* GetSearchStatistics(grpc::CallbackServerContext* context,
                                                const internal::v1::GetSearchStatisticsRequest* request,
                                                internal::v1::GetSearchStatisticsResponse* response) override;
  grpc::ServerUnaryReactor* LookUpDocument(grpc::CallbackServerContext* context,
                                           const internal::v1::LookUpDocumentRequest* request,
                                           internal::v1::LookUpDocumentResponse* response) override;
  grpc::ServerUnaryReactor* ExplainIncident(grpc::CallbackServerContext* context,
                                            const internal::v1::ExplainIncidentRequest* request,
                                            internal::v1::ExplainIncidentResponse* response) override;
  grpc::ServerUnaryReactor* ListRevisions(grpc::CallbackServerContext* context,
                                          const internal::v1::ListRevisionsRequest* request,
                                          internal::v1::ListRevisionsResponse* response) override;
  grpc::ServerUnaryReactor* ListSuggestions(grpc::CallbackServerContext* context,
                                            const internal::v1::ListSuggestionsRequest* request,
                                            internal::v1::ListSuggestionsResponse* response) override;
  grpc::ServerUnaryReactor* ListJudgements(grpc::CallbackServerContext* context,
                                           const internal::v1::ListJudgementsRequest* request,
                                           internal::v1::ListJudgementsResponse* response) override;
  grpc::ServerUnaryReactor* MatchNames(grpc::CallbackServerContext* context,
                                       const internal::v1::MatchNamesRequest* request,
                                       internal::v1::MatchNamesResponse* response) override;
  grpc::ServerUnaryReactor* ReadEntities(grpc::CallbackServerContext* context,
                                         const internal::v1::ReadEntitiesRequest* request,
                                         internal::v1::ReadEntitiesResponse* response) override;
  grpc::ServerUnaryReactor* ReadNeighbours(grpc::CallbackServerContext* context,
                                           const internal::v1::ReadNeighboursRequest* request,
                                           internal::v1::ReadNeighboursResponse* response) override;
  grpc::ServerUnaryReactor* ListReferenceLists(grpc::CallbackServerContext* context,
                                               const internal::v1::ListReferenceListsRequest* request,
                                               internal::v1::ListReferenceListsResponse* response) override;
  grpc::ServerUnaryReactor* ListEntryHashes(grpc::CallbackServerContext* context,
                                            const internal::v1::ListEntryHashesRequest* request,
                                            internal::v1::ListEntryHashesResponse* response) override;
  grpc::ServerUnaryReactor* GetIndexStatus(grpc::CallbackServerContext* context,
                                           const internal::v1::GetIndexStatusRequest* request,
                                           internal::v1::GetIndexStatusResponse* response) override;

 private:
  const ShardReader* const reader_;
  const CallRunner runner_;
};

}  // namespace interdict::index
