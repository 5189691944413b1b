// What an index process is: the embedded log of a data folder with the LogService that lends it to others, or the log
// of another index process, and the index over it.
#pragma once

#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "grpcpp/impl/service_type.h"
#include "services/cli/process_flags.h"
#include "services/query/local_shard.h"
#include "services/server/logging.h"
#include "services/server/metrics.h"

namespace interdict::cli {

// Thread-safe, but for Stop, which is called once (or by the destructor).
class IndexHost {
 public:
  // Errors: those of RocksdbLog::Open and IndexNode::Start; INVALID_ARGUMENT: a flag. `metrics` and `log` must outlive
  // it.
  static absl::StatusOr<std::unique_ptr<IndexHost>> Start(const ProcessFlags& flags, server::Metrics* metrics,
                                                          server::Logger* log);
  ~IndexHost();

  // IndexService and AdminService.
  std::vector<grpc::Service*> NodeServices();
  // These, and the LogService if the log is here.
  std::vector<grpc::Service*> Services();

  // The shard for a query service in this process. Lives as long as the host; no calls once Stop has begun.
  query::LocalShard* local_shard();

  // Whether the index has caught up with the log.
  bool Ready() const;
  // Ends calls that wait. For server::Server::OnStop.
  void EndLongCalls();
  // Closes the stores and the log. Stop the servers of its services before.
  void Stop();

 private:
  struct State;
  explicit IndexHost(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace interdict::cli
