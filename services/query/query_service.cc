#include "services/query/query_service.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/query/field_names.h"
#include "services/query/join_incidents.h"
#include "services/query/merge.h"
#include "services/query/not_found.h"
#include "services/query/page_token.h"
#include "services/query/search_answers.h"
#include "services/query/search_stream.h"
#include "services/query/validate_query.h"
#include "services/server/status.h"
#include "services/server/unary.h"

namespace interdict::query {
namespace {

namespace wire = internal::v1;

// The generated methods are overloaded; these pick the callback form.
void AskIncidents(IndexStub* stub, grpc::ClientContext* context, const wire::BatchGetIncidentsRequest* request,
                  wire::BatchGetIncidentsResponse* response, std::function<void(grpc::Status)> done) {
  stub->async()->BatchGetIncidents(context, request, response, std::move(done));
}

void AskDocuments(IndexStub* stub, grpc::ClientContext* context, const wire::BatchGetDocumentsRequest* request,
                  wire::BatchGetDocumentsResponse* response, std::function<void(grpc::Status)> done) {
  stub->async()->BatchGetDocuments(context, request, response, std::move(done));
}

template <typename Response>
absl::StatusOr<std::string> PositionOf(const ShardAnswers<Response>& answers) {
  std::vector<std::string> tokens;
  for (const auto& answer : answers) tokens.push_back(answer.response.read_position());
  return MergePositions(tokens);
}

// A stream that was refused.
class RefusedStream final : public grpc::ServerWriteReactor<v1::StreamIncidentsResponse> {
 public:
  explicit RefusedStream(const absl::Status& status) { Finish(server::ToGrpc(status)); }
  void OnDone() override { delete this; }
};

}  // namespace

QueryServiceImpl::QueryServiceImpl(const QueryOptions& options, const std::vector<ReplicaChannels>& shards,
                                   Timer* timer, LocalShard* local)
    : options_(options), shard_map_(shards.size()) {
  for (const ReplicaChannels& replicas : shards) {
    shards_.push_back(std::make_unique<ShardClient>(replicas, options.hedge, timer, local));
  }
}

absl::Status QueryServiceImpl::Begin(const char* method) {
  std::lock_guard lock(mutex_);
  if (stopped_) {
    return server::Error(absl::StatusCode::kUnavailable, "SERVER_STOPPING", "the server is stopping; send it again");
  }
  if (calls_ >= options_.max_calls_in_progress) return server::WorkQueueFull(method);
  ++calls_;
  return absl::OkStatus();
}

void QueryServiceImpl::Finish(grpc::ServerUnaryReactor* reactor, const absl::Status& status) {
  reactor->Finish(server::ToGrpc(status));
  EndCall();
}

void QueryServiceImpl::EndCall() {
  std::lock_guard lock(mutex_);
  --calls_;
  // Under the lock: Stop may destroy this object as soon as it sees that no call is left.
  if (calls_ == 0) idle_.notify_all();
}

void QueryServiceImpl::Stop() {
  std::unique_lock lock(mutex_);
  stopped_ = true;
  idle_.wait(lock, [this] { return calls_ == 0; });
}

size_t QueryServiceImpl::calls_in_progress() const {
  std::lock_guard lock(mutex_);
  return calls_;
}

uint64_t QueryServiceImpl::hedged() const {
  uint64_t sum = 0;
  for (const auto& shard : shards_) sum += shard->hedged();
  return sum;
}

uint64_t QueryServiceImpl::failed_over() const {
  uint64_t sum = 0;
  for (const auto& shard : shards_) sum += shard->failed_over();
  return sum;
}

ShardCall QueryServiceImpl::ShardCallOf(grpc::CallbackServerContext* context, bool waits_for_position) const {
  return {.context = context, .default_wait = options_.default_wait, .waits_for_position = waits_for_position};
}

grpc::ServerUnaryReactor* QueryServiceImpl::Run(grpc::CallbackServerContext* context, const char* method,
                                                bool waits_for_position,
                                                const std::function<absl::Status(const Call&)>& start) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  if (auto status = Begin(method); !status.ok()) {
    reactor->Finish(server::ToGrpc(status));
    return reactor;
  }
  const Call call{.reactor = reactor, .shard_call = ShardCallOf(context, waits_for_position)};
  if (auto status = start(call); !status.ok()) Finish(reactor, status);
  return reactor;
}

void QueryServiceImpl::FetchIncidents(
    const Call& call, const std::vector<std::string>& ids, bool with_reports, const std::string& read_after,
    std::function<absl::Status(std::vector<v1::Incident>, std::string read_position)> done) {
  wire::BatchGetIncidentsRequest request;
  for (const std::string& id : ids) request.add_incident_ids(id);
  request.set_with_reports(with_reports);
  request.set_read_after(read_after);
  AskShards<wire::BatchGetIncidentsRequest, wire::BatchGetIncidentsResponse>(
      shards_, call.shard_call, std::vector(shards_.size(), request), {AskIncidents, &LocalShard::BatchGetIncidents},
      [this, ids, reactor = call.reactor,
       done = std::move(done)](ShardAnswers<wire::BatchGetIncidentsResponse> answers) {
        if (auto status = FirstError(answers); !status.ok()) return Finish(reactor, status);
        auto position = PositionOf(answers);
        if (!position.ok()) return Finish(reactor, position.status());
        std::map<std::string, const v1::Incident*> found;
        for (auto& answer : answers) {
          for (const v1::Incident& incident : answer.response.incidents()) found.emplace(incident.name(), &incident);
        }
        std::vector<v1::Incident> incidents;
        for (const std::string& id : ids) {
          const auto at = found.find("incidents/" + id);
          if (at == found.end()) return Finish(reactor, IncidentNotFound(id));
          incidents.push_back(*at->second);  // copied: a name may be asked for twice
        }
        Finish(reactor, done(std::move(incidents), *std::move(position)));
      });
}

grpc::ServerUnaryReactor* QueryServiceImpl::BatchGetIncidents(grpc::CallbackServerContext* context,
                                                              const v1::BatchGetIncidentsRequest* request,
                                                              v1::BatchGetIncidentsResponse* response) {
  return Run(context, "BatchGetIncidents", !request->read_after().empty(), [this, request, response](const Call& call) {
    const auto ids = ValidateBatchGetIncidents(*request, options_);
    if (!ids.ok()) return ids.status();
    FetchIncidents(call, *ids, request->view() == v1::INCIDENT_VIEW_FULL, request->read_after(),
                   [response](std::vector<v1::Incident> incidents, std::string read_position) {
                     for (v1::Incident& incident : incidents) *response->add_incidents() = std::move(incident);
                     response->set_read_position(std::move(read_position));
                     return absl::OkStatus();
                   });
    return absl::OkStatus();
  });
}

absl::StatusOr<std::vector<ShardCursor>> QueryServiceImpl::CursorsOf(const std::string& token,
                                                                     const std::string& arguments,
                                                                     const std::string& field) const {
  if (token.empty()) return std::vector<ShardCursor>(shards_.size());
  return DecodePageToken(token, arguments, shards_.size(), field);
}

template <typename Request, typename Response>
absl::Status QueryServiceImpl::SearchPage(Call call, absl::StatusOr<wire::SearchRequest> question,
                                          const Request* request, Response* response) {
  if (!question.ok()) return question.status();
  auto cursors = CursorsOf(request->page_token(), ArgumentsOf(*request), "page_token");
  if (!cursors.ok()) return cursors.status();
  call.shard_call.may_go_without = request->allow_partial();
  SearchRound round = {
      .request = *std::move(question), .cursors = *std::move(cursors), .allow_partial = request->allow_partial()};
  if (round.request.collection() == wire::SEARCH_COLLECTION_INCIDENTS) {
    round.incident_id = IncidentNamedBy(round.request.filter());
  }
  RunSearch(shards_, &shard_map_, call.shard_call, round,
            [this, call, round, request, response](absl::StatusOr<SearchGathered> gathered) {
              if (!gathered.ok()) {
                return Finish(call.reactor, RenameField(gathered.status(), ".dimensions[0]", ".dimension"));
              }
              FillPage(*std::move(gathered), round, *request, response);
              FillIncidents(call, response);
            });
  return absl::OkStatus();
}

grpc::ServerUnaryReactor* QueryServiceImpl::SearchIncidents(grpc::CallbackServerContext* context,
                                                            const v1::SearchIncidentsRequest* request,
                                                            v1::SearchIncidentsResponse* response) {
  return Run(context, "SearchIncidents", !request->read_after().empty(), [this, request, response](const Call& call) {
    return SearchPage(call, ValidateSearchIncidents(*request, options_), request, response);
  });
}

grpc::ServerUnaryReactor* QueryServiceImpl::SearchDocuments(grpc::CallbackServerContext* context,
                                                            const v1::SearchDocumentsRequest* request,
                                                            v1::SearchDocumentsResponse* response) {
  return Run(context, "SearchDocuments", !request->read_after().empty(), [this, request, response](const Call& call) {
    return SearchPage(call, ValidateSearchDocuments(*request, options_), request, response);
  });
}

void QueryServiceImpl::FillIncidents(const Call& call, v1::SearchDocumentsResponse* response) {
  // One shard has told of them already.
  if (shards_.size() == 1 || response->documents().empty()) return Finish(call.reactor, absl::OkStatus());
  wire::BatchGetDocumentsRequest question;
  question.set_incidents_only(true);
  for (const v1::Document& document : response->documents()) question.add_document_ids(DocumentIdOf(document));
  AskShards<wire::BatchGetDocumentsRequest, wire::BatchGetDocumentsResponse>(
      shards_, call.shard_call, std::vector(shards_.size(), question), {AskDocuments, &LocalShard::BatchGetDocuments},
      [this, response, call](ShardAnswers<wire::BatchGetDocumentsResponse> answers) {
        if (auto status = call.shard_call.may_go_without ? MissingOf(answers).status() : FirstError(answers);
            !status.ok()) {
          return Finish(call.reactor, status);
        }
        const DocumentIncidents incidents = JoinIncidents(answers);
        for (v1::Document& document : *response->mutable_documents()) SetIncidents(incidents, &document);
        Finish(call.reactor, absl::OkStatus());
      });
}

grpc::ServerUnaryReactor* QueryServiceImpl::AggregateIncidents(grpc::CallbackServerContext* context,
                                                               const v1::AggregateIncidentsRequest* request,
                                                               v1::AggregateIncidentsResponse* response) {
  return Run(
      context, "AggregateIncidents", !request->read_after().empty(), [this, request, response](const Call& call) {
        auto question = ValidateAggregateIncidents(*request, options_);
        if (!question.ok()) return question.status();
        ShardCall shard_call = call.shard_call;
        shard_call.may_go_without = request->allow_partial();
        const auto limit = static_cast<size_t>(request->limit() == 0 ? options_.default_buckets : request->limit());
        RunSearch(shards_, &shard_map_, shard_call,
                  {.request = *std::move(question),
                   .cursors = std::vector<ShardCursor>(shards_.size()),
                   .allow_partial = request->allow_partial()},
                  [this, request, response, limit, reactor = call.reactor](absl::StatusOr<SearchGathered> gathered) {
                    if (!gathered.ok()) {
                      return Finish(reactor, RenameField(gathered.status(), "facets[0].dimensions", "by"));
                    }
                    FillBuckets(*std::move(gathered), *request, limit, response);
                    Finish(reactor, absl::OkStatus());
                  });
        return absl::OkStatus();
      });
}

absl::StatusOr<SearchRound> QueryServiceImpl::StreamRound(const v1::StreamIncidentsRequest& request,
                                                          const std::string& arguments) const {
  auto question = ValidateStreamIncidents(request, options_);
  if (!question.ok()) return question.status();
  auto cursors = CursorsOf(request.resume_token(), arguments, "resume_token");
  if (!cursors.ok()) return cursors.status();
  return SearchRound{.request = *std::move(question), .cursors = *std::move(cursors)};
}

grpc::ServerWriteReactor<v1::StreamIncidentsResponse>* QueryServiceImpl::StreamIncidents(
    grpc::CallbackServerContext* context, const v1::StreamIncidentsRequest* request) {
  if (auto status = Begin("StreamIncidents"); !status.ok()) return new RefusedStream(status);
  std::string arguments = ArgumentsOf(*request);
  auto round = StreamRound(*request, arguments);
  if (!round.ok()) {
    EndCall();
    return new RefusedStream(round.status());
  }
  // Each deletes itself in OnDone.
  return new SearchStream({.shards = &shards_,
                           .map = &shard_map_,
                           .call = ShardCallOf(context, !request->read_after().empty()),
                           .finished = [this](const absl::Status&) { EndCall(); }},
                          *std::move(round), std::move(arguments));
}

grpc::ServerUnaryReactor* QueryServiceImpl::GetDocument(grpc::CallbackServerContext* context,
                                                        const v1::GetDocumentRequest* request,
                                                        v1::GetDocumentResponse* response) {
  return Run(context, "GetDocument", !request->read_after().empty(), [this, request, response](const Call& call) {
    const auto id = ValidateGetDocument(*request);
    if (!id.ok()) return id.status();
    wire::BatchGetDocumentsRequest question;
    question.add_document_ids(*id);
    question.set_read_after(request->read_after());
    AskShards<wire::BatchGetDocumentsRequest, wire::BatchGetDocumentsResponse>(
        shards_, call.shard_call, std::vector(shards_.size(), question), {AskDocuments, &LocalShard::BatchGetDocuments},
        [this, response, id = *id, reactor = call.reactor](ShardAnswers<wire::BatchGetDocumentsResponse> answers) {
          if (auto status = FirstError(answers); !status.ok()) return Finish(reactor, status);
          auto position = PositionOf(answers);
          if (!position.ok()) return Finish(reactor, position.status());
          const DocumentIncidents incidents = JoinIncidents(answers);
          for (auto& answer : answers) {
            if (answer.response.documents().empty()) continue;
            *response->mutable_document() = std::move(*answer.response.mutable_documents(0));
            SetIncidents(incidents, response->mutable_document());
            response->set_read_position(*position);
            return Finish(reactor, absl::OkStatus());
          }
          Finish(reactor, DocumentNotFound(id));
        });
    return absl::OkStatus();
  });
}

}  // namespace interdict::query
