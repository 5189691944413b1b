#include "services/server/rpc_observer.h"

#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/time/clock.h"
#include "services/server/status.h"

namespace interdict::server {
namespace {

using grpc::experimental::InterceptionHookPoints;
using grpc::experimental::Interceptor;
using grpc::experimental::InterceptorBatchMethods;
using grpc::experimental::ServerInterceptorFactoryInterface;
using grpc::experimental::ServerRpcInfo;

// Codes that tell of a fault of the server rather than of a request.
bool IsServerFault(grpc::StatusCode code) {
  return code == grpc::INTERNAL || code == grpc::UNKNOWN || code == grpc::DATA_LOSS;
}

// Lives as long as its call. gRPC calls it from one thread at a time.
class RpcObserver : public Interceptor {
 public:
  RpcObserver(std::string method, Metrics* metrics, Logger* log)
      : method_(std::move(method)), metrics_(metrics), log_(log), start_(absl::Now()) {
    metrics_->RpcStarted(method_);
  }

  ~RpcObserver() override {
    const absl::Duration duration = absl::Now() - start_;
    metrics_->RpcFinished(method_, code_, duration);
    // The message is left out: that of an error may quote what the client sent.
    if (IsServerFault(code_)) {
      log_->Error("call failed", {{"method", method_},
                                  {"code", static_cast<int64_t>(code_)},
                                  {"reason", reason_},
                                  {"duration_seconds", absl::ToDoubleSeconds(duration)}});
    }
  }

  void Intercept(InterceptorBatchMethods* methods) override {
    if (methods->QueryInterceptionHookPoint(InterceptionHookPoints::PRE_SEND_STATUS)) {
      const grpc::Status status = methods->GetSendStatus();
      code_ = status.error_code();
      reason_ = ReasonOf(FromGrpc(status));
    }
    methods->Proceed();
  }

 private:
  const std::string method_;
  Metrics* metrics_;
  Logger* log_;
  const absl::Time start_;
  // A call that ends without a status of ours was broken off by the client.
  grpc::StatusCode code_ = grpc::CANCELLED;
  std::string reason_;
};

class RpcObserverFactory : public ServerInterceptorFactoryInterface {
 public:
  RpcObserverFactory(Metrics* metrics, Logger* log) : metrics_(metrics), log_(log) {}

  // gRPC deletes the interceptor with its call.
  Interceptor* CreateServerInterceptor(ServerRpcInfo* info) override {
    const std::string method = info->method();
    if (absl::StartsWith(method, "/grpc.health.")) return nullptr;
    return new RpcObserver(method, metrics_, log_);
  }

 private:
  Metrics* metrics_;
  Logger* log_;
};

}  // namespace

std::unique_ptr<ServerInterceptorFactoryInterface> MakeRpcObserver(Metrics* metrics, Logger* log) {
  return std::make_unique<RpcObserverFactory>(metrics, log);
}

}  // namespace interdict::server
