// The reads of IndexService for a caller in the same process, without gRPC: the same waiting, the same threads and
// limits, the same answers.
#pragma once

#include <functional>

#include "absl/status/status.h"
#include "services/index/gated_call.h"
#include "services/index/shard_reader.h"

namespace interdict::index {

// Thread-safe. What it is given must outlive it. Each method calls `done` once, on a worker thread or the caller's;
// request, response and what `call` refers to must live until then.
class DirectReads {
 public:
  using Done = std::function<void(absl::Status)>;

  DirectReads(const ShardReader* reader, const CallRunner& runner) : reader_(reader), runner_(runner) {}

  void Search(const server::CallContext& call, const internal::v1::SearchRequest* request,
              internal::v1::SearchResponse* response, Done done);
  void BatchGetIncidents(const server::CallContext& call, const internal::v1::BatchGetIncidentsRequest* request,
                         internal::v1::BatchGetIncidentsResponse* response, Done done);
  void BatchGetDocuments(const server::CallContext& call, const internal::v1::BatchGetDocumentsRequest* request,
                         internal::v1::BatchGetDocumentsResponse* response, Done done);

 private:
  const ShardReader* const reader_;
  const CallRunner runner_;
};

}  // namespace interdict::index
