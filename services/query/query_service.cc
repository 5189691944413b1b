#include "services/query/query_service.h"

#include <map>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/query/merge.h"
#include "services/query/page_token.h"
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

void AskSearch(IndexStub* stub, grpc::ClientContext* context, const wire::SearchIncidentsRequest* request,
               wire::SearchIncidentsResponse* response, std::function<void(grpc::Status)> done) {
  stub->async()->SearchIncidents(context, request, response, std::move(done));
}

template <typename Response>
absl::StatusOr<std::string> PositionOf(const std::vector<Response>& answers) {
  std::vector<std::string> tokens;
  for (const Response& answer : answers) tokens.push_back(answer.read_position());
  return MergePositions(tokens);
}

absl::Status IncidentNotFound(const std::string& id) {
  return server::Error(absl::StatusCode::kNotFound, "INCIDENT_NOT_FOUND",
                       absl::StrCat("there is no incidents/", id, "; if it was just submitted, set `read_after`"),
                       {{"incident", absl::StrCat("incidents/", id)}});
}

// What a page token is bound to: all arguments but the token, each with its length so that none runs into the next.
std::string ArgumentsOf(const v1::SearchIncidentsRequest& request, int32_t page_size) {
  return absl::StrCat("search\n", request.query().size(), ":", request.query(), "\n", page_size, "\n",
                      request.read_after());
}

// The question of one shard; an exhausted one is still asked for its position.
wire::SearchIncidentsRequest SearchOf(const v1::SearchIncidentsRequest& request, int32_t page_size,
                                      const ShardCursor& cursor) {
  wire::SearchIncidentsRequest search;
  search.set_query(request.query());
  search.set_page_size(static_cast<uint32_t>(cursor.exhausted ? 1 : page_size));
  search.set_before_number(cursor.exhausted ? 1 : cursor.before_number);  // numbers start at 1: none is lower
  search.set_read_after(request.read_after());
  return search;
}

absl::Status FillPage(std::vector<wire::SearchIncidentsResponse> answers, const std::vector<ShardCursor>& asked,
                      int32_t page_size, const std::string& arguments, v1::SearchIncidentsResponse* response) {
  auto position = PositionOf(answers);
  if (!position.ok()) return position.status();
  for (size_t i = 0; i < answers.size(); ++i) {
    if (asked[i].exhausted) answers[i].Clear();
  }
  auto page = MergePage(std::move(answers), asked, static_cast<size_t>(page_size));
  if (!page.ok()) return page.status();
  for (v1::Incident& incident : page->incidents) *response->add_incidents() = std::move(incident);
  if (page->more) response->set_next_page_token(EncodePageToken(arguments, page->cursors));
  response->set_read_position(*position);
  return absl::OkStatus();
}

}  // namespace

QueryServiceImpl::QueryServiceImpl(const QueryOptions& options,
                                   const std::vector<std::shared_ptr<grpc::Channel>>& shards)
    : options_(options) {
  for (const auto& channel : shards) shards_.push_back(wire::IndexService::NewStub(channel));
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

grpc::ServerUnaryReactor* QueryServiceImpl::Run(grpc::CallbackServerContext* context, const char* method,
                                                bool waits_for_position,
                                                const std::function<absl::Status(const Call&)>& start) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  if (auto status = Begin(method); !status.ok()) {
    reactor->Finish(server::ToGrpc(status));
    return reactor;
  }
  const Call call{
      .reactor = reactor,
      .shard_call = {
          .context = context, .default_wait = options_.default_wait, .waits_for_position = waits_for_position}};
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
  using Answers = ShardAnswers<wire::BatchGetIncidentsResponse>;
  AskShards<wire::BatchGetIncidentsRequest, wire::BatchGetIncidentsResponse>(
      shards_, call.shard_call, std::vector(shards_.size(), request), AskIncidents,
      [this, ids, reactor = call.reactor, done = std::move(done)](absl::Status status, Answers answers) {
        if (!status.ok()) return Finish(reactor, status);
        auto position = PositionOf(answers);
        if (!position.ok()) return Finish(reactor, position.status());
        std::map<std::string, const v1::Incident*> found;
        for (auto& answer : answers) {
          for (const v1::Incident& incident : answer.incidents()) found.emplace(incident.name(), &incident);
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

grpc::ServerUnaryReactor* QueryServiceImpl::GetIncident(grpc::CallbackServerContext* context,
                                                        const v1::GetIncidentRequest* request,
                                                        v1::GetIncidentResponse* response) {
  return Run(context, "GetIncident", !request->read_after().empty(), [this, request, response](const Call& call) {
    const auto id = ValidateGetIncident(*request);
    if (!id.ok()) return id.status();
    FetchIncidents(call, {*id}, request->view() == v1::INCIDENT_VIEW_FULL, request->read_after(),
                   [response](std::vector<v1::Incident> incidents, std::string read_position) {
                     *response->mutable_incident() = std::move(incidents.front());
                     response->set_read_position(std::move(read_position));
                     return absl::OkStatus();
                   });
    return absl::OkStatus();
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

grpc::ServerUnaryReactor* QueryServiceImpl::SearchIncidents(grpc::CallbackServerContext* context,
                                                            const v1::SearchIncidentsRequest* request,
                                                            v1::SearchIncidentsResponse* response) {
  return Run(context, "SearchIncidents", !request->read_after().empty(), [this, request, response](const Call& call) {
    const auto page_size = ValidateSearchIncidents(*request, options_);
    if (!page_size.ok()) return page_size.status();
    const std::string arguments = ArgumentsOf(*request, *page_size);
    std::vector<ShardCursor> cursors(shards_.size());
    if (!request->page_token().empty()) {
      auto decoded = DecodePageToken(request->page_token(), arguments, shards_.size());
      if (!decoded.ok()) return decoded.status();
      cursors = *std::move(decoded);
    }
    std::vector<wire::SearchIncidentsRequest> searches;
    for (const ShardCursor& cursor : cursors) searches.push_back(SearchOf(*request, *page_size, cursor));
    using Answers = ShardAnswers<wire::SearchIncidentsResponse>;
    AskShards<wire::SearchIncidentsRequest, wire::SearchIncidentsResponse>(
        shards_, call.shard_call, std::move(searches), AskSearch,
        [this, response, cursors, arguments, page_size = *page_size, reactor = call.reactor](absl::Status status,
                                                                                             Answers answers) {
          if (status.ok()) status = FillPage(std::move(answers), cursors, page_size, arguments, response);
          Finish(reactor, status);
        });
    return absl::OkStatus();
  });
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
    using Answers = ShardAnswers<wire::BatchGetDocumentsResponse>;
    AskShards<wire::BatchGetDocumentsRequest, wire::BatchGetDocumentsResponse>(
        shards_, call.shard_call, std::vector(shards_.size(), question), AskDocuments,
        [this, response, id = *id, reactor = call.reactor](absl::Status status, Answers answers) {
          if (!status.ok()) return Finish(reactor, status);
          auto position = PositionOf(answers);
          if (!position.ok()) return Finish(reactor, position.status());
          for (auto& answer : answers) {
            if (answer.documents().empty()) continue;
            *response->mutable_document() = std::move(*answer.mutable_documents(0));
            response->set_read_position(*position);
            return Finish(reactor, absl::OkStatus());
          }
          Finish(reactor, server::Error(absl::StatusCode::kNotFound, "DOCUMENT_NOT_FOUND",
                                        absl::StrCat("there is no documents/", id,
                                                     "; if it was just submitted, set `read_after`"),
                                        {{"document", absl::StrCat("documents/", id)}}));
        });
    return absl::OkStatus();
  });
}

}  // namespace interdict::query
