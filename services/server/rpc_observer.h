// Counts, times and, where something is wrong with the server itself, logs every call of a server, streams included.
#pragma once

#include <memory>

#include "grpcpp/support/server_interceptor.h"
#include "services/server/logging.h"
#include "services/server/metrics.h"

namespace interdict::server {

// Makes the interceptors of one server. Calls of health checks are left out. `metrics` and `log` must outlive the
// server.
std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface> MakeRpcObserver(Metrics* metrics, Logger* log);

}  // namespace interdict::server
