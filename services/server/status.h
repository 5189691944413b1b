// The one mapping between absl::Status inside and grpc::Status outside, with the standard error details (google.rpc).
// Details travel as payloads of the absl::Status, so that the code that finds an error can name reason, field and
// remedy without knowing gRPC.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "grpcpp/support/status.h"

namespace interdict::server {

// Domain of google.rpc.ErrorInfo.
inline constexpr char kErrorDomain[] = "interdict";

// INVALID_ARGUMENT with reason INVALID_FIELD: `field` is the path in the request (`document.content`), `problem` says
// what is wrong and what to do.
absl::Status InvalidField(const std::string& field, const std::string& problem);

// A status with a machine-readable reason (UPPER_SNAKE) and metadata holding every variable of the message.
absl::Status Error(absl::StatusCode code, const std::string& reason, const std::string& message,
                   const std::vector<std::pair<std::string, std::string>>& metadata = {});

// Adds google.rpc.RetryInfo.
absl::Status WithRetryAfter(absl::Status status, absl::Duration delay);

// Reason, field (of the first violation) and delay of a status; empty or zero where it has none.
std::string ReasonOf(const absl::Status& status);
std::string FieldOf(const absl::Status& status);
absl::Duration RetryAfterOf(const absl::Status& status);

// To the wire and back, details included. A message is cut at 2,000 bytes (headers have a limit).
grpc::Status ToGrpc(const absl::Status& status);
absl::Status FromGrpc(const grpc::Status& status);

}  // namespace interdict::server
