// The query role of a process: serves QueryService from one or more index shards. Holds no state but calls in progress.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "grpcpp/channel.h"
#include "grpcpp/impl/service_type.h"
#include "services/query/hedge_options.h"
#include "services/server/logging.h"
#include "services/server/metrics.h"

namespace interdict::query {

class LocalShard;
class Timer;
// Channels to the replicas of a shard.
using ReplicaChannels = std::vector<std::shared_ptr<grpc::Channel>>;

// Limits of the query role. The defaults are those that query_service.proto tells.
struct QueryOptions {
  // Calls in progress at a time, those that wait for `read_after` included; one more is RESOURCE_EXHAUSTED
  // (WORK_QUEUE_FULL). No thread waits for a call in progress, so this bounds memory, not threads. At least 1.
  size_t max_calls_in_progress = 1000;
  // How long the shards have for a call that came without a deadline.
  absl::Duration default_wait = absl::Seconds(10);
  // Page size of a search that names none, and the largest; a larger one is lowered to it.
  int32_t default_page_size = 20;
  int32_t max_page_size = 1000;
  // Names in one BatchGetIncidents.
  size_t max_names = 1000;
  // Size of a query, a filter, an order; what they may cost is limited by the shards.
  size_t max_query_bytes = 16384;
  // Facets of one search, and their buckets.
  size_t max_facets = 20;
  int32_t default_facet_limit = 10;
  int32_t max_facet_limit = 1000;
  // Buckets of AggregateIncidents.
  int32_t default_buckets = 100;
  int32_t max_buckets = 10000;
  // How far COUNT_MODE_CAPPED counts in each shard.
  uint64_t capped_count = 10000;
  // Incidents that StreamIncidents reads at a time.
  uint32_t stream_step = 200;
  // When a second replica is asked.
  HedgeOptions hedge;
};

// Thread-safe, but for Stop, which is called once (or by the destructor).
class QueryNode {
 public:
  // `shards`: channels to the IndexService of each shard, one for each of its replicas; the shards always in the same
  // order, since page tokens hold a cursor for each. They need not be reachable yet: until they are, calls are answered
  // UNAVAILABLE (INDEX_UNAVAILABLE). They must allow messages as large as the largest answer. `metrics`, `log` and
  // `timer` (null: gRPC's) must outlive the node. `local`: the one shard, if it is in this process; what it answers
  // itself does not go through its channel. It must outlive Stop. INVALID_ARGUMENT: no shards, a shard without
  // replicas, `local` beside other shards or replicas, or an option out of range.
  static absl::StatusOr<std::unique_ptr<QueryNode>> Start(const QueryOptions& options,
                                                          const std::vector<ReplicaChannels>& shards,
                                                          server::Metrics* metrics, server::Logger* log,
                                                          Timer* timer = nullptr, LocalShard* local = nullptr);
  ~QueryNode();

  // To be registered with the server; they live as long as the node.
  std::vector<grpc::Service*> Services();

  // Refuses new calls (UNAVAILABLE) and returns once no call is in progress. Call it when the server has stopped.
  void Stop();

 private:
  struct State;
  explicit QueryNode(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace interdict::query
