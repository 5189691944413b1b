// Runs a unary call on a worker pool once the shard has come as far as the call asks.
#pragma once

#include <functional>
#include <string>

#include "absl/time/time.h"
#include "services/index/position_gate.h"
#include "services/server/unary.h"
#include "services/server/worker_pool.h"

namespace interdict::index {

// What all calls of a service share; must outlive them.
struct CallRunner {
  PositionGate* gate;
  server::WorkerPool* pool;
  absl::Duration default_wait;  // of a call without a deadline
};

// As server::RunUnary, after waiting for `read_after` (empty: at once). No thread is held meanwhile.
grpc::ServerUnaryReactor* RunAfter(grpc::CallbackServerContext* context, const CallRunner& runner, const char* method,
                                   const std::string& read_after,
                                   std::function<absl::Status(const server::CallContext&)> work);

}  // namespace interdict::index
