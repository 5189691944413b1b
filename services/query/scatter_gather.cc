#include "services/query/scatter_gather.h"

#include <chrono>
#include <string>

#include "absl/time/clock.h"
#include "services/server/status.h"

namespace interdict::query {

std::unique_ptr<grpc::ClientContext> MakeShardContext(const ShardCall& call) {
  auto context = grpc::ClientContext::FromCallbackServerContext(*call.context);
  // The parent's deadline is inherited; without one there would be no end to a wait.
  if (call.context->deadline() == std::chrono::system_clock::time_point::max()) {
    context->set_deadline(absl::ToChronoTime(absl::Now() + call.default_wait));
  } else {
    context->set_deadline(call.context->deadline());
  }
  return context;
}

absl::Status ExplainShardError(const grpc::Status& status, const ShardCall& call) {
  absl::Status error = server::FromGrpc(status);
  if (!server::ReasonOf(error).empty() && error.code() != absl::StatusCode::kUnavailable) return error;
  const std::string told(error.message());
  switch (error.code()) {
    case absl::StatusCode::kUnavailable:
      return server::Error(error.code(), "INDEX_UNAVAILABLE",
                           "the index cannot be reached or is not ready; send it again", {{"cause", told}});
    case absl::StatusCode::kDeadlineExceeded:
      return call.waits_for_position
                 ? server::Error(error.code(), "POSITION_NOT_REACHED",
                                 "the index did not come as far as `read_after` in time; wait longer")
                 : server::Error(error.code(), "DEADLINE_PASSED", "the index did not answer in time");
    case absl::StatusCode::kResourceExhausted:
      return server::Error(error.code(), "MESSAGE_TOO_LARGE", "the answer is too large; ask for fewer at a time",
                           {{"cause", told}});
    default:
      return error;
  }
}

}  // namespace interdict::query
