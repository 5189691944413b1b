#include "services/ingest/index_hints.h"

#include <utility>

#include "absl/strings/numbers.h"
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

absl::StatusOr<bool> IndexHints::Holds(const std::string& id, uint32_t incident_partitions, absl::Time deadline) const {
  const auto status = Status(deadline);
  if (!status.ok()) return status.status();
  // Ids are put into partitions by their first digits.
  constexpr size_t kDigits = 8;
  uint64_t prefix = 0;
  if (!absl::SimpleHexAtoi(id.substr(0, kDigits), &prefix)) return false;
  const uint64_t partition = prefix % incident_partitions;
  for (const internal::v1::PartitionStatus& held : status->partitions()) {
    if (held.log() == "incidents" && held.partition() == partition) return true;
  }
  return false;
}

absl::StatusOr<IndexHints::FoundIncident> IndexHints::FindIncident(const std::string& incident_id,
                                                                   uint32_t incident_partitions,
                                                                   absl::Time deadline) const {
  internal::v1::BatchGetIncidentsRequest request;
  request.add_incident_ids(incident_id);
  auto response = Call(state_->stub.get(), &IndexService::Stub::BatchGetIncidents, request, deadline);
  if (!response.ok()) return response.status();
  FoundIncident found;
  if (!response->incidents().empty()) {
    found.asked = true;
    found.record = std::move(*response->mutable_incidents(0));
    return found;
  }
  auto holds = Holds(incident_id, incident_partitions, deadline);
  if (!holds.ok()) return holds.status();
  found.asked = *holds;
  return found;
}

absl::StatusOr<bool> IndexHints::KnowsJudgement(const std::string& judgement_id, uint32_t incident_partitions,
                                                absl::Time deadline) const {
  internal::v1::ListJudgementsRequest request;
  request.set_judgement_id(judgement_id);
  request.set_page_size(1);
  const auto response = Call(state_->stub.get(), &IndexService::Stub::ListJudgements, request, deadline);
  if (!response.ok()) return response.status();
  if (!response->judgements().empty()) return true;
  const auto holds = Holds(judgement_id, incident_partitions, deadline);
  if (!holds.ok()) return holds.status();
  return !*holds;
}

absl::StatusOr<internal::v1::ListEntryHashesResponse> IndexHints::ListEntryHashes(
    const internal::v1::ListEntryHashesRequest& request, absl::Time deadline) const {
  return Call(state_->stub.get(), &IndexService::Stub::ListEntryHashes, request, deadline);
}

absl::StatusOr<internal::v1::GetIndexStatusResponse> IndexHints::Status(absl::Time deadline) const {
  return Call(state_->stub.get(), &IndexService::Stub::GetIndexStatus, internal::v1::GetIndexStatusRequest(), deadline);
}

}  // namespace interdict::ingest
