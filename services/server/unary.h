// Runs the work of a unary RPC on a worker pool: the one adapter between gRPC's callback API and transport-free code.
#pragma once

#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "grpcpp/server_context.h"
#include "grpcpp/support/server_callback.h"
#include "services/server/worker_pool.h"

namespace interdict::server {

// What transport-free code may know of the call that it works for.
struct CallContext {
  absl::Time deadline = absl::InfiniteFuture();
  std::function<bool()> cancelled = [] { return false; };
};

// Of a call that gRPC serves. Valid as long as the call is not finished.
CallContext MakeCallContext(grpc::CallbackServerContext* context);

// Delay that a client is told to wait when a queue is full.
inline constexpr absl::Duration kQueueFullRetryDelay = absl::Milliseconds(200);

// RESOURCE_EXHAUSTED (WORK_QUEUE_FULL) with a retry hint.
absl::Status WorkQueueFull(const std::string& method);

// OK, or CANCELLED or DEADLINE_EXCEEDED if the call is over.
absl::Status CheckNotOver(const CallContext& call);

// Queues `work` on `pool` and finishes the call with its status. RESOURCE_EXHAUSTED (WORK_QUEUE_FULL, with a retry
// hint) if the pool is full; DEADLINE_EXCEEDED or CANCELLED, without running it, if the call was over before its turn
// came. The request and response that `work` refers to live until it returns. `method` names the RPC in
// the error details.
grpc::ServerUnaryReactor* RunUnary(grpc::CallbackServerContext* context, WorkerPool* pool, const char* method,
                                   std::function<absl::Status(const CallContext&)> work);

}  // namespace interdict::server
