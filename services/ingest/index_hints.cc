#include "services/ingest/index_hints.h"

#include "grpcpp/client_context.h"
#include "interdict/internal/v1/index_service.grpc.pb.h"
#include "services/server/status.h"

namespace interdict::ingest {
namespace {

absl::Status Explain(const grpc::Status& status) {
  if (status.error_code() != grpc::StatusCode::UNAVAILABLE) return server::FromGrpc(status);
  return server::WithRetryAfter(
      server::Error(absl::StatusCode::kUnavailable, "INDEX_UNAVAILABLE", "the index cannot be asked now; send it again",
                    {{"cause", status.error_message()}}),
      absl::Seconds(1));
}

template <typename Request, typename Response>
absl::StatusOr<Response> Call(internal::v1::IndexService::Stub* stub,
                              grpc::Status (internal::v1::IndexService::Stub::*method)(grpc::ClientContext*,
                                                                                       const Request&, Response*),
                              const Request& request, absl::Time deadline) {
  grpc::ClientContext context;
  if (deadline != absl::InfiniteFuture()) context.set_deadline(absl::ToChronoTime(deadline));
  Response response;
  const grpc::Status status = (stub->*method)(&context, request, &response);
  if (!status.ok()) return Explain(status);
  return response;
}

}  // namespace

using internal::v1::IndexService;

struct IndexHints::State {
  std::unique_ptr<IndexService::Stub> stub;
};

IndexHints::IndexHints(const std::shared_ptr<grpc::Channel>& index)
    : state_(std::make_unique<State>(State{IndexService::NewStub(index)})) {}

IndexHints::~IndexHints() = default;

absl::StatusOr<internal::v1::LookUpDocumentResponse> IndexHints::LookUp(const std::string& document_id,
                                                                        const std::string& request_id, bool with_text,
                                                                        absl::Time deadline) const {
  internal::v1::LookUpDocumentRequest request;
  request.set_document_id(document_id);
  request.set_request_id(request_id);
  request.set_with_text(with_text);
  return Call(state_->stub.get(), &IndexService::Stub::LookUpDocument, request, deadline);
}

absl::Status IndexHints::AwaitPosition(const std::string& position_token, const std::string& document_id,
                                       absl::Time deadline) const {
  internal::v1::BatchGetDocumentsRequest request;
  request.add_document_ids(document_id);
  request.set_read_after(position_token);
  return Call(state_->stub.get(), &IndexService::Stub::BatchGetDocuments, request, deadline).status();
}

absl::StatusOr<internal::v1::ListEntryHashesResponse> IndexHints::ListEntryHashes(
    const internal::v1::ListEntryHashesRequest& request, absl::Time deadline) const {
  return Call(state_->stub.get(), &IndexService::Stub::ListEntryHashes, request, deadline);
}

absl::StatusOr<internal::v1::GetIndexStatusResponse> IndexHints::Status(absl::Time deadline) const {
  return Call(state_->stub.get(), &IndexService::Stub::GetIndexStatus, internal::v1::GetIndexStatusRequest(), deadline);
}

}  // namespace interdict::ingest
