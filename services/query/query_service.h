// The gRPC adapter of QueryService: checks, asks the shards, merges. No thread waits for a shard.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "interdict/v1/query_service.grpc.pb.h"
#include "services/query/query_node.h"
#include "services/query/scatter_gather.h"
#include "services/query/search_round.h"
#include "services/query/shard_map.h"

namespace interdict::query {

// Thread-safe. `timer` must outlive it, `local` (QueryNode::Start) too.
class QueryServiceImpl final : public v1::QueryService::CallbackService {
 public:
  QueryServiceImpl(const QueryOptions& options, const std::vector<ReplicaChannels>& shards, Timer* timer,
                   LocalShard* local);

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
  grpc::ServerUnaryReactor* SearchDocuments(grpc::CallbackServerContext* context,
                                            const v1::SearchDocumentsRequest* request,
                                            v1::SearchDocumentsResponse* response) override;
  grpc::ServerUnaryReactor* AggregateIncidents(grpc::CallbackServerContext* context,
                                               const v1::AggregateIncidentsRequest* request,
                                               v1::AggregateIncidentsResponse* response) override;
  grpc::ServerUnaryReactor* ExplainIncident(grpc::CallbackServerContext* context,
                                            const v1::ExplainIncidentRequest* request,
                                            v1::ExplainIncidentResponse* response) override;
  grpc::ServerUnaryReactor* ListRevisions(grpc::CallbackServerContext* context, const v1::ListRevisionsRequest* request,
                                          v1::ListRevisionsResponse* response) override;
  grpc::ServerUnaryReactor* ListSuggestions(grpc::CallbackServerContext* context,
                                            const v1::ListSuggestionsRequest* request,
                                            v1::ListSuggestionsResponse* response) override;
  grpc::ServerUnaryReactor* ListJudgements(grpc::CallbackServerContext* context,
                                           const v1::ListJudgementsRequest* request,
                                           v1::ListJudgementsResponse* response) override;
  grpc::ServerWriteReactor<v1::StreamIncidentsResponse>* StreamIncidents(
      grpc::CallbackServerContext* context, const v1::StreamIncidentsRequest* request) override;

  grpc::ServerWriteReactor<v1::MatchEntitiesResponse>* MatchEntities(grpc::CallbackServerContext* context,
                                                                     const v1::MatchEntitiesRequest* request) override;
  grpc::ServerUnaryReactor* GetEntity(grpc::CallbackServerContext* context, const v1::GetEntityRequest* request,
                                      v1::GetEntityResponse* response) override;
  grpc::ServerUnaryReactor* ExpandNetwork(grpc::CallbackServerContext* context, const v1::ExpandNetworkRequest* request,
                                          v1::ExpandNetworkResponse* response) override;
  grpc::ServerUnaryReactor* ListReferenceLists(grpc::CallbackServerContext* context,
                                               const v1::ListReferenceListsRequest* request,
                                               v1::ListReferenceListsResponse* response) override;

  // Refuses new calls and returns once none is in progress.
  void Stop();
  size_t calls_in_progress() const;
  // Second questions to replicas, of all shards: because the first was late, and because it failed.
  uint64_t hedged() const;
  uint64_t failed_over() const;

 private:
  // A call in progress.
  struct Call {
    grpc::ServerUnaryReactor* reactor;
    ShardCall shard_call;
  };

  // Counts the call in. Not OK: refused.
  absl::Status Begin(const char* method);
  void Finish(grpc::ServerUnaryReactor* reactor, const absl::Status& status);
  void EndCall();
  ShardCall ShardCallOf(grpc::CallbackServerContext* context, bool waits_for_position) const;
  // Runs `start` if the call may begin; what it returns as an error ends the call.
  grpc::ServerUnaryReactor* Run(grpc::CallbackServerContext* context, const char* method, bool waits_for_position,
                                const std::function<absl::Status(const Call&)>& start);
  void FetchIncidents(const Call& call, const std::vector<std::string>& ids, bool with_reports,
                      const std::string& read_after,
                      std::function<absl::Status(std::vector<v1::Incident>, std::string read_position)> done);
  // Answers with an incident, or with the one that it was merged into. Asks the shard that folds it, once that is
  // known, and all if that one has none.
  void FollowIncident(const Call& call, const std::string& id, int redirections, const v1::GetIncidentRequest* request,
                      v1::GetIncidentResponse* response);
  void FollowIncidentInAll(const Call& call, const std::string& id, int redirections,
                           const internal::v1::BatchGetIncidentsRequest& question,
                           const v1::GetIncidentRequest* request, v1::GetIncidentResponse* response);
  void FinishIncident(const Call& call, int redirections, const std::string& position, v1::Incident incident,
                      const v1::GetIncidentRequest* request, v1::GetIncidentResponse* response);
  void FollowExplanation(const Call& call, const std::string& id, int redirections,
                         const v1::ExplainIncidentRequest* request, v1::ExplainIncidentResponse* response);
  struct SuggestionPage {
    std::vector<v1::Suggestion> suggestions;
    std::string last_key;  // empty: no more
    std::string read_position;
  };
  void FetchSuggestions(const Call& call, const std::string& incident_id, uint32_t page_size,
                        const std::string& after_key, std::function<void(absl::StatusOr<SuggestionPage>)> done);
  void FillTitles(const Call& call, SuggestionPage page, std::function<void(absl::StatusOr<SuggestionPage>)> done);
  void FetchJudgements(const Call& call, const v1::ListJudgementsRequest* request, uint32_t page_size, uint64_t before,
                       v1::ListJudgementsResponse* response);
  // Where the shards go on by a token; from the first if it is empty.
  absl::StatusOr<std::vector<ShardCursor>> CursorsOf(const std::string& token, const std::string& arguments,
                                                     const std::string& field) const;
  // SearchIncidents and SearchDocuments.
  template <typename Request, typename Response>
  absl::Status SearchPage(Call call, absl::StatusOr<internal::v1::SearchRequest> question, const Request* request,
                          Response* response);
  // Adds what the lists say of an entity; then finishes the call.
  void FillLookalikes(const Call& call, v1::GetEntityResponse* response);
  // Sets what incidents the documents of an answer report, of all shards; then finishes the call.
  void FillIncidents(const Call& call, v1::SearchDocumentsResponse* response);
  void FillIncidents(const Call& call, v1::SearchIncidentsResponse* /*response*/) {
    Finish(call.reactor, absl::OkStatus());
  }
  absl::StatusOr<SearchRound> StreamRound(const v1::StreamIncidentsRequest& request,
                                          const std::string& arguments) const;

  const QueryOptions options_;
  Shards shards_;
  ShardMap shard_map_;
  mutable std::mutex mutex_;
  std::condition_variable idle_;
  size_t calls_ = 0;      // guarded by mutex_
  bool stopped_ = false;  // guarded by mutex_
};

}  // namespace interdict::query
