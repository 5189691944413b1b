#include "services/query/scatter_gather.h"

#include <string>

#include "services/server/status.h"

namespace interdict::query {

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

bool MayGoWithout(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kDeadlineExceeded:
    case absl::StatusCode::kDataLoss:
    case absl::StatusCode::kInternal:
    case absl::StatusCode::kUnknown:
      return true;
    case absl::StatusCode::kResourceExhausted:
      return server::ReasonOf(status) == "WORK_QUEUE_FULL";
    default:
      return false;
  }
}

v1::MissingShard DescribeMissing(size_t shard, const absl::Status& status) {
  v1::MissingShard missing;
  missing.set_shard(static_cast<uint32_t>(shard));
  const std::string reason = server::ReasonOf(status);
  missing.set_reason(reason.empty() ? absl::StatusCodeToString(status.code()) : reason);
  missing.set_message(std::string(status.message()));
  return missing;
}

}  // namespace interdict::query
