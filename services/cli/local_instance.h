// All three services in this process over one data folder, tied together by in-process channels and, for searches, by
// plain calls: the code of the three separate processes, without sockets. `interdict serve` puts a port on it;
// `interdict admin --data` uses it as it is.
#pragma once

#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "grpcpp/channel.h"
#include "grpcpp/impl/service_type.h"
#include "services/cli/process_flags.h"
#include "services/server/logging.h"
#include "services/server/metrics.h"

namespace interdict::cli {

// Thread-safe, but for Stop, which is called once (or by the destructor).
class LocalInstance {
 public:
  // Opens or creates log and stores under `flags.data` and starts the services. Errors: those of RocksdbLog::Open and
  // of the nodes. `metrics` and `log` must outlive it.
  static absl::StatusOr<std::unique_ptr<LocalInstance>> Start(const ProcessFlags& flags, server::Metrics* metrics,
                                                              server::Logger* log);
  ~LocalInstance();

  // What a port may serve: all but the LogService, which is for the parts of this instance only.
  std::vector<grpc::Service*> PublicServices();

  // Carries all services.
  std::shared_ptr<grpc::Channel> channel();

  // Whether the index has caught up with the log.
  bool Ready() const;

  // Ends streams and waits, so that a port that is being stopped drains quickly. For server::Server::OnStop.
  void EndLongCalls();

  // Finishes what was accepted and closes the stores. Stop a port that serves PublicServices before.
  void Stop();

 private:
  struct State;
  explicit LocalInstance(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace interdict::cli
