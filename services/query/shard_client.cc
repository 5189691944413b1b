#include "services/query/shard_client.h"

#include <chrono>

namespace interdict::query {
namespace {

constexpr double kMostHedgesAtOnce = 10;

// The time that is kept for an answer without the shards that did not.
absl::Duration KeptTime(absl::Duration left) { return std::min(absl::Milliseconds(100), left / 10); }

// The parent's deadline is inherited; without one there would be no end to a wait.
absl::Time DeadlineOf(const ShardCall& call) {
  const absl::Time now = absl::Now();
  if (call.context->deadline() == std::chrono::system_clock::time_point::max()) return now + call.default_wait;
  const absl::Time deadline = absl::FromChrono(call.context->deadline());
  return call.may_go_without ? deadline - KeptTime(deadline - now) : deadline;
}

}  // namespace

std::unique_ptr<grpc::ClientContext> MakeShardContext(const ShardCall& call) {
  auto context = grpc::ClientContext::FromCallbackServerContext(*call.context);
  context->set_deadline(absl::ToChronoTime(DeadlineOf(call)));
  return context;
}

server::CallContext MakeLocalContext(const ShardCall& call) {
  server::CallContext context = server::MakeCallContext(call.context);
  context.deadline = DeadlineOf(call);
  return context;
}

ShardClient::Shared::Shared(const ReplicaChannels& channels, const HedgeOptions& hedge_options, Timer* hedge_timer)
    : options(hedge_options),
      timer(hedge_timer),
      searches(hedge_options.quantile, hedge_options.initial_delay),
      look_ups(hedge_options.quantile, hedge_options.initial_delay),
      hedges_left(kMostHedgesAtOnce) {
  for (const auto& channel : channels) replicas.push_back(internal::v1::IndexService::NewStub(channel));
}

void ShardClient::Shared::NoteQuestion() {
  std::lock_guard lock(mutex);
  hedges_left = std::min(kMostHedgesAtOnce, hedges_left + options.max_share);
}

bool ShardClient::Shared::TakeHedge() {
  std::lock_guard lock(mutex);
  if (hedges_left < 1) return false;
  hedges_left -= 1;
  return true;
}

}  // namespace interdict::query
