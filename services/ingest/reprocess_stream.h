// One ReprocessDocuments call: a piece of work in the pool, an answer, the next piece.
#pragma once

#include <functional>
#include <mutex>

#include "grpcpp/server_context.h"
#include "grpcpp/support/server_callback.h"
#include "services/ingest/reprocess.h"
#include "services/server/worker_pool.h"

namespace interdict::ingest {

// Owned by gRPC: made with `new`, deletes itself in OnDone. gRPC calls OnDone only after Finish, and Finish is called
// only when no work is under way. Thread-safe; one mutex. A slow client slows the work down: one answer is on its way.
class ReprocessStream final : public grpc::ServerWriteReactor<v1::ReprocessDocumentsResponse> {
 public:
  // `gone` is called at the very end, from OnDone. Work starts with Start.
  ReprocessStream(grpc::CallbackServerContext* context, server::WorkerPool* pool, const IngestParts& parts,
                  const v1::ReprocessDocumentsRequest& request, std::function<void(ReprocessStream*)> gone);

  void Start();
  // Ends with UNAVAILABLE (SERVER_STOPPING) after the piece of work under way.
  void End();

  void OnWriteDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override;

 private:
  void Submit();
  void Work();
  // Under the mutex.
  void FinishOnce(const absl::Status& status);

  grpc::CallbackServerContext* const context_;
  server::WorkerPool* const pool_;
  const absl::Duration default_deadline_;
  const v1::ReprocessDocumentsRequest request_;
  const std::function<void(ReprocessStream*)> gone_;
  ReprocessRun run_;  // used by one worker at a time
  bool begun_ = false;
  v1::ReprocessDocumentsResponse answer_;  // what is being written

  std::mutex mutex_;
  bool busy_ = false;  // working or writing
  bool ended_ = false;
  bool cancelled_ = false;
  bool finished_ = false;
};

}  // namespace interdict::ingest
