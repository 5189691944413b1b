#include "services/ingest/import_stream.h"

#include <algorithm>
#include <utility>

#include "absl/time/clock.h"
#include "services/server/status.h"

namespace interdict::ingest {
namespace {

absl::Status Stopping() {
  return server::Error(absl::StatusCode::kUnavailable, "SERVER_STOPPING",
                       "the server is stopping; nothing was imported; send it again");
}

}  // namespace

ImportStream::ImportStream(grpc::CallbackServerContext* context, server::WorkerPool* pool, const IngestParts& parts,
                           v1::ImportReferenceListResponse* response, std::function<void(ImportStream*)> gone)
    : context_(context),
      pool_(pool),
      deadline_(parts.options->import_deadline),
      response_(response),
      gone_(std::move(gone)),
      run_(parts) {}

void ImportStream::Start() { StartRead(&request_); }

void ImportStream::End() {
  std::lock_guard lock(mutex_);
  ended_ = true;
  if (!working_) FinishOnce(Stopping());
}

void ImportStream::OnReadDone(bool ok) {
  {
    std::lock_guard lock(mutex_);
    if (finished_) return;
    working_ = true;
  }
  Submit(/*file_is_whole=*/!ok);
}

void ImportStream::Submit(bool file_is_whole) {
  if (pool_->TrySubmit([this, file_is_whole] { Work(file_is_whole); })) return;
  std::lock_guard lock(mutex_);
  working_ = false;
  FinishOnce(server::WorkQueueFull("ImportReferenceList"));
}

void ImportStream::Work(bool file_is_whole) {
  absl::Status status;
  if (file_is_whole) {
    server::CallContext call = server::MakeCallContext(context_);
    call.deadline = std::min(call.deadline, absl::Now() + deadline_);
    // A broken call ends reading as a whole file does.
    status = server::CheckNotOver(call);
    if (status.ok()) {
      auto answer = run_.Finish(call);
      status = answer.status();
      if (status.ok()) *response_ = *std::move(answer);
    }
  } else {
    status = run_.Take(request_);
  }
  std::lock_guard lock(mutex_);
  working_ = false;
  if (!status.ok() || file_is_whole) {
    FinishOnce(status);
  } else if (ended_) {
    FinishOnce(Stopping());
  } else {
    StartRead(&request_);
  }
}

void ImportStream::OnCancel() {
  std::lock_guard lock(mutex_);
  ended_ = true;
  if (!working_) FinishOnce(server::Error(absl::StatusCode::kCancelled, "CALL_CANCELLED", "the call was cancelled"));
}

void ImportStream::FinishOnce(const absl::Status& status) {
  if (finished_) return;
  finished_ = true;
  Finish(server::ToGrpc(status));
}

void ImportStream::OnDone() {
  // First gone, so that nobody calls End on it; then whoever called Finish has to have let go of the mutex.
  gone_(this);
  { std::lock_guard lock(mutex_); }
  delete this;
}

}  // namespace interdict::ingest
