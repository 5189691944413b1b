#include "services/ingest/ingest_service.h"

#include <algorithm>
#include <utility>

#include "absl/time/clock.h"
#include "services/ingest/submit_document.h"
#include "services/ingest/submit_judgement.h"
#include "services/ingest/submit_report.h"

namespace interdict::ingest {
namespace {

// Moves a result into the response of a call.
template <typename Response>
absl::Status Deliver(absl::StatusOr<Response> result, Response* response) {
  if (!result.ok()) return result.status();
  *response = *std::move(result);
  return absl::OkStatus();
}

}  // namespace

IngestServiceImpl::IngestServiceImpl(const IngestParts& parts, server::WorkerPool* pool) : parts_(parts), pool_(pool) {}

server::CallContext IngestServiceImpl::Bounded(const server::CallContext& call) const {
  server::CallContext bounded = call;
  bounded.deadline = std::min(call.deadline, absl::Now() + parts_.options->default_deadline);
  return bounded;
}

grpc::ServerUnaryReactor* IngestServiceImpl::SubmitDocument(grpc::CallbackServerContext* context,
                                                            const v1::SubmitDocumentRequest* request,
                                                            v1::SubmitDocumentResponse* response) {
  return server::RunUnary(context, pool_, "SubmitDocument", [=, this](const server::CallContext& call) {
    return Deliver(ingest::SubmitDocument(parts_, *request, Bounded(call)), response);
  });
}

grpc::ServerUnaryReactor* IngestServiceImpl::SubmitReport(grpc::CallbackServerContext* context,
                                                          const v1::SubmitReportRequest* request,
                                                          v1::SubmitReportResponse* response) {
  return server::RunUnary(context, pool_, "SubmitReport", [=, this](const server::CallContext& call) {
    return Deliver(ingest::SubmitReport(parts_, *request, Bounded(call)), response);
  });
}

grpc::ServerUnaryReactor* IngestServiceImpl::ExtractDocument(grpc::CallbackServerContext* context,
                                                             const v1::ExtractDocumentRequest* request,
                                                             v1::ExtractDocumentResponse* response) {
  return server::RunUnary(context, pool_, "ExtractDocument", [=, this](const server::CallContext& call) {
    return Deliver(ingest::ExtractDocument(parts_, *request, Bounded(call)), response);
  });
}

grpc::ServerUnaryReactor* IngestServiceImpl::RemoveDocument(grpc::CallbackServerContext* context,
                                                            const v1::RemoveDocumentRequest* request,
                                                            v1::RemoveDocumentResponse* response) {
  return server::RunUnary(context, pool_, "RemoveDocument", [=, this](const server::CallContext& call) {
    return Deliver(ingest::RemoveDocument(parts_, *request, Bounded(call)), response);
  });
}

grpc::ServerUnaryReactor* IngestServiceImpl::SubmitJudgement(grpc::CallbackServerContext* context,
                                                             const v1::SubmitJudgementRequest* request,
                                                             v1::SubmitJudgementResponse* response) {
  return server::RunUnary(context, pool_, "SubmitJudgement", [=, this](const server::CallContext& call) {
    return Deliver(ingest::SubmitJudgement(parts_, *request, Bounded(call)), response);
  });
}

grpc::ServerUnaryReactor* IngestServiceImpl::UndoJudgement(grpc::CallbackServerContext* context,
                                                           const v1::UndoJudgementRequest* request,
                                                           v1::UndoJudgementResponse* response) {
  return server::RunUnary(context, pool_, "UndoJudgement", [=, this](const server::CallContext& call) {
    return Deliver(ingest::UndoJudgement(parts_, *request, Bounded(call)), response);
  });
}

grpc::ServerBidiReactor<v1::SubmitDocumentsRequest, v1::SubmitDocumentsResponse>* IngestServiceImpl::SubmitDocuments(
    grpc::CallbackServerContext* context) {
  const StreamOptions options{.max_in_work = parts_.options->max_in_work_per_stream,
                              .default_deadline = parts_.options->default_deadline};
  auto submit = [this](const v1::SubmitDocumentRequest& request, const server::CallContext& call) {
    return ingest::SubmitDocument(parts_, request, call);
  };
  auto gone = [this](SubmitStream* stream) {
    std::lock_guard lock(mutex_);
    streams_.erase(stream);
  };
  // Deletes itself in OnDone; gRPC does not call that before this function has returned.
  auto* stream = new SubmitStream(context, pool_, options, std::move(submit), std::move(gone));
  std::lock_guard lock(mutex_);
  streams_.insert(stream);
  if (ended_) {
    stream->End();
  } else {
    stream->Start();
  }
  return stream;
}

grpc::ServerReadReactor<v1::ImportReferenceListRequest>* IngestServiceImpl::ImportReferenceList(
    grpc::CallbackServerContext* context, v1::ImportReferenceListResponse* response) {
  auto gone = [this](ImportStream* stream) {
    std::lock_guard lock(mutex_);
    imports_.erase(stream);
  };
  // Deletes itself in OnDone; gRPC does not call that before this function has returned.
  auto* stream = new ImportStream(context, pool_, parts_, response, std::move(gone));
  std::lock_guard lock(mutex_);
  imports_.insert(stream);
  if (ended_) {
    stream->End();
  } else {
    stream->Start();
  }
  return stream;
}

grpc::ServerWriteReactor<v1::ReprocessDocumentsResponse>* IngestServiceImpl::ReprocessDocuments(
    grpc::CallbackServerContext* context, const v1::ReprocessDocumentsRequest* request) {
  auto gone = [this](ReprocessStream* stream) {
    std::lock_guard lock(mutex_);
    reprocess_.erase(stream);
  };
  // Deletes itself in OnDone; gRPC does not call that before this function has returned.
  auto* stream = new ReprocessStream(context, pool_, parts_, *request, std::move(gone));
  std::lock_guard lock(mutex_);
  reprocess_.insert(stream);
  if (ended_) {
    stream->End();
  } else {
    stream->Start();
  }
  return stream;
}

void IngestServiceImpl::EndStreams() {
  std::lock_guard lock(mutex_);
  ended_ = true;
  for (SubmitStream* stream : streams_) stream->End();
  for (ImportStream* stream : imports_) stream->End();
  for (ReprocessStream* stream : reprocess_) stream->End();
}

}  // namespace interdict::ingest
