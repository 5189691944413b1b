#include "services/index/gated_call.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/time/clock.h"
#include "services/server/status.h"

namespace interdict::index {
namespace {

using Done = std::function<void(absl::Status)>;

// The last part of a call's time is kept for the answer that says that the position was not reached.
absl::Time WaitDeadline(const server::CallContext& call, absl::Duration default_wait) {
  const absl::Time now = absl::Now();
  if (call.deadline == absl::InfiniteFuture()) return now + default_wait;
  return call.deadline - std::min(absl::Milliseconds(100), (call.deadline - now) / 10);
}

// What is queued for a call.
struct QueuedCall {
  server::CallContext call;
  CallWork work;
  Done done;
};

void RunQueued(server::WorkerPool* pool, const char* method, const std::shared_ptr<QueuedCall>& queued) {
  const bool taken = pool->TrySubmit([queued] {
    absl::Status status = server::CheckNotOver(queued->call);
    if (status.ok()) status = queued->work(queued->call);
    queued->done(std::move(status));
  });
  if (!taken) queued->done(server::WorkQueueFull(method));
}

}  // namespace

void RunAfter(const server::CallContext& call, const CallRunner& runner, const char* method,
              const std::string& read_after, CallWork work, Done done) {
  auto queued = std::make_shared<QueuedCall>(QueuedCall{call, std::move(work), std::move(done)});
  if (read_after.empty()) return RunQueued(runner.pool, method, queued);
  auto positions = runner.gate->Parse(read_after);
  if (!positions.ok()) return queued->done(positions.status());
  PositionWaiter waiter;
  waiter.positions = *std::move(positions);
  waiter.deadline = WaitDeadline(call, runner.default_wait);
  waiter.cancelled = call.cancelled;
  waiter.done = [queued, method, pool = runner.pool](absl::Status reached) {
    if (!reached.ok()) return queued->done(std::move(reached));
    RunQueued(pool, method, queued);
  };
  runner.gate->Wait(std::move(waiter));
}

grpc::ServerUnaryReactor* RunAfter(grpc::CallbackServerContext* context, const CallRunner& runner, const char* method,
                                   const std::string& read_after, CallWork work) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  RunAfter(server::MakeCallContext(context), runner, method, read_after, std::move(work),
           [reactor](const absl::Status& status) { reactor->Finish(server::ToGrpc(status)); });
  return reactor;
}

}  // namespace interdict::index
