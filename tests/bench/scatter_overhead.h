// What gRPC and the query service add to a search: the same question to the query service, to the shard itself, and a
// call that does nothing, in turn.
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
  Measurement query;  // through the query service, which asks the shard in the same process
  Measurement shard;  // to the shard, by gRPC
  Measurement no_op;

  // Of the medians: the search without the shard's own work, which is its call without gRPC.
  double added_ms() const { return query.median_ms() - (shard.median_ms() - no_op.median_ms()); }
};

// `words(i)` is the ith query; the first hit of it is asked for.
absl::StatusOr<ScatterOverhead> MeasureScatter(const std::shared_ptr<grpc::Channel>& channel, absl::Duration duration,
                                               const std::function<std::string(uint64_t)>& words);

}  // namespace interdict::bench
