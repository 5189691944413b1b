#include "services/query/query_node.h"

#include <utility>

#include "services/query/query_service.h"
#include "services/query/timer.h"
#include "services/server/status.h"

namespace interdict::query {
namespace {

absl::Status CheckHedge(const HedgeOptions& hedge) {
  if (!(hedge.quantile >= 0 && hedge.quantile <= 1)) return server::InvalidField("hedge", "quantile must be 0 to 1");
  if (!(hedge.max_share >= 0 && hedge.max_share <= 1)) return server::InvalidField("hedge", "share must be 0 to 1");
  if (hedge.initial_delay < absl::ZeroDuration() || hedge.least_delay < absl::ZeroDuration()) {
    return server::InvalidField("hedge", "delays must not be negative");
  }
  return absl::OkStatus();
}

absl::Status CheckOptions(const QueryOptions& options, const std::vector<ReplicaChannels>& shards) {
  if (shards.empty()) return server::InvalidField("shards", "name at least one index shard");
  for (const ReplicaChannels& replicas : shards) {
    if (replicas.empty()) return server::InvalidField("shards", "name at least one replica of each shard");
  }
  if (auto status = CheckHedge(options.hedge); !status.ok()) return status;
  if (options.stream_step == 0) return server::InvalidField("stream_step", "must be at least 1");
  if (options.max_calls_in_progress == 0) return server::InvalidField("max_calls_in_progress", "must be at least 1");
  if (options.default_wait <= absl::ZeroDuration()) return server::InvalidField("default_wait", "must be above zero");
  if (options.max_page_size < 1) return server::InvalidField("max_page_size", "must be at least 1");
  if (options.default_page_size < 1 || options.default_page_size > options.max_page_size) {
    return server::InvalidField("default_page_size", "must be from 1 to max_page_size");
  }
  return absl::OkStatus();
}

}  // namespace

struct QueryNode::State {
  GrpcTimer timer;
  std::unique_ptr<QueryServiceImpl> service;
  std::vector<std::unique_ptr<server::Metrics::Gauge>> gauges;
};

absl::StatusOr<std::unique_ptr<QueryNode>> QueryNode::Start(const QueryOptions& options,
                                                            const std::vector<ReplicaChannels>& shards,
                                                            server::Metrics* metrics, server::Logger* log, Timer* timer,
                                                            LocalShard* local) {
  if (auto status = CheckOptions(options, shards); !status.ok()) return status;
  if (local != nullptr && (shards.size() != 1 || shards.front().size() != 1)) {
    return server::InvalidField("shards", "a shard in this process must be the only one");
  }
  auto state = std::make_unique<State>();
  state->service = std::make_unique<QueryServiceImpl>(options, shards, timer == nullptr ? &state->timer : timer, local);
  const QueryServiceImpl* service = state->service.get();
  state->gauges.push_back(metrics->AddGauge("interdict_query_calls_in_progress", "calls that wait for the shards", {},
                                            [service] { return static_cast<double>(service->calls_in_progress()); }));
  state->gauges.push_back(metrics->AddGauge("interdict_query_hedged_questions",
                                            "second replicas asked because the first was late, since the start", {},
                                            [service] { return static_cast<double>(service->hedged()); }));
  state->gauges.push_back(metrics->AddGauge("interdict_query_failed_over_questions",
                                            "second replicas asked because the first failed, since the start", {},
                                            [service] { return static_cast<double>(service->failed_over()); }));
  log->Info("query is up", {{"shards", static_cast<uint64_t>(shards.size())}});
  return std::unique_ptr<QueryNode>(new QueryNode(std::move(state)));
}

QueryNode::QueryNode(std::unique_ptr<State> state) : state_(std::move(state)) {}

QueryNode::~QueryNode() { Stop(); }

std::vector<grpc::Service*> QueryNode::Services() { return {state_->service.get()}; }

void QueryNode::Stop() { state_->service->Stop(); }

}  // namespace interdict::query
