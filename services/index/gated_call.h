// Runs a call on a worker pool once the shard has come as far as the call asks.
#pragma once

#include <functional>
#include <string>

#include "absl/status/statusor.h"
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

using CallWork = std::function<absl::Status(const server::CallContext&)>;

// Runs `work` on the pool after waiting for `read_after` (empty: at once), and `done` with its status behind it, once,
// on the same thread. `done` alone, on this thread or that of the gate, with an error: INVALID_ARGUMENT
// (INVALID_POSITION), DEADLINE_EXCEEDED (POSITION_NOT_REACHED, DEADLINE_PASSED), CANCELLED, UNAVAILABLE
// (INDEX_STOPPING), RESOURCE_EXHAUSTED (WORK_QUEUE_FULL). No thread is held while it waits.
void RunAfter(const server::CallContext& call, const CallRunner& runner, const char* method,
              const std::string& read_after, CallWork work, std::function<void(absl::Status)> done);

// The same for a call that gRPC serves.
grpc::ServerUnaryReactor* RunAfter(grpc::CallbackServerContext* context, const CallRunner& runner, const char* method,
                                   const std::string& read_after, CallWork work);

// Asked by long work whether its call is over.
inline std::function<absl::Status()> CheckOf(const server::CallContext& call) {
  return [&call] { return server::CheckNotOver(call); };
}

// Moves an answer into the response of the call.
template <typename Response>
absl::Status Deliver(absl::StatusOr<Response> answer, Response* response) {
  if (!answer.ok()) return answer.status();
  *response = *std::move(answer);
  return absl::OkStatus();
}

}  // namespace interdict::index
