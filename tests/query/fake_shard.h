// A shard for the tests of query: incidents and documents in memory, answering as index_service.proto says. Its
// language is small: a query is words that must all be in the title, a filter is the country code of the destination.
#pragma once

#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "interdict/internal/v1/index_service.grpc.pb.h"
#include "storage/log/log.h"

namespace interdict::query {

// Thread-safe. Folds one partition of the incident log, whose sequence a test moves.
class FakeShard final : public internal::v1::IndexService::Service {
 public:
  explicit FakeShard(uint32_t partition) : partition_{log::LogName::kIncidents, partition} {}

  // An incident; `title` is what a search looks into. Without a number it gets the next.
  void Add(const std::string& id, int64_t create_seconds, const std::string& title, const std::string& country = "",
           uint64_t number = 0);
  // A document that reports incidents of this shard; `here`: it is stored here.
  void AddDocument(const std::string& id, bool here = true,
                   const std::vector<std::pair<uint64_t, std::string>>& incidents = {});

  // A party of an incident of this shard.
  void AddMention(const std::string& entity, const std::string& incident, const std::string& name,
                  v1::PartyRole role = v1::PARTY_ROLE_SUSPECT);
  // A reference list with entries of these names; only the first shard has any.
  void AddList(const std::string& name, const std::vector<std::string>& entries);

  void FailWith(grpc::Status status);
  // Answers wait until Release, or until they are cancelled.
  void Hold();
  void Release();
  // Blocks until so many questions are waiting.
  void AwaitHeld(int count);
  // Questions so far, and those that were cancelled while held.
  int questions();
  int cancelled();

  grpc::Status BatchGetIncidents(grpc::ServerContext* context, const internal::v1::BatchGetIncidentsRequest* request,
                                 internal::v1::BatchGetIncidentsResponse* response) override;
  grpc::Status BatchGetDocuments(grpc::ServerContext* context, const internal::v1::BatchGetDocumentsRequest* request,
                                 internal::v1::BatchGetDocumentsResponse* response) override;
  grpc::Status Search(grpc::ServerContext* context, const internal::v1::SearchRequest* request,
                      internal::v1::SearchResponse* response) override;
  grpc::Status GetSearchStatistics(grpc::ServerContext* context,
                                   const internal::v1::GetSearchStatisticsRequest* request,
                                   internal::v1::GetSearchStatisticsResponse* response) override;

  // A name matches if it is the same, with a score of 0.9.
  grpc::Status MatchNames(grpc::ServerContext* context, const internal::v1::MatchNamesRequest* request,
                          internal::v1::MatchNamesResponse* response) override;
  grpc::Status ReadEntities(grpc::ServerContext* context, const internal::v1::ReadEntitiesRequest* request,
                            internal::v1::ReadEntitiesResponse* response) override;
  grpc::Status ReadNeighbours(grpc::ServerContext* context, const internal::v1::ReadNeighboursRequest* request,
                              internal::v1::ReadNeighboursResponse* response) override;

  static constexpr char kLogId[] = "0123456789abcdef0123456789abcdef";

 private:
  struct Found {
    uint64_t number;
    double score;
    int64_t value;
    const v1::Incident* incident;
  };

  struct Mention {
    std::string entity;
    std::string incident;
    std::string name;
    v1::PartyRole role;
  };

  v1::Entity EntityOf(const std::string& id) const;
  std::string Position() const;
  grpc::Status Await(grpc::ServerContext* context, const std::string& read_after);
  std::vector<Found> Matches(const internal::v1::SearchRequest& request) const;
  internal::v1::SearchStatistics Statistics(const std::string& query) const;

  const log::PartitionId partition_;
  std::mutex mutex_;
  std::condition_variable changed_;
  uint64_t sequence_ = 0;
  grpc::Status failure_;
  bool held_ = false;
  int waiting_ = 0;
  int questions_ = 0;
  int cancelled_ = 0;
  std::map<uint64_t, v1::Incident> incidents_;
  std::map<std::string, v1::Document> documents_;
  std::vector<Mention> mentions_;
  std::map<std::string, std::vector<std::string>> lists_;  // names of entries by name of the list
  std::map<std::string, std::vector<std::pair<uint64_t, std::string>>> document_incidents_;
};

}  // namespace interdict::query
