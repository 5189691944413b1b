#include "services/index/index_node.h"

#include <algorithm>
#include <utility>

#include "services/index/admin/admin_service.h"
#include "services/index/direct_reads.h"
#include "services/index/index_service.h"
#include "services/index/resolve/match_reports.h"
#include "services/index/resolve/resolver_runner.h"
#include "services/server/logging.h"
#include "services/server/metrics.h"

namespace interdict::index {
namespace {

constexpr size_t kAdminThreads = 2;
constexpr size_t kAdminQueue = 16;

std::string ErrorText(const absl::Status& status) { return std::string(status.message()); }

}  // namespace

// Members are destroyed from the last to the first: services before what they use, gauges before what they read.
struct IndexNode::State {
  explicit State(const IndexOptions& node_options, log::Log* node_log, server::Logger* node_logger)
      : options(node_options), log(node_log), logger(node_logger) {}

  absl::Status Open();
  void AddGauges(server::Metrics* metrics);
  double LagOf(log::PartitionId partition, uint64_t position) const;
  log::Positions Decided() const { return runner == nullptr ? log::Positions() : runner->decided(); }

  const IndexOptions options;
  log::Log* const log;
  server::Logger* const logger;
  const MatchReports resolver;
  log::Positions at_start;  // what the log held
  std::unique_ptr<Shard> shard;
  std::unique_ptr<ResolverRunner> runner;  // null without a resolver here
  std::unique_ptr<PositionGate> gate;
  std::unique_ptr<ShardReader> reader;
  std::unique_ptr<server::WorkerPool> pool;
  std::unique_ptr<server::WorkerPool> admin_pool;
  std::unique_ptr<DirectReads> direct_reads;
  std::unique_ptr<IndexServiceAdapter> index_service;
  std::unique_ptr<AdminServiceAdapter> admin_service;
  std::vector<std::unique_ptr<server::Metrics::Gauge>> gauges;
};

absl::Status IndexNode::State::Open() {
  auto opened = Shard::Open(
      options.data_dir + "/index", log,
      [this](log::PartitionId partition, const absl::Status& why) {
        logger->Error("fold stands still", {{"partition", log::ToString(partition)},
                                            {"code", absl::StatusCodeToString(why.code())},
                                            {"problem", ErrorText(why)}});
      },
      options.slot);
  if (!opened.ok()) return opened.status();
  shard = *std::move(opened);
  for (const log::PartitionId& partition : shard->owned().Partitions()) {
    auto last = log->Last(partition);
    if (!last.ok()) return last.status();
    at_start[partition] = *last;
  }
  if (options.run_resolver) {
    ResolverOptions resolver_options;
    resolver_options.view_path = options.data_dir + "/resolver";
    resolver_options.now = options.now;
    resolver_options.step_back = options.resolver_step_back;
    auto opened_runner =
        ResolverRunner::Open(std::move(resolver_options), log, &resolver, [this](const absl::Status& why) {
          logger->Error("resolver stands still",
                        {{"code", absl::StatusCodeToString(why.code())}, {"problem", ErrorText(why)}});
        });
    if (!opened_runner.ok()) return opened_runner.status();
    runner = *std::move(opened_runner);
  }
  gate = std::make_unique<PositionGate>(shard.get(), options.queue_limit);
  reader = std::make_unique<ShardReader>(shard.get(), [this] { return Decided(); });
  pool = std::make_unique<server::WorkerPool>("index", options.worker_threads, options.queue_limit);
  admin_pool = std::make_unique<server::WorkerPool>("index-admin", kAdminThreads, kAdminQueue);
  const CallRunner runner_of_reads{gate.get(), pool.get(), options.default_wait};
  direct_reads = std::make_unique<DirectReads>(reader.get(), runner_of_reads);
  index_service = std::make_unique<IndexServiceAdapter>(reader.get(), runner_of_reads);
  admin_service = std::make_unique<AdminServiceAdapter>(shard.get(),
                                                        CallRunner{gate.get(), admin_pool.get(), options.default_wait});
  return absl::OkStatus();
}

double IndexNode::State::LagOf(log::PartitionId partition, uint64_t position) const {
  auto last = log->Last(partition);
  if (!last.ok()) return -1;  // the log cannot tell
  return static_cast<double>(*last - std::min(*last, position));
}

void IndexNode::State::AddGauges(server::Metrics* metrics) {
  for (const log::PartitionId& partition : shard->owned().Partitions()) {
    const server::Metrics::Labels labels = {{"partition", log::ToString(partition)}};
    gauges.push_back(metrics->AddGauge(
        "interdict_fold_lag_entries", "Entries of the log that are not folded yet; -1: the log cannot be asked", labels,
        [this, partition] { return LagOf(partition, shard->progress().folded[partition]); }));
    gauges.push_back(metrics->AddGauge(
        "interdict_fold_stopped", "1 if the partition stands still", labels,
        [this, partition] { return static_cast<double>(shard->progress().stopped.count(partition)); }));
    if (runner == nullptr || partition.log != log::LogName::kIntake) continue;
    gauges.push_back(
        metrics->AddGauge("interdict_resolver_lag_entries",
                          "Entries of the intake log that are not decided yet; -1: the log cannot be asked", labels,
                          [this, partition] { return LagOf(partition, runner->decided()[partition]); }));
  }
  if (runner == nullptr) return;
  gauges.push_back(metrics->AddGauge("interdict_resolver_stopped", "1 if the resolver makes no progress", {},
                                     [this] { return runner->stopped_because().empty() ? 0.0 : 1.0; }));
}

absl::StatusOr<std::unique_ptr<IndexNode>> IndexNode::Start(const IndexOptions& options, log::Log* log,
                                                            server::Metrics* metrics, server::Logger* logger) {
  auto state = std::make_unique<State>(options, log, logger);
  absl::Status status = state->Open();
  if (!status.ok()) return status;
  state->AddGauges(metrics);
  state->shard->Start();
  if (state->runner != nullptr) state->runner->Start();
  return std::unique_ptr<IndexNode>(new IndexNode(std::move(state)));
}

IndexNode::IndexNode(std::unique_ptr<State> state) : state_(std::move(state)) {}

IndexNode::~IndexNode() { Stop(); }

std::vector<grpc::Service*> IndexNode::Services() { return {state_->index_service.get(), state_->admin_service.get()}; }

DirectReads* IndexNode::direct_reads() { return state_->direct_reads.get(); }

bool IndexNode::Ready() const {
  const Progress progress = state_->shard->progress();
  return std::all_of(state_->at_start.begin(), state_->at_start.end(), [&](const auto& wanted) {
    return progress.folded.at(wanted.first) >= wanted.second || progress.stopped.count(wanted.first) > 0;
  });
}

void IndexNode::EndWaits() { state_->gate->Close(); }

void IndexNode::Stop() {
  state_->gate->Close();
  state_->gauges.clear();
  if (state_->runner != nullptr) state_->runner->Stop();
  state_->shard->Stop();
  state_->pool->Stop();
  state_->admin_pool->Stop();
}

}  // namespace interdict::index
