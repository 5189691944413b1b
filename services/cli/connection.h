// How a client verb reaches a server and tells a person what went wrong.
#pragma once

#include <memory>
#include <string>

#include "CLI/App.hpp"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"

namespace interdict::cli {

// Where the server is and how long to wait for it.
struct ConnectionFlags {
  std::string server = "127.0.0.1:8600";
  double timeout_seconds = 30;
};

// Adds --server and --timeout.
void AddConnectionFlags(CLI::App& app, ConnectionFlags& flags);

// A channel to `flags.server`. Connects when it is first used. INVALID_ARGUMENT if it is not HOST:PORT.
absl::StatusOr<std::shared_ptr<grpc::Channel>> Connect(const ConnectionFlags& flags);

// Sets the deadline of a call to now + `timeout_seconds`.
void SetDeadline(grpc::ClientContext& context, double timeout_seconds);

// Writes `interdict: <message>` to stderr, with what to do where the status tells or we know; returns kExitFailed.
int Fail(const absl::Status& status);
int Fail(const grpc::Status& status);

}  // namespace interdict::cli
