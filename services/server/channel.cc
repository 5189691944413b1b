#include "services/server/channel.h"

#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"
#include "grpcpp/support/channel_arguments.h"
#include "nlohmann/json.hpp"
#include "services/server/listen_address.h"
#include "services/server/status.h"

namespace interdict::server {
namespace {

int ToMilliseconds(absl::Duration duration) { return static_cast<int>(absl::ToInt64Milliseconds(duration)); }

}  // namespace

std::string RetryServiceConfig(const std::vector<std::string>& retried_methods) {
  if (retried_methods.empty()) return "";
  nlohmann::json names = nlohmann::json::array();
  for (const std::string& method : retried_methods) {
    const size_t slash = method.find('/');
    nlohmann::json name = {{"service", method.substr(0, slash)}};
    if (slash != std::string::npos) name["method"] = method.substr(slash + 1);
    names.push_back(std::move(name));
  }
  const nlohmann::json policy = {{"maxAttempts", 4},
                                 {"initialBackoff", "0.1s"},
                                 {"maxBackoff", "2s"},
                                 {"backoffMultiplier", 2},
                                 {"retryableStatusCodes", {"UNAVAILABLE"}}};
  const nlohmann::json method_config = {{"name", std::move(names)}, {"retryPolicy", policy}};
  return nlohmann::json{{"methodConfig", nlohmann::json::array({method_config})}}.dump();
}

absl::StatusOr<std::shared_ptr<grpc::Channel>> MakeChannel(const std::string& address, const ChannelOptions& options) {
  auto parsed = ParseListenAddress(address);
  if (!parsed.ok()) return parsed.status();
  if (parsed->port == 0) {
    return Error(absl::StatusCode::kInvalidArgument, "INVALID_ADDRESS",
                 "'" + address + "' has no port to connect to; give the port that the server listens on",
                 {{"address", address}});
  }
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(static_cast<int>(options.max_message_bytes));
  arguments.SetMaxSendMessageSize(static_cast<int>(options.max_message_bytes));
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, ToMilliseconds(options.keepalive_time));
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, ToMilliseconds(options.keepalive_timeout));
  // A server that is restarted should be found again within seconds; the default grows to two minutes.
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 5000);
  const std::string config = RetryServiceConfig(options.retried_methods);
  if (!config.empty()) arguments.SetServiceConfigJSON(config);
  return grpc::CreateCustomChannel(ToString(*parsed), grpc::InsecureChannelCredentials(), arguments);
}

}  // namespace interdict::server
