// The cheapest call that a server answers: grpc.health.v1.Health/Check, the yardstick of what gRPC itself costs.
#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "grpcpp/channel.h"
#include "tests/bench/measurement.h"

namespace interdict::bench {

// One call after the other.
absl::StatusOr<Measurement> NoOpCalls(const std::shared_ptr<grpc::Channel>& channel, absl::Duration duration);

// Calls a second with `in_flight` of them on their way.
absl::StatusOr<double> NoOpCallsPerSecond(const std::shared_ptr<grpc::Channel>& channel, int in_flight,
                                          absl::Duration duration);

}  // namespace interdict::bench
