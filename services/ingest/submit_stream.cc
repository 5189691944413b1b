#include "services/ingest/submit_stream.h"

#include <algorithm>
#include <utility>

#include "absl/time/clock.h"
#include "services/server/status.h"

namespace interdict::ingest {
namespace {

v1::SubmitDocumentsResponse MakeResponse(uint64_t ordinal, absl::StatusOr<v1::SubmitDocumentResponse> result) {
  v1::SubmitDocumentsResponse response;
  response.set_ordinal(ordinal);
  if (result.ok()) {
    *response.mutable_response() = *std::move(result);
    return response;
  }
  const absl::Status& status = result.status();
  v1::SubmissionError* error = response.mutable_error();
  error->set_code(static_cast<int32_t>(status.code()));
  error->set_message(std::string(status.message()));
  error->set_reason(server::ReasonOf(status));
  const std::string field = server::FieldOf(status);
  error->set_field(field);
  error->set_retry_after_ms(absl::ToInt64Milliseconds(server::RetryAfterOf(status)));
  return response;
}

}  // namespace

SubmitStream::SubmitStream(grpc::CallbackServerContext* context, server::WorkerPool* pool, const StreamOptions& options,
                           Submit submit, std::function<void(SubmitStream*)> gone)
    : context_(context), pool_(pool), options_(options), submit_(std::move(submit)), gone_(std::move(gone)) {}

void SubmitStream::Start() {
  std::lock_guard lock(mutex_);
  MaybeRead();
}

void SubmitStream::End() {
  std::lock_guard lock(mutex_);
  ended_ = true;
  no_more_reads_ = true;
  MaybeFinish();
}

void SubmitStream::OnReadDone(bool ok) {
  auto submission = std::make_shared<v1::SubmitDocumentRequest>();
  uint64_t ordinal = 0;
  {
    std::lock_guard lock(mutex_);
    reading_ = false;
    if (!ok) no_more_reads_ = true;
    if (!ok || no_more_reads_ || cancelled_) return MaybeFinish();  // a document after End: the client sends it again
    submission->Swap(request_.mutable_submission());
    request_.Clear();
    ordinal = next_ordinal_++;
    ++in_work_;
    ++with_workers_;
  }
  // The document is counted already, so the stream cannot end before it is answered.
  const bool queued = pool_->TrySubmit([this, ordinal, submission] { Work(ordinal, *submission); });
  if (!queued) Answer(MakeResponse(ordinal, server::WorkQueueFull("SubmitDocuments")));
  // gRPC calls OnDone only after this reaction has returned, so the stream is still there.
  std::lock_guard lock(mutex_);
  MaybeRead();
}

void SubmitStream::Work(uint64_t ordinal, const v1::SubmitDocumentRequest& submission) {
  server::CallContext call = server::MakeCallContext(context_);
  call.deadline = std::min(call.deadline, absl::Now() + options_.default_deadline);
  const absl::Status over = server::CheckNotOver(call);
  Answer(MakeResponse(ordinal, over.ok() ? submit_(submission, call) : over));
}

void SubmitStream::Answer(v1::SubmitDocumentsResponse response) {
  std::lock_guard lock(mutex_);
  --with_workers_;
  unwritten_.push_back(std::move(response));
  MaybeWrite();
  MaybeFinish();
}

void SubmitStream::OnWriteDone(bool ok) {
  std::lock_guard lock(mutex_);
  writing_ = false;
  unwritten_.pop_front();
  --in_work_;
  if (!ok) cancelled_ = true;  // the client is gone
  MaybeWrite();
  MaybeRead();
  MaybeFinish();
}

void SubmitStream::OnCancel() {
  std::lock_guard lock(mutex_);
  cancelled_ = true;
  no_more_reads_ = true;
  MaybeFinish();
}

void SubmitStream::OnDone() {
  // First gone, so that nobody calls End on it; then whoever called Finish has to have let go of the mutex.
  gone_(this);
  { std::lock_guard lock(mutex_); }
  delete this;
}

void SubmitStream::MaybeRead() {
  if (reading_ || no_more_reads_ || cancelled_ || finished_ || in_work_ >= options_.max_in_work) return;
  reading_ = true;
  StartRead(&request_);
}

void SubmitStream::MaybeWrite() {
  if (writing_ || cancelled_ || finished_ || unwritten_.empty()) return;
  writing_ = true;
  StartWrite(&unwritten_.front());
}

void SubmitStream::MaybeFinish() {
  if (finished_ || writing_ || with_workers_ > 0) return;
  const bool all_answered = no_more_reads_ && unwritten_.empty();
  if (!cancelled_ && !all_answered) return;
  finished_ = true;
  if (cancelled_) {
    Finish(grpc::Status(grpc::StatusCode::CANCELLED, "the stream was cancelled; send again what was not answered"));
  } else if (ended_) {
    Finish(server::ToGrpc(server::Error(absl::StatusCode::kUnavailable, "SERVER_STOPPING",
                                        "the server is stopping; send again what was not answered")));
  } else {
    Finish(grpc::Status::OK);
  }
}

}  // namespace interdict::ingest
