// Asks all shards at once and gathers their answers, without a thread that waits.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "interdict/v1/search.pb.h"
#include "services/query/shard_client.h"

namespace interdict::query {

using Shards = std::vector<std::unique_ptr<ShardClient>>;

// What the client is told of a shard's error: UNAVAILABLE becomes INDEX_UNAVAILABLE, a deadline that passed while
// waiting for a position POSITION_NOT_REACHED, an answer too large for the channel MESSAGE_TOO_LARGE; all else as it
// is.
absl::Status ExplainShardError(const grpc::Status& status, const ShardCall& call);

// Whether an answer can do without a shard that failed so: it is the shard's trouble, not the request's.
bool MayGoWithout(const absl::Status& status);

// What became of the question to one shard.
template <typename Response>
struct ShardAnswer {
  absl::Status status;
  Response response;  // only if `status` is OK
};

// One a shard, in their order.
template <typename Response>
using ShardAnswers = std::vector<ShardAnswer<Response>>;

// OK, or the first error in the order of the shards.
template <typename Response>
absl::Status FirstError(const ShardAnswers<Response>& answers) {
  for (const auto& answer : answers) {
    if (!answer.status.ok()) return answer.status;
  }
  return absl::OkStatus();
}

// Those that an answer goes without. Not OK: the first error if it is the request's fault, or if no shard is left.
template <typename Response>
absl::StatusOr<std::vector<v1::MissingShard>> MissingOf(const ShardAnswers<Response>& answers);

// The missing shard of an error, for the client.
v1::MissingShard DescribeMissing(size_t shard, const absl::Status& status);

// Asks each shard its own request, or the shard `only` alone, and calls `done` once, on one of gRPC's threads or the
// caller's, when all that were asked have answered or failed. `call.context` must live until then.
template <typename Request, typename Response>
void AskShards(const Shards& shards, const ShardCall& call, std::vector<Request> requests,
               AskMethod<Request, Response> ask, std::function<void(ShardAnswers<Response>)> done,
               std::optional<size_t> only = std::nullopt) {
  struct Gathering {
    ShardAnswers<Response> answers;
    std::function<void(ShardAnswers<Response>)> done;
    std::atomic<size_t> missing;
    ShardCall call;
  };
  auto gathering = std::make_shared<Gathering>();
  const size_t count = shards.size();
  gathering->answers.resize(count);
  gathering->done = std::move(done);
  gathering->missing = only ? 1 : count;
  gathering->call = call;
  // Once the last answer is in, the call and the service may be gone.
  for (size_t i = only.value_or(0); i < (only ? *only + 1 : count); ++i) {
    shards[i]->template Ask<Request, Response>(
        call, std::move(requests[i]), ask, [gathering, i](grpc::Status status, Response response) {
          if (!status.ok()) gathering->answers[i].status = ExplainShardError(status, gathering->call);
          gathering->answers[i].response = std::move(response);
          if (gathering->missing.fetch_sub(1) == 1) gathering->done(std::move(gathering->answers));
        });
  }
}

template <typename Response>
absl::StatusOr<std::vector<v1::MissingShard>> MissingOf(const ShardAnswers<Response>& answers) {
  std::vector<v1::MissingShard> missing;
  for (size_t i = 0; i < answers.size(); ++i) {
    if (answers[i].status.ok()) continue;
    if (!MayGoWithout(answers[i].status)) return answers[i].status;
    missing.push_back(DescribeMissing(i, answers[i].status));
  }
  if (missing.size() == answers.size()) return FirstError(answers);
  return missing;
}

}  // namespace interdict::query
