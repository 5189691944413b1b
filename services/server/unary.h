// Runs the work of a unary RPC on a worker pool: the one adapter between gRPC's callback API and transport-free code.
#pragma once

#include <functional>

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

// Queues `work` on `pool` and finishes the call with its status. RESOURCE_EXHAUSTED (WORK_QUEUE_FULL, with a retry
// hint) if the pool is full; DEADLINE_EXCEEDED or CANCELLED, without running it, if the call was over before its turn
// came. The request and response that `work` refers to live until it returns. `method` names the RPC in metrics and
// logs.
grpc::ServerUnaryReactor* RunUnary(grpc::CallbackServerContext* context, WorkerPool* pool, const char* method,
                                   std::function<absl::Status(const CallContext&)> work);

}  // namespace interdict::server
