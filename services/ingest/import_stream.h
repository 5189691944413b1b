// One ImportReferenceList call: reads a message, hands it to the pool, reads the next.
#pragma once

#include <functional>
#include <mutex>

#include "grpcpp/server_context.h"
#include "grpcpp/support/server_callback.h"
#include "services/ingest/import_list.h"
#include "services/server/worker_pool.h"

namespace interdict::ingest {

// Owned by gRPC: made with `new`, deletes itself in OnDone. gRPC calls OnDone only after Finish, and Finish is called
// only when no work is under way. Thread-safe; one mutex.
class ImportStream final : public grpc::ServerReadReactor<v1::ImportReferenceListRequest> {
 public:
  // `gone` is called at the very end, from OnDone. Reading starts with Start.
  ImportStream(grpc::CallbackServerContext* context, server::WorkerPool* pool, const IngestParts& parts,
               v1::ImportReferenceListResponse* response, std::function<void(ImportStream*)> gone);

  void Start();
  // Takes no further message and ends with UNAVAILABLE (SERVER_STOPPING), unless the file is whole already.
  void End();

  void OnReadDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override;

 private:
  void Submit(bool file_is_whole);
  void Work(bool file_is_whole);
  // Under the mutex.
  void FinishOnce(const absl::Status& status);

  grpc::CallbackServerContext* const context_;
  server::WorkerPool* const pool_;
  const absl::Duration deadline_;
  v1::ImportReferenceListResponse* const response_;
  const std::function<void(ImportStream*)> gone_;
  v1::ImportReferenceListRequest request_;  // what is being read or worked on
  ListImportRun run_;                       // used by one worker at a time

  std::mutex mutex_;
  bool working_ = false;
  bool ended_ = false;  // by End or by the client's cancellation
  bool finished_ = false;
};

}  // namespace interdict::ingest
