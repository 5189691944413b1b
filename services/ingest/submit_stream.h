// One SubmitDocuments stream.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "grpcpp/server_context.h"
#include "grpcpp/support/server_callback.h"
#include "interdict/v1/ingest_service.pb.h"
#include "services/server/unary.h"
#include "services/server/worker_pool.h"

namespace interdict::ingest {

struct StreamOptions {
  size_t max_in_work = 32;
  absl::Duration default_deadline = absl::Seconds(30);
};

// Reads a document, hands it to the pool, reads on while fewer than `max_in_work` are unanswered; answers each as soon
// as its work is done. Ends when the client has half-closed and all is answered, when the call is cancelled, or by End.
//
// Owned by gRPC: made with `new`, deletes itself in OnDone. gRPC calls OnDone only after Finish, and Finish is called
// only when no work and no write is under way, so that no worker ever holds a stream that is gone. Thread-safe; one
// mutex.
class SubmitStream final : public grpc::ServerBidiReactor<v1::SubmitDocumentsRequest, v1::SubmitDocumentsResponse> {
 public:
  using Submit = std::function<absl::StatusOr<v1::SubmitDocumentResponse>(const v1::SubmitDocumentRequest&,
                                                                          const server::CallContext&)>;

  // `gone` is called at the very end, from OnDone. Reading starts with Start.
  SubmitStream(grpc::CallbackServerContext* context, server::WorkerPool* pool, const StreamOptions& options,
               Submit submit, std::function<void(SubmitStream*)> gone);

  void Start();

  // Reads no further, answers what was read, then ends with UNAVAILABLE (SERVER_STOPPING).
  void End();

  void OnReadDone(bool ok) override;
  void OnWriteDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override;

 private:
  void Work(uint64_t ordinal, const v1::SubmitDocumentRequest& submission);
  void Answer(v1::SubmitDocumentsResponse response);
  // The next step of reading, writing and ending. All three are under the mutex.
  void MaybeRead();
  void MaybeWrite();
  void MaybeFinish();

  grpc::CallbackServerContext* const context_;
  server::WorkerPool* const pool_;
  const StreamOptions options_;
  const Submit submit_;
  const std::function<void(SubmitStream*)> gone_;

  std::mutex mutex_;
  v1::SubmitDocumentsRequest request_;                 // what is being read
  std::deque<v1::SubmitDocumentsResponse> unwritten_;  // the first is being written if writing_
  uint64_t next_ordinal_ = 0;
  size_t in_work_ = 0;       // read and not yet answered: working, waiting for the write, or being written
  size_t with_workers_ = 0;  // handed to the pool and not yet back
  bool reading_ = false;
  bool writing_ = false;
  bool no_more_reads_ = false;  // half-closed, broken or told to end
  bool ended_ = false;          // by End
  bool cancelled_ = false;
  bool finished_ = false;
};

}  // namespace interdict::ingest
