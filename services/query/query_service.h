// The gRPC adapter of QueryService: checks, asks the shards, merges. No thread waits for a shard.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "interdict/v1/query_service.grpc.pb.h"
#include "services/query/query_node.h"
#include "services/query/scatter_gather.h"

namespace interdict::query {

// Thread-safe.
class QueryServiceImpl final : public v1::QueryService::CallbackService {
 public:
  QueryServiceImpl(const QueryOptions& options, const std::vector<std::shared_ptr<grpc::Channel>>& shards);

  grpc::ServerUnaryReactor* GetIncident(grpc::CallbackServerContext* context, const v1::GetIncidentRequest* request,
                                        v1::GetIncidentResponse* response) override;
  grpc::ServerUnaryReactor* BatchGetIncidents(grpc::CallbackServerContext* context,
                                              const v1::BatchGetIncidentsRequest* request,
                                              v1::BatchGetIncidentsResponse* response) override;
  grpc::ServerUnaryReactor* SearchIncidents(grpc::CallbackServerContext* context,
                                            const v1::SearchIncidentsRequest* request,
                                            v1::SearchIncidentsResponse* response) override;
  grpc::ServerUnaryReactor* GetDocument(grpc::CallbackServerContext* context, const v1::GetDocumentRequest* request,
                                        v1::GetDocumentResponse* response) override;

  // Refuses new calls and returns once none is in progress.
  void Stop();
  size_t calls_in_progress() const;

 private:
  // A call in progress.
  struct Call {
    grpc::ServerUnaryReactor* reactor;
    ShardCall shard_call;
  };

  // Counts the call in. Not OK: refused.
  absl::Status Begin(const char* method);
  void Finish(grpc::ServerUnaryReactor* reactor, const absl::Status& status);
  // Runs `start` if the call may begin; what it returns as an error ends the call.
  grpc::ServerUnaryReactor* Run(grpc::CallbackServerContext* context, const char* method, bool waits_for_position,
                                const std::function<absl::Status(const Call&)>& start);
  void FetchIncidents(const Call& call, const std::vector<std::string>& ids, bool with_reports,
                      const std::string& read_after,
                      std::function<absl::Status(std::vector<v1::Incident>, std::string read_position)> done);

  const QueryOptions options_;
  std::vector<std::unique_ptr<IndexStub>> shards_;
  mutable std::mutex mutex_;
  std::condition_variable idle_;
  size_t calls_ = 0;      // guarded by mutex_
  bool stopped_ = false;  // guarded by mutex_
};

}  // namespace interdict::query
