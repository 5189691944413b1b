#include "services/query/query_node.h"

#include <utility>

#include "services/query/query_service.h"
#include "services/server/status.h"

namespace interdict::query {
namespace {

absl::Status CheckOptions(const QueryOptions& options, size_t shards) {
  if (shards == 0) return server::InvalidField("shards", "name at least one index shard");
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
  std::unique_ptr<QueryServiceImpl> service;
  std::unique_ptr<server::Metrics::Gauge> calls;
};

absl::StatusOr<std::unique_ptr<QueryNode>> QueryNode::Start(const QueryOptions& options,
                                                            std::vector<std::shared_ptr<grpc::Channel>> shards,
                                                            server::Metrics* metrics, server::Logger* log) {
  if (auto status = CheckOptions(options, shards.size()); !status.ok()) return status;
  auto state = std::make_unique<State>();
  state->service = std::make_unique<QueryServiceImpl>(options, shards);
  state->calls =
      metrics->AddGauge("interdict_query_calls_in_progress", "calls that wait for the shards", {},
                        [service = state->service.get()] { return static_cast<double>(service->calls_in_progress()); });
  log->Info("query is up", {{"shards", static_cast<uint64_t>(shards.size())}});
  return std::unique_ptr<QueryNode>(new QueryNode(std::move(state)));
}

QueryNode::QueryNode(std::unique_ptr<State> state) : state_(std::move(state)) {}

QueryNode::~QueryNode() { Stop(); }

std::vector<grpc::Service*> QueryNode::Services() { return {state_->service.get()}; }

void QueryNode::Stop() { state_->service->Stop(); }

}  // namespace interdict::query
