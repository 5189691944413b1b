#include "services/cli/local_instance.h"

#include <utility>

#include "services/cli/index_host.h"
#include "services/ingest/ingest_node.h"
#include "services/ingest/pipeline/pipeline.h"
#include "services/log/log_service.h"
#include "services/log/remote_log.h"
#include "services/query/query_node.h"
#include "services/server/run_server.h"

namespace interdict::cli {

// Members are destroyed in reverse order, users before what they use.
struct LocalInstance::State {
  std::unique_ptr<IndexHost> index;
  std::unique_ptr<server::Server> inner;  // no port: what channel() leads to
  std::unique_ptr<log::RemoteLog> remote_log;
  std::unique_ptr<ingest::IngestNode> ingest;
  std::unique_ptr<query::QueryNode> query;
  std::unique_ptr<server::Server> outer;  // no port: ingest and query for channel()'s users
  // The inner server's own counts would double those of the port.
  server::Metrics inner_metrics;
  bool stopped = false;
};

namespace {

server::ServerOptions InProcess() {
  server::ServerOptions options;
  options.listen = "";
  options.reflection = false;
  options.max_message_bytes = log::kMaxLogMessageBytes;
  return options;
}

}  // namespace

absl::StatusOr<std::unique_ptr<LocalInstance>> LocalInstance::Start(const ProcessFlags& flags, server::Metrics* metrics,
                                                                    server::Logger* log) {
  auto pipeline = pipeline::Pipeline::Load(flags.knowledge);
  if (!pipeline.ok()) return pipeline.status();
  std::unique_ptr<LocalInstance> instance(new LocalInstance(std::make_unique<State>()));
  State& state = *instance->state_;

  auto index = IndexHost::Start(flags, metrics, log);
  if (!index.ok()) return index.status();
  state.index = *std::move(index);
  auto inner = server::Server::Start(InProcess(), state.index->Services(), &state.inner_metrics, log);
  if (!inner.ok()) return inner.status();
  state.inner = *std::move(inner);

  state.remote_log = std::make_unique<log::RemoteLog>(state.inner->InProcessChannel());
  auto ingest = ingest::IngestNode::Start(flags.ingest, state.remote_log.get(), state.inner->InProcessChannel(),
                                          *std::move(pipeline), metrics, log);
  if (!ingest.ok()) return ingest.status();
  state.ingest = *std::move(ingest);
  auto query = query::QueryNode::Start(flags.query, {{state.inner->InProcessChannel()}}, metrics, log,
                                       /*timer=*/nullptr, state.index->local_shard());
  if (!query.ok()) return query.status();
  state.query = *std::move(query);
  auto outer = server::Server::Start(InProcess(), instance->PublicServices(), &state.inner_metrics, log);
  if (!outer.ok()) return outer.status();
  state.outer = *std::move(outer);
  return instance;
}

LocalInstance::LocalInstance(std::unique_ptr<State> state) : state_(std::move(state)) {}

LocalInstance::~LocalInstance() { Stop(); }

std::vector<grpc::Service*> LocalInstance::PublicServices() {
  std::vector<grpc::Service*> services = state_->index->NodeServices();
  for (grpc::Service* each : state_->ingest->Services()) services.push_back(each);
  for (grpc::Service* each : state_->query->Services()) services.push_back(each);
  return services;
}

std::shared_ptr<grpc::Channel> LocalInstance::channel() { return state_->outer->InProcessChannel(); }

bool LocalInstance::Ready() const { return state_->index->Ready(); }

void LocalInstance::EndLongCalls() {
  state_->ingest->EndStreams();
  state_->index->EndLongCalls();
}

void LocalInstance::Stop() {
  if (state_->stopped) return;
  state_->stopped = true;
  // From the outside in: each part still finds what it needs to finish.
  if (state_->outer != nullptr) state_->outer->Stop();
  if (state_->ingest != nullptr) state_->ingest->Stop();
  if (state_->query != nullptr) state_->query->Stop();
  if (state_->remote_log != nullptr) state_->remote_log->Close();
  if (state_->index != nullptr) state_->index->EndLongCalls();
  if (state_->inner != nullptr) state_->inner->Stop();
  if (state_->index != nullptr) state_->index->Stop();
}

}  // namespace interdict::cli
