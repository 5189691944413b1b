// A MatchEntities call: cuts the queries into batches, asks all shards for a few of them at a time, and writes the
// merged results in order.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "interdict/v1/query_service.grpc.pb.h"
#include "services/query/scatter_gather.h"

namespace interdict::query {

// Merges what the shards found for one batch: `first_index` is the place of its first query in the call. The best
// `limit` of each query; an entity that several shards know is told once, by its best match.
absl::StatusOr<v1::MatchEntitiesResponse> MergeMatches(const ShardAnswers<internal::v1::MatchNamesResponse>& answers,
                                                       const v1::MatchEntitiesRequest& batch, uint32_t first_index);

// Resource name of the entity or entry that matched.
const std::string& NameOfMatch(const v1::EntityMatch& match);

// Deletes itself when gRPC is done with the call. No thread waits. Thread-safe; one mutex.
class MatchStream final : public grpc::ServerWriteReactor<v1::MatchEntitiesResponse> {
 public:
  // `shards` must live until `finished` was called, which happens once.
  struct Parts {
    const Shards* shards;
    ShardCall call;
    std::function<void()> finished;
  };
  // Queries a batch, and batches asked at a time: both cores of a small shard are busy, and no answer is large.
  static constexpr int kBatchQueries = 100;
  static constexpr size_t kBatchesAtATime = 4;

  // `request` is valid and complete (ValidateMatchEntities). Begins the stream.
  MatchStream(Parts parts, const v1::MatchEntitiesRequest& request);

  void OnWriteDone(bool ok) override;
  void OnCancel() override {}  // the questions under way are cancelled with the call
  void OnDone() override;

 private:
  ~MatchStream() override = default;
  void Ask(size_t batch);
  void Answered(size_t batch, ShardAnswers<internal::v1::MatchNamesResponse> answers);
  // Under the mutex: asks for more, writes what comes next, or ends. Returns the batches to ask for.
  std::vector<size_t> Advance();

  const Parts parts_;
  std::vector<v1::MatchEntitiesRequest> batches_;
  std::mutex mutex_;
  size_t next_batch_ = 0;                               // to ask for
  size_t next_write_ = 0;                               // batch to be written next
  size_t under_way_ = 0;                                // batches asked for
  std::map<size_t, v1::MatchEntitiesResponse> merged_;  // by batch, until written
  v1::MatchEntitiesResponse writing_;
  bool is_writing_ = false;
  bool finished_ = false;
  absl::Status error_;
};

}  // namespace interdict::query
