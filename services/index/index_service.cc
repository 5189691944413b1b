#include "services/index/index_service.h"

namespace interdict::index {

grpc::ServerUnaryReactor* IndexServiceAdapter::BatchGetIncidents(grpc::CallbackServerContext* context,
                                                                 const internal::v1::BatchGetIncidentsRequest* request,
                                                                 internal::v1::BatchGetIncidentsResponse* response) {
  return RunAfter(context, runner_, "BatchGetIncidents", request->read_after(),
                  [this, request, response](const server::CallContext& call) {
                    return Deliver(reader_->BatchGetIncidents(*request, CheckOf(call)), response);
                  });
}

grpc::ServerUnaryReactor* IndexServiceAdapter::BatchGetDocuments(grpc::CallbackServerContext* context,
                                                                 const internal::v1::BatchGetDocumentsRequest* request,
                                                                 internal::v1::BatchGetDocumentsResponse* response) {
  return RunAfter(context, runner_, "BatchGetDocuments", request->read_after(),
                  [this, request, response](const server::CallContext& call) {
                    return Deliver(reader_->BatchGetDocuments(*request, CheckOf(call)), response);
                  });
}

grpc::ServerUnaryReactor* IndexServiceAdapter::SearchIncidents(grpc::CallbackServerContext* context,
                                                               const internal::v1::SearchIncidentsRequest* request,
                                                               internal::v1::SearchIncidentsResponse* response) {
  return RunAfter(context, runner_, "SearchIncidents", request->read_after(),
                  [this, request, response](const server::CallContext& call) {
                    return Deliver(reader_->SearchIncidents(*request, CheckOf(call)), response);
                  });
}

grpc::ServerUnaryReactor* IndexServiceAdapter::Search(grpc::CallbackServerContext* context,
                                                      const internal::v1::SearchRequest* request,
                                                      internal::v1::SearchResponse* response) {
  return RunAfter(context, runner_, "Search", request->read_after(),
                  [this, request, response](const server::CallContext& call) {
                    return Deliver(reader_->Search(*request, CheckOf(call)), response);
                  });
}

grpc::ServerUnaryReactor* IndexServiceAdapter::GetSearchStatistics(
    grpc::CallbackServerContext* context, const internal::v1::GetSearchStatisticsRequest* request,
    internal::v1::GetSearchStatisticsResponse* response) {
  return RunAfter(context, runner_, "GetSearchStatistics", request->read_after(),
                  [this, request, response](const server::CallContext& call) {
                    return Deliver(reader_->GetSearchStatistics(*request, CheckOf(call)), response);
                  });
}

grpc::ServerUnaryReactor* IndexServiceAdapter::LookUpDocument(grpc::CallbackServerContext* context,
                                                              const internal::v1::LookUpDocumentRequest* request,
                                                              internal::v1::LookUpDocumentResponse* response) {
  return server::RunUnary(context, runner_.pool, "LookUpDocument",
                          [this, request, response](const server::CallContext&) {
                            return Deliver(reader_->LookUpDocument(*request), response);
                          });
}

grpc::ServerUnaryReactor* IndexServiceAdapter::ExplainIncident(grpc::CallbackServerContext* context,
                                                               const internal::v1::ExplainIncidentRequest* request,
                                                               internal::v1::ExplainIncidentResponse* response) {
  return RunAfter(context, runner_, "ExplainIncident", request->read_after(),
                  [this, request, response](const server::CallContext&) {
                    return Deliver(reader_->ExplainIncident(*request), response);
                  });
}

grpc::ServerUnaryReactor* IndexServiceAdapter::ListRevisions(grpc::CallbackServerContext* context,
                                                             const internal::v1::ListRevisionsRequest* request,
                                                             internal::v1::ListRevisionsResponse* response) {
  return RunAfter(context, runner_, "ListRevisions", request->read_after(),
                  [this, request, response](const server::CallContext&) {
                    return Deliver(reader_->ListRevisions(*request), response);
                  });
}

grpc::ServerUnaryReactor* IndexServiceAdapter::ListSuggestions(grpc::CallbackServerContext* context,
                                                               const internal::v1::ListSuggestionsRequest* request,
                                                               internal::v1::ListSuggestionsResponse* response) {
  return RunAfter(context, runner_, "ListSuggestions", request->read_after(),
                  [this, request, response](const server::CallContext&) {
                    return Deliver(reader_->ListSuggestions(*request), response);
                  });
}

grpc::ServerUnaryReactor* IndexServiceAdapter::ListJudgements(grpc::CallbackServerContext* context,
                                                              const internal::v1::ListJudgementsRequest* request,
                                                              internal::v1::ListJudgementsResponse* response) {
  return RunAfter(context, runner_, "ListJudgements", request->read_after(),
                  [this, request, response](const server::CallContext&) {
                    return Deliver(reader_->ListJudgements(*request), response);
                  });
}

grpc::ServerUnaryReactor* IndexServiceAdapter::MatchNames(grpc::CallbackServerContext* context,
                                                          const internal::v1::MatchNamesRequest* request,
                                                          internal::v1::MatchNamesResponse* response) {
  return RunAfter(context, runner_, "MatchNames", request->read_after(),
                  [this, request, response](const server::CallContext& call) {
                    return Deliver(reader_->MatchNames(*request, CheckOf(call)), response);
                  });
}

grpc::ServerUnaryReactor* IndexServiceAdapter::ReadEntities(grpc::CallbackServerContext* context,
                                                            const internal::v1::ReadEntitiesRequest* request,
                                                            internal::v1::ReadEntitiesResponse* response) {
  return RunAfter(context, runner_, "ReadEntities", request->read_after(),
                  [this, request, response](const server::CallContext& call) {
                    return Deliver(reader_->ReadEntities(*request, CheckOf(call)), response);
                  });
}

grpc::ServerUnaryReactor* IndexServiceAdapter::ReadNeighbours(grpc::CallbackServerContext* context,
                                                              const internal::v1::ReadNeighboursRequest* request,
                                                              internal::v1::ReadNeighboursResponse* response) {
  return RunAfter(context, runner_, "ReadNeighbours", request->read_after(),
                  [this, request, response](const server::CallContext& call) {
                    return Deliver(reader_->ReadNeighbours(*request, CheckOf(call)), response);
                  });
}

grpc::ServerUnaryReactor* IndexServiceAdapter::ListReferenceLists(
    grpc::CallbackServerContext* context, const internal::v1::ListReferenceListsRequest* request,
    internal::v1::ListReferenceListsResponse* response) {
  return RunAfter(
      context, runner_, "ListReferenceLists", request->read_after(),
      [this, response](const server::CallContext&) { return Deliver(reader_->ListReferenceLists(), response); });
}

grpc::ServerUnaryReactor* IndexServiceAdapter::ListEntryHashes(grpc::CallbackServerContext* context,
                                                               const internal::v1::ListEntryHashesRequest* request,
                                                               internal::v1::ListEntryHashesResponse* response) {
  return RunAfter(context, runner_, "ListEntryHashes", request->read_after(),
                  [this, request, response](const server::CallContext&) {
                    return Deliver(reader_->ListEntryHashes(*request), response);
                  });
}

grpc::ServerUnaryReactor* IndexServiceAdapter::GetIndexStatus(grpc::CallbackServerContext* context,
                                                              const internal::v1::GetIndexStatusRequest* /*request*/,
                                                              internal::v1::GetIndexStatusResponse* response) {
  return server::RunUnary(context, runner_.pool, "GetIndexStatus", [this, response](const server::CallContext&) {
    return Deliver(reader_->GetIndexStatus(), response);
  });
}

}  // namespace interdict::index
