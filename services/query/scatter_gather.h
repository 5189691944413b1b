// Asks all shards at once and gathers their answers, without a thread that waits.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "grpcpp/server_context.h"
#include "interdict/internal/v1/index_service.grpc.pb.h"

namespace interdict::query {

using IndexStub = internal::v1::IndexService::Stub;

// What a shard is asked on behalf of a call: its deadline (or `default_wait` where it has none), its cancellation, and
// whether it waits for a position, which decides how a passed deadline is told.
struct ShardCall {
  grpc::CallbackServerContext* context = nullptr;
  absl::Duration default_wait;
  bool waits_for_position = false;
};

// A context for one question to one shard. Cancelled with the call.
std::unique_ptr<grpc::ClientContext> MakeShardContext(const ShardCall& call);

// What the client is told of a shard's error: UNAVAILABLE becomes INDEX_UNAVAILABLE, a deadline that passed while
// waiting for a position POSITION_NOT_REACHED, an answer too large for the channel MESSAGE_TOO_LARGE; all else as it
// is.
absl::Status ExplainShardError(const grpc::Status& status, const ShardCall& call);

// One answer a shard, in their order.
template <typename Response>
using ShardAnswers = std::vector<Response>;

// Asks each shard its own request by `ask(stub, context, request, response, done)` and calls `done` once, on one of
// gRPC's threads, with all answers, or with the first error in the order of the shards. `call.context` must live until
// then.
template <typename Request, typename Response>
void AskShards(const std::vector<std::unique_ptr<IndexStub>>& shards, const ShardCall& call,
               std::vector<Request> requests,
               void (*ask)(IndexStub*, grpc::ClientContext*, const Request*, Response*,
                           std::function<void(grpc::Status)>),
               std::function<void(absl::Status, ShardAnswers<Response>)> done) {
  struct Gathering {
    std::vector<Request> requests;
    ShardAnswers<Response> answers;
    std::vector<grpc::Status> statuses;
    std::vector<std::unique_ptr<grpc::ClientContext>> contexts;
    std::function<void(absl::Status, ShardAnswers<Response>)> done;
    std::atomic<size_t> missing;
    ShardCall call;
  };
  auto gathering = std::make_shared<Gathering>();
  gathering->requests = std::move(requests);
  gathering->answers.resize(shards.size());
  gathering->statuses.resize(shards.size());
  gathering->done = std::move(done);
  gathering->missing = shards.size();
  gathering->call = call;
  // All contexts before the first question: once the last answer is in, the call may be over.
  for (size_t i = 0; i < shards.size(); ++i) gathering->contexts.push_back(MakeShardContext(call));
  for (size_t i = 0; i < shards.size(); ++i) {
    ask(shards[i].get(), gathering->contexts[i].get(), &gathering->requests[i], &gathering->answers[i],
        [gathering, i](grpc::Status status) {
          gathering->statuses[i] = std::move(status);
          if (gathering->missing.fetch_sub(1) != 1) return;
          for (const grpc::Status& each : gathering->statuses) {
            if (each.ok()) continue;
            gathering->done(ExplainShardError(each, gathering->call), {});
            return;
          }
          gathering->done(absl::OkStatus(), std::move(gathering->answers));
        });
  }
}

}  // namespace interdict::query
