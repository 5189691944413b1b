#include "services/server/unary.h"

#include <chrono>
#include <utility>

#include "absl/time/clock.h"
#include "services/server/status.h"

namespace interdict::server {

absl::Status WorkQueueFull(const std::string& method) {
  return WithRetryAfter(
      Error(absl::StatusCode::kResourceExhausted, "WORK_QUEUE_FULL",
            "too many calls are waiting; send it again later, with growing delays", {{"method", method}}),
      kQueueFullRetryDelay);
}

absl::Status CheckNotOver(const CallContext& call) {
  if (absl::Now() >= call.deadline) {
    return Error(absl::StatusCode::kDeadlineExceeded, "DEADLINE_PASSED",
                 "the call's deadline passed before it was done");
  }
  if (call.cancelled()) {
    return Error(absl::StatusCode::kCancelled, "CALL_CANCELLED", "the client cancelled the call");
  }
  return absl::OkStatus();
}

CallContext MakeCallContext(grpc::CallbackServerContext* context) {
  CallContext call;
  const auto deadline = context->deadline();
  if (deadline != std::chrono::system_clock::time_point::max()) call.deadline = absl::FromChrono(deadline);
  call.cancelled = [context] { return context->IsCancelled(); };
  return call;
}

grpc::ServerUnaryReactor* RunUnary(grpc::CallbackServerContext* context, WorkerPool* pool, const char* method,
                                   std::function<absl::Status(const CallContext&)> work) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  const bool queued = pool->TrySubmit([context, reactor, work = std::move(work)] {
    const CallContext call = MakeCallContext(context);
    absl::Status status = CheckNotOver(call);
    if (status.ok()) status = work(call);
    reactor->Finish(ToGrpc(status));
  });
  if (!queued) reactor->Finish(ToGrpc(WorkQueueFull(method)));
  return reactor;
}

}  // namespace interdict::server
