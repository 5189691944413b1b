#include "services/ingest/ingest_node.h"

#include <utility>

#include "services/ingest/ingest_parts.h"
#include "services/ingest/ingest_service.h"
#include "services/server/status.h"
#include "services/server/worker_pool.h"

namespace interdict::ingest {
namespace {

using server::InvalidField;

absl::Status CheckOptions(const IngestOptions& options) {
  if (options.worker_threads == 0) return InvalidField("worker_threads", "must be at least 1");
  if (options.queue_limit == 0) return InvalidField("queue_limit", "must be at least 1");
  if (options.max_content_bytes == 0) return InvalidField("max_content_bytes", "must be at least 1");
  if (options.max_in_work_per_stream == 0) return InvalidField("max_in_work_per_stream", "must be at least 1");
  if (options.max_list_bytes == 0) return InvalidField("max_list_bytes", "must be at least 1");
  if (options.import_deadline <= absl::ZeroDuration()) return InvalidField("import_deadline", "must be above zero");
  if (options.status_interval <= absl::ZeroDuration()) return InvalidField("status_interval", "must be above zero");
  if (options.hint_timeout <= absl::ZeroDuration()) return InvalidField("hint_timeout", "must be above zero");
  if (options.default_deadline <= absl::ZeroDuration()) return InvalidField("default_deadline", "must be above zero");
  if (options.remembered_documents <= options.max_fold_lag_entries) {
    return InvalidField("remembered_documents", "must be more than max_fold_lag_entries");
  }
  if (!options.now) return InvalidField("now", "is missing");
  return absl::OkStatus();
}

}  // namespace

// In the order of construction; the service and the pool go first.
struct IngestNode::State {
  State(const IngestOptions& given, log::Log* log_to_write, const std::shared_ptr<grpc::Channel>& channel,
        DocumentExtractor given_extractor, SourceGrades given_grades, std::unique_ptr<RemoteExtractor> given_plugin,
        server::Logger* logger)
      : options(given),
        extractor(std::move(given_extractor)),
        grades(std::move(given_grades)),
        plugin(std::move(given_plugin)),
        gate(options.remembered_documents),
        log(log_to_write, options.now),
        index(channel),
        backpressure({.max_fold_lag_entries = options.max_fold_lag_entries,
                      .max_resolver_lag_entries = options.max_resolver_lag_entries,
                      .retry_delay = options.backlog_retry_delay,
                      .interval = options.status_interval},
                     &index, &log, logger),
        pool("ingest", options.worker_threads, options.queue_limit),
        service({.options = &options,
                 .extractor = &extractor,
                 .grades = &grades,
                 .gate = &gate,
                 .log = &log,
                 .index = &index,
                 .backpressure = &backpressure,
                 .plugin = plugin.get()},
                &pool) {}

  const IngestOptions options;
  const DocumentExtractor extractor;
  const SourceGrades grades;
  const std::unique_ptr<RemoteExtractor> plugin;
  DocumentGate gate;
  IntakeLog log;
  IndexHints index;
  Backpressure backpressure;
  server::WorkerPool pool;
  IngestServiceImpl service;
  std::vector<std::unique_ptr<server::Metrics::Gauge>> gauges;

  void AddGauges(server::Metrics* metrics) {
    gauges.push_back(metrics->AddGauge("interdict_ingest_queued", "calls and documents that wait for a thread", {},
                                       [this] { return static_cast<double>(pool.queued()); }));
    gauges.push_back(metrics->AddGauge("interdict_ingest_fold_lag_entries", "intake entries not yet folded", {},
                                       [this] { return static_cast<double>(backpressure.fold_lag_entries()); }));
    gauges.push_back(metrics->AddGauge("interdict_ingest_resolver_lag_entries", "intake entries not yet decided", {},
                                       [this] { return static_cast<double>(backpressure.resolver_lag_entries()); }));
    gauges.push_back(metrics->AddGauge("interdict_ingest_index_reachable", "1 while the index answers ingest", {},
                                       [this] { return backpressure.index_reachable() ? 1.0 : 0.0; }));
  }
};

absl::StatusOr<std::unique_ptr<IngestNode>> IngestNode::Start(const IngestOptions& options, log::Log* log,
                                                              std::shared_ptr<grpc::Channel> index,
                                                              DocumentExtractor extractor, server::Metrics* metrics,
                                                              server::Logger* logger) {
  if (auto status = CheckOptions(options); !status.ok()) return status;
  auto grades = SourceGrades::WithFile(options.source_grades_file);
  if (!grades.ok()) return InvalidField("source_grades", std::string(grades.status().message()));
  std::unique_ptr<RemoteExtractor> plugin;
  if (!options.plugin.address.empty()) {
    auto made = RemoteExtractor::Make(options.plugin, metrics, logger);
    if (!made.ok()) return made.status();
    plugin = *std::move(made);
  }
  auto state =
      std::make_unique<State>(options, log, index, std::move(extractor), *std::move(grades), std::move(plugin), logger);
  state->AddGauges(metrics);
  logger->Info("ingest is up", {{"extractor", state->extractor.stamp.name()},
                                {"version", state->extractor.stamp.version()},
                                {"threads", static_cast<uint64_t>(options.worker_threads)}});
  return std::unique_ptr<IngestNode>(new IngestNode(std::move(state)));
}

IngestNode::IngestNode(std::unique_ptr<State> state) : state_(std::move(state)) {}

IngestNode::~IngestNode() { Stop(); }

std::vector<grpc::Service*> IngestNode::Services() { return {&state_->service}; }

void IngestNode::EndStreams() { state_->service.EndStreams(); }

void IngestNode::Stop() {
  EndStreams();
  state_->pool.Stop();
  state_->backpressure.Stop();
  state_->gauges.clear();
}

}  // namespace interdict::ingest
