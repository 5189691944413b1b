#include "services/cli/connection.h"

#include <chrono>
#include <iostream>

#include "services/cli/command.h"
#include "services/server/channel.h"
#include "services/server/status.h"

namespace interdict::cli {
namespace {

constexpr size_t kMaxMessageBytes = 64 << 20;

}  // namespace

void AddConnectionFlags(CLI::App& app, ConnectionFlags& flags) {
  app.add_option("--server", flags.server, "HOST:PORT of the server")
      ->envname("INTERDICT_SERVER")
      ->capture_default_str();
  app.add_option("--timeout", flags.timeout_seconds, "seconds to wait for an answer")
      ->check(CLI::Range(0.001, 86400.0))
      ->capture_default_str();
}

absl::StatusOr<std::shared_ptr<grpc::Channel>> Connect(const ConnectionFlags& flags) {
  server::ChannelOptions options;
  // Pages of long records; the server sets the real limit.
  options.max_message_bytes = kMaxMessageBytes;
  options.retried_methods = {"interdict.v1.QueryService/GetIncident", "interdict.v1.QueryService/GetDocument",
                             "interdict.v1.QueryService/SearchIncidents", "interdict.v1.QueryService/SearchDocuments",
                             "interdict.v1.QueryService/AggregateIncidents"};
  return server::MakeChannel(flags.server, options);
}

void SetDeadline(grpc::ClientContext& context, double timeout_seconds) {
  context.set_deadline(std::chrono::system_clock::now() +
                       std::chrono::milliseconds(static_cast<int64_t>(timeout_seconds * 1000)));
}

int Fail(const absl::Status& status) {
  std::cerr << "interdict: " << status.message() << "\n";
  if (status.code() == absl::StatusCode::kUnavailable) {
    std::cerr << "  is a server running there? Start one with `interdict serve`, or name another with --server.\n";
  }
  const absl::Duration retry = server::RetryAfterOf(status);
  if (retry > absl::ZeroDuration()) std::cerr << "  the server asks to try again in " << retry << ".\n";
  const std::string reason = server::ReasonOf(status);
  if (!reason.empty()) std::cerr << "  (" << absl::StatusCodeToString(status.code()) << ", " << reason << ")\n";
  return kExitFailed;
}

int Fail(const grpc::Status& status) { return Fail(server::FromGrpc(status)); }

}  // namespace interdict::cli
