#include "services/cli/index_host.h"

#include <filesystem>
#include <system_error>
#include <utility>

#include "services/index/direct_reads.h"
#include "services/index/index_node.h"
#include "services/log/log_service.h"
#include "services/log/remote_log.h"
#include "services/server/channel.h"
#include "services/server/worker_pool.h"
#include "storage/log/rocksdb_log.h"

namespace interdict::cli {
namespace {

namespace wire = internal::v1;

constexpr size_t kLogThreads = 8;

// What the query service asks is what the index answers; neither knows the other.
class LocalShardOverReads final : public query::LocalShard {
 public:
  explicit LocalShardOverReads(index::DirectReads* reads) : reads_(reads) {}
  void Search(const server::CallContext& call, const wire::SearchRequest* request, wire::SearchResponse* response,
              Done done) override {
    reads_->Search(call, request, response, std::move(done));
  }
  void BatchGetIncidents(const server::CallContext& call, const wire::BatchGetIncidentsRequest* request,
                         wire::BatchGetIncidentsResponse* response, Done done) override {
    reads_->BatchGetIncidents(call, request, response, std::move(done));
  }
  void BatchGetDocuments(const server::CallContext& call, const wire::BatchGetDocumentsRequest* request,
                         wire::BatchGetDocumentsResponse* response, Done done) override {
    reads_->BatchGetDocuments(call, request, response, std::move(done));
  }

 private:
  index::DirectReads* const reads_;
};

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
  absl::Status HostLog(const ProcessFlags& flags);
  absl::Status ReachLog(const ProcessFlags& flags);
  log::Log* log() { return remote == nullptr ? static_cast<log::Log*>(embedded.get()) : remote.get(); }

  // The log is either here, and lent to others, or in another process.
  std::unique_ptr<log::RocksdbLog> embedded;
  std::unique_ptr<server::WorkerPool> log_pool;
  std::unique_ptr<log::LogService> log_service;
  std::unique_ptr<log::RemoteLog> remote;
  std::unique_ptr<index::IndexNode> node;
  std::unique_ptr<LocalShardOverReads> local_shard;
  bool stopped = false;
};

absl::Status IndexHost::State::HostLog(const ProcessFlags& flags) {
  log::RocksdbLogOptions log_options;
  log_options.intake_partitions = flags.intake_partitions;
  log_options.incident_partitions = flags.incident_partitions;
  auto opened = log::RocksdbLog::Open(flags.data + "/log", log_options);
  if (!opened.ok()) return opened.status();
  embedded = *std::move(opened);
  log_pool = std::make_unique<server::WorkerPool>("log", kLogThreads, flags.index.queue_limit);
  auto service = log::LogService::Create(embedded.get(), log_pool.get());
  if (!service.ok()) return service.status();
  log_service = *std::move(service);
  return absl::OkStatus();
}

absl::Status IndexHost::State::ReachLog(const ProcessFlags& flags) {
  auto channel = server::MakeChannel(flags.log_address, log::LogChannelOptions());
  if (!channel.ok()) return channel.status();
  remote = std::make_unique<log::RemoteLog>(*std::move(channel));
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<IndexHost>> IndexHost::Start(const ProcessFlags& flags, server::Metrics* metrics,
                                                            server::Logger* log) {
  auto slot = index::ShardSlot::Parse(flags.shard);
  if (!slot.ok()) return slot.status();
  if (absl::Status status = MakeFolder(flags.data); !status.ok()) return status;
  auto state = std::make_unique<State>();
  const bool hosts_log = flags.log_address.empty();
  if (absl::Status status = hosts_log ? state->HostLog(flags) : state->ReachLog(flags); !status.ok()) return status;
  index::IndexOptions index_options = flags.index;
  index_options.data_dir = flags.data;
  index_options.slot = *slot;
  // One resolver is enough, and it belongs where the log is.
  index_options.run_resolver = hosts_log;
  auto node = index::IndexNode::Start(index_options, state->log(), metrics, log);
  if (!node.ok()) return node.status();
  state->node = *std::move(node);
  state->local_shard = std::make_unique<LocalShardOverReads>(state->node->direct_reads());
  return std::unique_ptr<IndexHost>(new IndexHost(std::move(state)));
}

IndexHost::IndexHost(std::unique_ptr<State> state) : state_(std::move(state)) {}

IndexHost::~IndexHost() { Stop(); }

std::vector<grpc::Service*> IndexHost::NodeServices() { return state_->node->Services(); }

std::vector<grpc::Service*> IndexHost::Services() {
  std::vector<grpc::Service*> services = state_->node->Services();
  if (state_->log_service != nullptr) services.push_back(state_->log_service->service());
  return services;
}

query::LocalShard* IndexHost::local_shard() { return state_->local_shard.get(); }

bool IndexHost::Ready() const { return state_->node->Ready(); }

void IndexHost::EndLongCalls() {
  if (state_->log_service != nullptr) state_->log_service->StopWaits();
  state_->node->EndWaits();
}

void IndexHost::Stop() {
  if (state_->stopped) return;
  state_->stopped = true;
  if (state_->remote != nullptr) state_->remote->Close();
  state_->node->Stop();
  if (state_->log_pool != nullptr) state_->log_pool->Stop();
}

}  // namespace interdict::cli
