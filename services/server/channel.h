// Client channels as every Interdict program opens them: message limits, keepalive, and retries for what may be
// retried.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace grpc {
class Channel;
}

namespace interdict::server {

// Limits of a channel, and what gRPC may send again on it.
struct ChannelOptions {
  // Largest message received or sent, bytes; that of ServerOptions.
  size_t max_message_bytes = 20 << 20;
  // A connection that is silent for so long is probed, and closed if the probe is not answered in time. Not less than
  // ServerOptions::min_client_ping_interval, or the server hangs up.
  absl::Duration keepalive_time = absl::Seconds(30);
  absl::Duration keepalive_timeout = absl::Seconds(20);
  // Methods (`package.Service/Method`) that gRPC itself sends again, up to three times with growing delays within the
  // call's deadline, when the server is UNAVAILABLE. Name only unary reads that change nothing.
  std::vector<std::string> retried_methods;
};

// Opens a plaintext channel to HOST:PORT. Nothing is connected yet: a server that is not there shows as UNAVAILABLE of
// the first call. INVALID_ARGUMENT (INVALID_ADDRESS) for what is not HOST:PORT. The channel is thread-safe.
absl::StatusOr<std::shared_ptr<grpc::Channel>> MakeChannel(const std::string& address, const ChannelOptions& options);

// The service config that makes gRPC retry, as JSON. Empty if no method is retried.
std::string RetryServiceConfig(const std::vector<std::string>& retried_methods);

}  // namespace interdict::server
