// A gRPC server as every Interdict process runs it: address rules, limits, health, reflection, metrics, graceful stop.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "grpcpp/channel.h"
#include "grpcpp/impl/service_type.h"
#include "services/server/logging.h"
#include "services/server/metrics.h"

namespace interdict::server {

// Name under which grpc.health.v1 tells that the process is up, from its start until it stops, ready or not. The empty
// name and those of the services tell whether it is ready for work.
inline constexpr char kLivenessService[] = "liveness";

struct ServerOptions {
  // HOST:PORT for gRPC; port 0: any free one. Empty: none, only InProcessChannel.
  std::string listen = "127.0.0.1:8600";
  // Allow plaintext on an address that is not loopback.
  bool insecure = false;
  // Largest message received or sent, bytes. Above the largest document (16 MiB), so that a document that is only a
  // little too large gets an answer that names the field; gRPC itself refuses what is larger than this
  // (RESOURCE_EXHAUSTED).
  size_t max_message_bytes = 20 << 20;
  // HOST:PORT of a plaintext port for grpc.health.v1 alone, e.g. for Kubernetes probes. Empty: none.
  std::string health_listen;
  // HOST:PORT for Prometheus (`GET /metrics`). Empty: none.
  std::string metrics_listen;
  // Serve grpc.reflection, which tells clients the API.
  bool reflection = true;
  // Calls and streams at a time on one connection; more wait at the client.
  int max_concurrent_streams = 1000;
  // Memory for buffers of all connections, bytes; connections are refused above it.
  size_t memory_quota_bytes = 1 << 30;
  // A connection that is silent for so long is probed, and closed if the probe is not answered in time.
  absl::Duration keepalive_time = absl::Minutes(1);
  absl::Duration keepalive_timeout = absl::Seconds(20);
  // Clients may probe this often; more is answered by closing the connection.
  absl::Duration min_client_ping_interval = absl::Seconds(20);
  // How long a stop waits for accepted calls; what is not done by then is cancelled.
  absl::Duration drain = absl::Seconds(20);
};

// A running server. Thread-safe.
class Server {
 public:
  // Starts serving `services`, which like `metrics` and `log` must outlive the server, and registers their names with
  // the health service as not ready. INVALID_ARGUMENT: an address that is none (INVALID_ADDRESS), or plaintext beyond
  // loopback (PLAINTEXT_REFUSED). FAILED_PRECONDITION (ADDRESS_NOT_AVAILABLE): port in use, or not ours.
  static absl::StatusOr<std::unique_ptr<Server>> Start(const ServerOptions& options,
                                                       const std::vector<grpc::Service*>& services, Metrics* metrics,
                                                       Logger* log);
  ~Server();

  // Whether health says SERVING. Starts as false; without effect once Stop was called.
  void SetReady(bool ready);

  // A channel to this server that uses no socket. A new call on it once Stop has begun crashes (a fault of gRPC 1.51),
  // so let its users end first: where calls of one server need another in the same process, make that an own Server,
  // and stop it last.
  std::shared_ptr<grpc::Channel> InProcessChannel();

  // Ports; 0 where there is none.
  int port() const;
  int health_port() const;

  // `hook` is run at the start of Stop: the place to end long-lived streams.
  void OnStop(std::function<void()> hook);

  // Says NOT_SERVING, runs the hooks, takes no more calls, and returns once those accepted are answered, or cancelled
  // after `drain`. A client's stream that watches health or holds reflection open counts as a call and uses up the
  // drain. Does nothing if it was called before.
  void Stop();

 private:
  struct State;
  explicit Server(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace interdict::server
