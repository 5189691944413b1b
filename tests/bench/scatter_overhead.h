// What gRPC and the query service add to a search: the same questions to the query service, to one in a process of its
// own, to the shard itself, and a call that does nothing, in turn; then to the shard's code without any of it.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "grpcpp/channel.h"
#include "tests/bench/measurement.h"

namespace interdict::bench {

struct ScatterOverhead {
  Measurement query;          // through the query service in the process of the shard
  Measurement query_process;  // through one in a process of its own, which asks the shard by gRPC
  Measurement shard;          // to the shard, by gRPC
  Measurement no_op;
};

// `words(i)` is the ith query; the first hit of it is asked for. `channel` leads to query and index service,
// `query_channel` to another query service.
absl::StatusOr<ScatterOverhead> MeasureScatter(const std::shared_ptr<grpc::Channel>& channel,
                                               const std::shared_ptr<grpc::Channel>& query_channel,
                                               absl::Duration duration,
                                               const std::function<std::string(uint64_t)>& words);

// The same questions as plain calls in this thread, over the data folder of an instance that has ended.
absl::StatusOr<Measurement> MeasureShardCode(const std::string& data_folder, absl::Duration duration,
                                             const std::function<std::string(uint64_t)>& words);

}  // namespace interdict::bench
