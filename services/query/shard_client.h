// Asks one shard, of whichever of its replicas answers: a second one is asked when the first is late or has failed, and
// the first good answer counts.
#pragma once

#include <algorithm>
#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "grpcpp/server_context.h"
#include "interdict/internal/v1/index_service.grpc.pb.h"
#include "services/query/attempts.h"
#include "services/query/hedge_options.h"
#include "services/query/latency_window.h"
#include "services/query/local_shard.h"
#include "services/query/timer.h"
#include "services/server/status.h"
#include "services/server/unary.h"

namespace interdict::query {

using IndexStub = internal::v1::IndexService::Stub;
// Channels to the replicas of a shard.
using ReplicaChannels = std::vector<std::shared_ptr<grpc::Channel>>;

// What a shard is asked on behalf of a call: its deadline (or `default_wait` where it has none), its cancellation, and
// whether it waits for a position, which decides how a passed deadline is told.
struct ShardCall {
  grpc::CallbackServerContext* context = nullptr;
  absl::Duration default_wait;
  bool waits_for_position = false;
  // The shard's time ends a little before the call's, so that there is time to answer without it.
  bool may_go_without = false;
};

// How a shard is asked: a method of the stub in its callback form and, for what a shard in this process answers itself,
// its method there.
template <typename Request, typename Response>
struct AskMethod {
  using Remote = void (*)(IndexStub*, grpc::ClientContext*, const Request*, Response*,
                          std::function<void(grpc::Status)>);
  using Local = void (LocalShard::*)(const server::CallContext&, const Request*, Response*, LocalShard::Done);

  AskMethod(Remote remote_method, Local local_method = nullptr)  // NOLINT(google-explicit-constructor): one by another
      : remote(remote_method), local(local_method) {}

  Remote remote;
  Local local;
};

// A context for one question to one replica. Cancelled with the call.
std::unique_ptr<grpc::ClientContext> MakeShardContext(const ShardCall& call);
// The same for a shard in this process.
server::CallContext MakeLocalContext(const ShardCall& call);

// Thread-safe. Questions under way may outlive it. `timer` must outlive both.
class ShardClient {
 public:
  // At least one replica. `local`: the shard itself, if it is in this process; must outlive the questions under way.
  ShardClient(const ReplicaChannels& replicas, const HedgeOptions& options, Timer* timer, LocalShard* local = nullptr)
      : shared_(std::make_shared<Shared>(replicas, options, timer)), local_(local) {}

  // Asks `request` and calls `done` once, on one of gRPC's threads or the caller's. `call.context` must live until
  // then; what other replicas answer later is dropped.
  template <typename Request, typename Response>
  void Ask(const ShardCall& call, Request request, AskMethod<Request, Response> ask,
           std::function<void(grpc::Status, Response)> done);

  // Second questions sent so far because the first was late, and because it failed.
  uint64_t hedged() const { return shared_->hedged; }
  uint64_t failed_over() const { return shared_->failed_over; }

 private:
  // What all questions share.
  struct Shared {
    Shared(const ReplicaChannels& channels, const HedgeOptions& hedge_options, Timer* hedge_timer);
    // Whether one more second question is within the share of all.
    bool TakeHedge();
    void NoteQuestion();

    std::vector<std::unique_ptr<IndexStub>> replicas;
    const HedgeOptions options;
    Timer* const timer;
    LatencyWindow searches;
    LatencyWindow look_ups;
    std::atomic<size_t> next_first = 0;
    std::atomic<uint64_t> hedged = 0;
    std::atomic<uint64_t> failed_over = 0;
    std::mutex mutex;
    double hedges_left;  // guarded by mutex
  };

  template <typename Request, typename Response>
  struct Question;

  template <typename Request, typename Response>
  static bool AskNext(const std::shared_ptr<Question<Request, Response>>& question);
  template <typename Request, typename Response>
  void AskLocal(const ShardCall& call, Request request, typename AskMethod<Request, Response>::Local ask,
                std::function<void(grpc::Status, Response)> done);

  std::shared_ptr<Shared> shared_;
  LocalShard* const local_;
};

// Lives until its last attempt has ended.
template <typename Request, typename Response>
struct ShardClient::Question {
  struct Attempt {
    std::unique_ptr<grpc::ClientContext> context;
    Response response;
    absl::Time begin;
    bool ended = false;  // guarded by mutex
  };

  Question(std::shared_ptr<Shared> shard, const ShardCall& asked_for, Request asked)
      : shared(std::move(shard)),
        call(asked_for),
        request(std::move(asked)),
        attempts(shared->replicas.size(), shared->next_first.fetch_add(1) % shared->replicas.size()),
        tried(shared->replicas.size()) {}

  LatencyWindow& Window() {
    constexpr bool kSearch = std::is_same_v<Request, internal::v1::SearchRequest> ||
                             std::is_same_v<Request, internal::v1::GetSearchStatisticsRequest>;
    return kSearch ? shared->searches : shared->look_ups;
  }

  // The attempt on a replica, ready to start; null if the question is over.
  Attempt* Prepare(size_t replica) {
    std::lock_guard lock(mutex);
    if (over) return nullptr;
    auto attempt = std::make_unique<Attempt>();
    attempt->context = MakeShardContext(call);
    attempt->begin = absl::Now();
    tried[replica] = std::move(attempt);
    return tried[replica].get();
  }

  // An attempt has ended: it must not be cancelled any more.
  void Ended(Attempt* attempt) {
    std::lock_guard lock(mutex);
    attempt->ended = true;
  }

  // No more attempts; those under way are cancelled.
  void End() {
    std::lock_guard lock(mutex);
    over = true;
    for (const auto& attempt : tried) {
      if (attempt != nullptr && !attempt->ended) attempt->context->TryCancel();
    }
  }

  const std::shared_ptr<Shared> shared;
  const ShardCall call;
  const Request request;
  typename AskMethod<Request, Response>::Remote ask = nullptr;
  std::function<void(grpc::Status, Response)> done;
  Attempts attempts;
  std::mutex mutex;
  std::vector<std::unique_ptr<Attempt>> tried;  // guarded by mutex; an element is set once
  bool over = false;                            // guarded by mutex: `call.context` may be gone
  std::unique_ptr<Timer::Pending> hedge;        // set before the first attempt
};

// Asks the next replica; false if there is none.
template <typename Request, typename Response>
bool ShardClient::AskNext(const std::shared_ptr<Question<Request, Response>>& question) {
  const auto replica = question->attempts.Next();
  if (!replica) return false;
  auto* attempt = question->Prepare(*replica);
  if (attempt == nullptr) return false;
  const auto ended = [question, attempt](grpc::Status status) {
    question->Ended(attempt);
    const Attempts::Then then = question->attempts.Ended(status.ok(), MayFailOver(status));
    if (then == Attempts::Then::kNothing) return;
    if (then == Attempts::Then::kAskNext) {
      ++question->shared->failed_over;
      AskNext(question);
      return;
    }
    if (status.ok() && !question->call.waits_for_position) question->Window().Add(absl::Now() - attempt->begin);
    question->End();
    question->done(std::move(status), std::move(attempt->response));
  };
  question->ask(question->shared->replicas[*replica].get(), attempt->context.get(), &question->request,
                &attempt->response, ended);
  return true;
}

template <typename Request, typename Response>
void ShardClient::AskLocal(const ShardCall& call, Request request, typename AskMethod<Request, Response>::Local ask,
                           std::function<void(grpc::Status, Response)> done) {
  struct Asked {
    Request request;
    Response response;
    std::function<void(grpc::Status, Response)> done;
  };
  auto asked = std::make_shared<Asked>();
  asked->request = std::move(request);
  asked->done = std::move(done);
  (local_->*ask)(MakeLocalContext(call), &asked->request, &asked->response, [asked](const absl::Status& status) {
    asked->done(server::ToGrpc(status), std::move(asked->response));
  });
}

template <typename Request, typename Response>
void ShardClient::Ask(const ShardCall& call, Request request, AskMethod<Request, Response> ask,
                      std::function<void(grpc::Status, Response)> done) {
  if (local_ != nullptr && ask.local != nullptr) {
    return AskLocal<Request, Response>(call, std::move(request), ask.local, std::move(done));
  }
  auto question = std::make_shared<Question<Request, Response>>(shared_, call, std::move(request));
  question->ask = ask.remote;
  question->done = std::move(done);
  if (shared_->replicas.size() > 1) {
    shared_->NoteQuestion();
    if (shared_->options.quantile < 1) {
      const std::weak_ptr<Question<Request, Response>> late = question;
      question->hedge =
          shared_->timer->After(std::max(question->Window().Quantile(), shared_->options.least_delay), [late] {
            const auto still = late.lock();
            if (still == nullptr || !still->shared->TakeHedge()) return;
            if (AskNext(still)) ++still->shared->hedged;
          });
    }
  }
  AskNext(question);
}

}  // namespace interdict::query
