#include "services/index/gated_call.h"

#include <algorithm>
#include <utility>

#include "absl/time/clock.h"
#include "services/server/status.h"

namespace interdict::index {
namespace {

// The last part of a call's time is kept for the answer that says that the position was not reached.
absl::Time WaitDeadline(const server::CallContext& call, absl::Duration default_wait) {
  const absl::Time now = absl::Now();
  if (call.deadline == absl::InfiniteFuture()) return now + default_wait;
  return call.deadline - std::min(absl::Milliseconds(100), (call.deadline - now) / 10);
}

}  // namespace

grpc::ServerUnaryReactor* RunAfter(grpc::CallbackServerContext* context, const CallRunner& runner, const char* method,
                                   const std::string& read_after,
                                   std::function<absl::Status(const server::CallContext&)> work) {
  if (read_after.empty()) return server::RunUnary(context, runner.pool, method, std::move(work));
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  auto positions = runner.gate->Parse(read_after);
  if (!positions.ok()) {
    reactor->Finish(server::ToGrpc(positions.status()));
    return reactor;
  }
  const server::CallContext call = server::MakeCallContext(context);
  PositionWaiter waiter;
  waiter.positions = *std::move(positions);
  waiter.deadline = WaitDeadline(call, runner.default_wait);
  waiter.cancelled = call.cancelled;
  waiter.done = [reactor, call, method, pool = runner.pool, work = std::move(work)](absl::Status reached) mutable {
    if (!reached.ok()) {
      reactor->Finish(server::ToGrpc(reached));
      return;
    }
    const bool queued = pool->TrySubmit([reactor, call, work = std::move(work)] {
      absl::Status status = server::CheckNotOver(call);
      if (status.ok()) status = work(call);
      reactor->Finish(server::ToGrpc(status));
    });
    if (!queued) reactor->Finish(server::ToGrpc(server::WorkQueueFull(method)));
  };
  runner.gate->Wait(std::move(waiter));
  return reactor;
}

}  // namespace interdict::index
