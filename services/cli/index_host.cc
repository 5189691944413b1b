#include "services/cli/index_host.h"

#include <filesystem>
#include <system_error>
#include <utility>

#include "services/index/index_node.h"
#include "services/log/log_service.h"
#include "services/server/worker_pool.h"
#include "storage/log/rocksdb_log.h"

namespace interdict::cli {
namespace {

constexpr size_t kLogThreads = 8;

absl::Status MakeFolder(const std::string& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (!error) return absl::OkStatus();
  return absl::PermissionDeniedError("the data folder " + path + " cannot be made: " + error.message() +
                                     "; name another with --data, or make it writable");
}

}  // namespace

// Members are destroyed in reverse order, users before what they use.
struct IndexHost::State {
  std::unique_ptr<log::RocksdbLog> log;
  std::unique_ptr<server::WorkerPool> log_pool;
  std::unique_ptr<log::LogService> log_service;
  std::unique_ptr<index::IndexNode> node;
  bool stopped = false;
};

absl::StatusOr<std::unique_ptr<IndexHost>> IndexHost::Start(const ProcessFlags& flags, server::Metrics* metrics,
                                                            server::Logger* log) {
  if (absl::Status status = MakeFolder(flags.data); !status.ok()) return status;
  auto state = std::make_unique<State>();
  log::RocksdbLogOptions log_options;
  log_options.intake_partitions = flags.intake_partitions;
  log_options.incident_partitions = flags.incident_partitions;
  auto opened = log::RocksdbLog::Open(flags.data + "/log", log_options);
  if (!opened.ok()) return opened.status();
  state->log = *std::move(opened);
  state->log_pool = std::make_unique<server::WorkerPool>("log", kLogThreads, flags.index.queue_limit);
  auto log_service = log::LogService::Create(state->log.get(), state->log_pool.get());
  if (!log_service.ok()) return log_service.status();
  state->log_service = *std::move(log_service);
  index::IndexOptions index_options = flags.index;
  index_options.data_dir = flags.data;
  auto node = index::IndexNode::Start(index_options, state->log.get(), metrics, log);
  if (!node.ok()) return node.status();
  state->node = *std::move(node);
  return std::unique_ptr<IndexHost>(new IndexHost(std::move(state)));
}

IndexHost::IndexHost(std::unique_ptr<State> state) : state_(std::move(state)) {}

IndexHost::~IndexHost() { Stop(); }

std::vector<grpc::Service*> IndexHost::NodeServices() { return state_->node->Services(); }

std::vector<grpc::Service*> IndexHost::Services() {
  std::vector<grpc::Service*> services = state_->node->Services();
  services.push_back(state_->log_service->service());
  return services;
}

bool IndexHost::Ready() const { return state_->node->Ready(); }

void IndexHost::EndLongCalls() {
  state_->log_service->StopWaits();
  state_->node->EndWaits();
}

void IndexHost::Stop() {
  if (state_->stopped) return;
  state_->stopped = true;
  state_->node->Stop();
  state_->log_pool->Stop();
}

}  // namespace interdict::cli
