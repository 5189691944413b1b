// A service for the tests of the shell, whose one call does what the test says. Its types are borrowed from the
// internal log service; any would do.
#pragma once

#include <functional>
#include <string>
#include <utility>

#include "interdict/internal/v1/log_service.grpc.pb.h"
#include "services/server/unary.h"
#include "services/server/worker_pool.h"

namespace interdict::testing {

// Runs `work` on `pool` for each call.
class TestService final : public internal::v1::LogService::CallbackService {
 public:
  using Work = std::function<absl::Status(const server::CallContext&)>;
  static constexpr char kName[] = "interdict.internal.v1.LogService";

  TestService(server::WorkerPool* pool, Work work) : pool_(pool), work_(std::move(work)) {}

  grpc::ServerUnaryReactor* GetLogIdentity(grpc::CallbackServerContext* context,
                                           const internal::v1::GetLogIdentityRequest*,
                                           internal::v1::GetLogIdentityResponse* response) override {
    return server::RunUnary(context, pool_, "GetLogIdentity", [this, response](const server::CallContext& call) {
      response->set_log_id("answered");
      return work_(call);
    });
  }

 private:
  server::WorkerPool* pool_;
  Work work_;
};

// One call of the service.
inline grpc::Status Call(internal::v1::LogService::StubInterface* stub, grpc::ClientContext* context) {
  internal::v1::GetLogIdentityResponse response;
  return stub->GetLogIdentity(context, {}, &response);
}

}  // namespace interdict::testing
