#include "services/ingest/reprocess_stream.h"

#include <algorithm>
#include <utility>

#include "absl/time/clock.h"
#include "services/server/status.h"

namespace interdict::ingest {
namespace {

// A piece of work: short enough for a person who watches, and for the other calls that wait for the pool.
constexpr absl::Duration kPiece = absl::Milliseconds(500);

absl::Status Stopping() {
  return server::Error(absl::StatusCode::kUnavailable, "SERVER_STOPPING",
                       "the server is stopping; call again with the last resume_token");
}

absl::Status Cancelled() {
  return server::Error(absl::StatusCode::kCancelled, "CALL_CANCELLED", "the call was cancelled");
}

}  // namespace

ReprocessStream::ReprocessStream(grpc::CallbackServerContext* context, server::WorkerPool* pool,
                                 const IngestParts& parts, const v1::ReprocessDocumentsRequest& request,
                                 std::function<void(ReprocessStream*)> gone)
    : context_(context),
      pool_(pool),
      default_deadline_(parts.options->default_deadline),
      request_(request),
      gone_(std::move(gone)),
      run_(parts) {}

void ReprocessStream::Start() {
  {
    std::lock_guard lock(mutex_);
    busy_ = true;
  }
  Submit();
}

void ReprocessStream::Submit() {
  if (pool_->TrySubmit([this] { Work(); })) return;
  std::lock_guard lock(mutex_);
  busy_ = false;
  FinishOnce(server::WorkQueueFull("ReprocessDocuments"));
}

void ReprocessStream::Work() {
  server::CallContext call = server::MakeCallContext(context_);
  call.deadline = std::min(call.deadline, absl::Now() + default_deadline_);
  absl::Status status = server::CheckNotOver(call);
  if (status.ok() && !begun_) status = run_.Begin(request_);
  begun_ = true;
  if (status.ok()) {
    auto answer = run_.Next(kPiece, call);
    status = answer.status();
    if (status.ok()) answer_ = *std::move(answer);
  }
  std::lock_guard lock(mutex_);
  if (!status.ok()) {
    busy_ = false;
    FinishOnce(status);
  } else if (answer_.done()) {
    busy_ = false;
    if (finished_) return;
    finished_ = true;
    StartWriteAndFinish(&answer_, grpc::WriteOptions(), grpc::Status::OK);
  } else {
    StartWrite(&answer_);
  }
}

void ReprocessStream::OnWriteDone(bool ok) {
  {
    std::lock_guard lock(mutex_);
    if (finished_) return;
    if (!ok || ended_ || cancelled_) {
      busy_ = false;
      FinishOnce(ended_ ? Stopping() : Cancelled());
      return;
    }
  }
  Submit();
}

void ReprocessStream::End() {
  std::lock_guard lock(mutex_);
  ended_ = true;
  if (!busy_) FinishOnce(Stopping());
}

void ReprocessStream::OnCancel() {
  std::lock_guard lock(mutex_);
  cancelled_ = true;
  if (!busy_) FinishOnce(Cancelled());
}

void ReprocessStream::FinishOnce(const absl::Status& status) {
  if (finished_) return;
  finished_ = true;
  Finish(server::ToGrpc(status));
}

void ReprocessStream::OnDone() {
  // First gone, so that nobody calls End on it; then whoever called Finish has to have let go of the mutex.
  gone_(this);
  { std::lock_guard lock(mutex_); }
  delete this;
}

}  // namespace interdict::ingest
