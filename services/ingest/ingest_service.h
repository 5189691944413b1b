// The gRPC adapter of IngestService: hands work to the pool, converts errors. No logic.
#pragma once

#include <mutex>
#include <set>

#include "interdict/v1/ingest_service.grpc.pb.h"
#include "services/ingest/import_stream.h"
#include "services/ingest/ingest_parts.h"
#include "services/ingest/reprocess_stream.h"
#include "services/ingest/submit_stream.h"
#include "services/server/unary.h"
#include "services/server/worker_pool.h"

namespace interdict::ingest {

// Thread-safe.
class IngestServiceImpl final : public v1::IngestService::CallbackService {
 public:
  // `pool` and what `parts` points to must outlive the calls.
  IngestServiceImpl(const IngestParts& parts, server::WorkerPool* pool);

  grpc::ServerUnaryReactor* SubmitDocument(grpc::CallbackServerContext* context,
                                           const v1::SubmitDocumentRequest* request,
                                           v1::SubmitDocumentResponse* response) override;
  grpc::ServerBidiReactor<v1::SubmitDocumentsRequest, v1::SubmitDocumentsResponse>* SubmitDocuments(
      grpc::CallbackServerContext* context) override;
  grpc::ServerUnaryReactor* SubmitReport(grpc::CallbackServerContext* context, const v1::SubmitReportRequest* request,
                                         v1::SubmitReportResponse* response) override;
  grpc::ServerUnaryReactor* ExtractDocument(grpc::CallbackServerContext* context,
                                            const v1::ExtractDocumentRequest* request,
                                            v1::ExtractDocumentResponse* response) override;
  grpc::ServerUnaryReactor* RemoveDocument(grpc::CallbackServerContext* context,
                                           const v1::RemoveDocumentRequest* request,
                                           v1::RemoveDocumentResponse* response) override;

  grpc::ServerUnaryReactor* SubmitJudgement(grpc::CallbackServerContext* context,
                                            const v1::SubmitJudgementRequest* request,
                                            v1::SubmitJudgementResponse* response) override;
  grpc::ServerUnaryReactor* UndoJudgement(grpc::CallbackServerContext* context, const v1::UndoJudgementRequest* request,
                                          v1::UndoJudgementResponse* response) override;
  grpc::ServerReadReactor<v1::ImportReferenceListRequest>* ImportReferenceList(
      grpc::CallbackServerContext* context, v1::ImportReferenceListResponse* response) override;
  grpc::ServerWriteReactor<v1::ReprocessDocumentsResponse>* ReprocessDocuments(
      grpc::CallbackServerContext* context, const v1::ReprocessDocumentsRequest* request) override;

  // Ends all streams, and those that come later at once.
  void EndStreams();

 private:
  // A deadline for calls that have none.
  server::CallContext Bounded(const server::CallContext& call) const;

  const IngestParts parts_;
  server::WorkerPool* const pool_;
  std::mutex mutex_;
  std::set<SubmitStream*> streams_;       // guarded by mutex_
  std::set<ImportStream*> imports_;       // guarded by mutex_
  std::set<ReprocessStream*> reprocess_;  // guarded by mutex_
  bool ended_ = false;                    // guarded by mutex_
};

}  // namespace interdict::ingest
