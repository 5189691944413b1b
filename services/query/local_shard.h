// A shard that lives in the process of the query service: what is asked most goes to it without gRPC, so that an answer
// is neither serialised nor handed from thread to thread on its way.
#pragma once

#include <functional>

#include "absl/status/status.h"
#include "interdict/internal/v1/index_service.pb.h"
#include "services/server/unary.h"

namespace interdict::query {

// Thread-safe. Each method does what the RPC of IndexService of its name does, errors included, and calls `done` once,
// on a thread of the shard or the caller's. `call` tells when the answer is no longer wanted; request and response live
// until `done` returns.
class LocalShard {
 public:
  using Done = std::function<void(absl::Status)>;

  virtual ~LocalShard() = default;
  virtual void Search(const server::CallContext& call, const internal::v1::SearchRequest* request,
                      internal::v1::SearchResponse* response, Done done) = 0;
  virtual void BatchGetIncidents(const server::CallContext& call, const internal::v1::BatchGetIncidentsRequest* request,
                                 internal::v1::BatchGetIncidentsResponse* response, Done done) = 0;
  virtual void BatchGetDocuments(const server::CallContext& call, const internal::v1::BatchGetDocumentsRequest* request,
                                 internal::v1::BatchGetDocumentsResponse* response, Done done) = 0;
};

}  // namespace interdict::query
