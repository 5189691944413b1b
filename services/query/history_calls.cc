// The calls of QueryService on the history of records: past states, explanations, revisions, suggestions, judgements.
#include <algorithm>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "services/query/key_token.h"
#include "services/query/merge.h"
#include "services/query/not_found.h"
#include "services/query/query_service.h"
#include "services/query/validate_query.h"
#include "services/server/status.h"

namespace interdict::query {
namespace {

namespace wire = internal::v1;

constexpr int kMaxRedirections = 20;  // of a name that was merged again and again
constexpr uint32_t kMaxSuggestionPage = 500;
constexpr uint32_t kDefaultPage = 50;
constexpr uint32_t kMaxPage = 1'000;

// The generated methods are overloaded; these pick the callback form.
void AskBatchGetIncidents(IndexStub* stub, grpc::ClientContext* context, const wire::BatchGetIncidentsRequest* request,
                          wire::BatchGetIncidentsResponse* response, std::function<void(grpc::Status)> done) {
  stub->async()->BatchGetIncidents(context, request, response, std::move(done));
}

void AskExplainIncident(IndexStub* stub, grpc::ClientContext* context, const wire::ExplainIncidentRequest* request,
                        wire::ExplainIncidentResponse* response, std::function<void(grpc::Status)> done) {
  stub->async()->ExplainIncident(context, request, response, std::move(done));
}

void AskListRevisions(IndexStub* stub, grpc::ClientContext* context, const wire::ListRevisionsRequest* request,
                      wire::ListRevisionsResponse* response, std::function<void(grpc::Status)> done) {
  stub->async()->ListRevisions(context, request, response, std::move(done));
}

void AskListSuggestions(IndexStub* stub, grpc::ClientContext* context, const wire::ListSuggestionsRequest* request,
                        wire::ListSuggestionsResponse* response, std::function<void(grpc::Status)> done) {
  stub->async()->ListSuggestions(context, request, response, std::move(done));
}

void AskListJudgements(IndexStub* stub, grpc::ClientContext* context, const wire::ListJudgementsRequest* request,
                       wire::ListJudgementsResponse* response, std::function<void(grpc::Status)> done) {
  stub->async()->ListJudgements(context, request, response, std::move(done));
}

template <typename Response>
absl::StatusOr<std::string> PositionOf(const ShardAnswers<Response>& answers) {
  std::vector<std::string> tokens;
  for (const auto& answer : answers) tokens.push_back(answer.response.read_position());
  return MergePositions(tokens);
}

std::string IdOf(const std::string& name) { return name.substr(name.find('/') + 1); }

absl::StatusOr<uint32_t> PageSize(int32_t asked, uint32_t most) {
  if (asked < 0) return server::InvalidField("page_size", "must not be negative; 0 is the default");
  if (asked == 0) return kDefaultPage;
  return std::min(static_cast<uint32_t>(asked), most);
}

// A page token that holds a number; 0 for none.
absl::StatusOr<uint64_t> NumberOfToken(const std::string& token, const std::string& arguments) {
  auto key = DecodeKeyToken(token, arguments);
  if (!key.ok()) return key.status();
  uint64_t number = 0;
  if (!key->empty() && !absl::SimpleAtoi(*key, &number)) {
    return server::Error(absl::StatusCode::kInvalidArgument, "PAGE_TOKEN_MISMATCH", "page_token is malformed",
                         {{"field", "page_token"}});
  }
  return number;
}

}  // namespace

void QueryServiceImpl::FollowIncident(const Call& call, const std::string& id, int redirections,
                                      const v1::GetIncidentRequest* request, v1::GetIncidentResponse* response) {
  wire::BatchGetIncidentsRequest question;
  question.add_incident_ids(id);
  question.set_with_reports(request->view() == v1::INCIDENT_VIEW_FULL);
  question.set_read_after(request->read_after());
  question.set_as_of_position(request->as_of_position());
  if (request->has_as_of_time()) {
    question.set_as_of_time_us(request->as_of_time().seconds() * 1'000'000 + request->as_of_time().nanos() / 1'000);
  }
  const auto owner = shard_map_.ShardOf(id);
  if (!owner) return FollowIncidentInAll(call, id, redirections, question, request, response);
  AskShards<wire::BatchGetIncidentsRequest, wire::BatchGetIncidentsResponse>(
      shards_, call.shard_call, std::vector(shards_.size(), question),
      {AskBatchGetIncidents, &LocalShard::BatchGetIncidents},
      [this, call, id, redirections, question, request, response,
       owner = *owner](ShardAnswers<wire::BatchGetIncidentsResponse> answers) {
        auto& answer = answers[owner];
        if (!answer.status.ok()) return Finish(call.reactor, answer.status);
        // The shards have changed places, or nobody has it: all must say so.
        if (!shard_map_.Confirms(id, answer.response.read_position()) || answer.response.incidents().empty()) {
          return FollowIncidentInAll(call, id, redirections, question, request, response);
        }
        FinishIncident(call, redirections, answer.response.read_position(),
                       std::move(*answer.response.mutable_incidents(0)), request, response);
      },
      owner);
}

void QueryServiceImpl::FollowIncidentInAll(const Call& call, const std::string& id, int redirections,
                                           const internal::v1::BatchGetIncidentsRequest& question,
                                           const v1::GetIncidentRequest* request, v1::GetIncidentResponse* response) {
  AskShards<wire::BatchGetIncidentsRequest, wire::BatchGetIncidentsResponse>(
      shards_, call.shard_call, std::vector(shards_.size(), question),
      {AskBatchGetIncidents, &LocalShard::BatchGetIncidents},
      [this, call, id, redirections, request, response](ShardAnswers<wire::BatchGetIncidentsResponse> answers) {
        if (auto status = FirstError(answers); !status.ok()) return Finish(call.reactor, status);
        auto position = PositionOf(answers);
        if (!position.ok()) return Finish(call.reactor, position.status());
        if (answers.size() > 1) {
          for (size_t i = 0; i < answers.size(); ++i) shard_map_.Learn(i, answers[i].response.read_position());
        }
        for (auto& answer : answers) {
          if (answer.response.incidents().empty()) continue;
          return FinishIncident(call, redirections, *position, std::move(*answer.response.mutable_incidents(0)),
                                request, response);
        }
        Finish(call.reactor, IncidentNotFound(id));
      });
}

void QueryServiceImpl::FinishIncident(const Call& call, int redirections, const std::string& position,
                                      v1::Incident incident, const v1::GetIncidentRequest* request,
                                      v1::GetIncidentResponse* response) {
  // A past state is that of the name itself.
  const bool past = !request->as_of_position().empty() || request->has_as_of_time();
  if (incident.state() == v1::Incident::STATE_MERGED && !past && redirections < kMaxRedirections) {
    response->set_merged_into(incident.merged_into());
    return FollowIncident(call, IdOf(incident.merged_into()), redirections + 1, request, response);
  }
  *response->mutable_incident() = std::move(incident);
  response->set_read_position(position);
  Finish(call.reactor, absl::OkStatus());
}

grpc::ServerUnaryReactor* QueryServiceImpl::GetIncident(grpc::CallbackServerContext* context,
                                                        const v1::GetIncidentRequest* request,
                                                        v1::GetIncidentResponse* response) {
  return Run(context, "GetIncident", !request->read_after().empty(), [this, request, response](const Call& call) {
    const auto id = ValidateGetIncident(*request);
    if (!id.ok()) return id.status();
    FollowIncident(call, *id, 0, request, response);
    return absl::OkStatus();
  });
}

void QueryServiceImpl::FollowExplanation(const Call& call, const std::string& id, int redirections,
                                         const v1::ExplainIncidentRequest* request,
                                         v1::ExplainIncidentResponse* response) {
  wire::ExplainIncidentRequest question;
  question.set_incident_id(id);
  question.set_read_after(request->read_after());
  AskShards<wire::ExplainIncidentRequest, wire::ExplainIncidentResponse>(
      shards_, call.shard_call, std::vector(shards_.size(), question), AskExplainIncident,
      [this, call, id, redirections, request, response](ShardAnswers<wire::ExplainIncidentResponse> answers) {
        if (auto status = FirstError(answers); !status.ok()) return Finish(call.reactor, status);
        auto position = PositionOf(answers);
        if (!position.ok()) return Finish(call.reactor, position.status());
        bool found = false;
        std::vector<std::string> merged_from;
        for (auto& answer : answers) {
          wire::ExplainIncidentResponse& here = answer.response;
          merged_from.insert(merged_from.end(), here.merged_from().begin(), here.merged_from().end());
          if (!here.has_incident()) continue;
          if (here.incident().state() == v1::Incident::STATE_MERGED && redirections < kMaxRedirections) {
            return FollowExplanation(call, IdOf(here.incident().merged_into()), redirections + 1, request, response);
          }
          found = true;
          response->set_incident(here.incident().name());
          *response->mutable_reports() = std::move(*here.mutable_reports());
          *response->mutable_judgements() = std::move(*here.mutable_incident()->mutable_judgements());
        }
        if (!found) return Finish(call.reactor, IncidentNotFound(id));
        std::sort(merged_from.begin(), merged_from.end());
        response->mutable_merged_from()->Assign(merged_from.begin(), merged_from.end());
        response->set_read_position(*std::move(position));
        FetchSuggestions(call, id, kDefaultPage, "", [this, call, response](absl::StatusOr<SuggestionPage> page) {
          if (!page.ok()) return Finish(call.reactor, page.status());
          for (v1::Suggestion& suggestion : page->suggestions) {
            *response->add_suggestions() = std::move(suggestion);
          }
          Finish(call.reactor, absl::OkStatus());
        });
      });
}

grpc::ServerUnaryReactor* QueryServiceImpl::ExplainIncident(grpc::CallbackServerContext* context,
                                                            const v1::ExplainIncidentRequest* request,
                                                            v1::ExplainIncidentResponse* response) {
  return Run(context, "ExplainIncident", !request->read_after().empty(), [this, request, response](const Call& call) {
    const auto id = ParseIncidentName("name", request->name());
    if (!id.ok()) return id.status();
    FollowExplanation(call, *id, 0, request, response);
    return absl::OkStatus();
  });
}

grpc::ServerUnaryReactor* QueryServiceImpl::ListRevisions(grpc::CallbackServerContext* context,
                                                          const v1::ListRevisionsRequest* request,
                                                          v1::ListRevisionsResponse* response) {
  return Run(context, "ListRevisions", !request->read_after().empty(), [this, request, response](const Call& call) {
    const auto id = ParseIncidentName("name", request->name());
    if (!id.ok()) return id.status();
    const auto page_size = PageSize(request->page_size(), kMaxPage);
    if (!page_size.ok()) return page_size.status();
    const std::string arguments = absl::StrCat("revisions ", request->name());
    const auto before = NumberOfToken(request->page_token(), arguments);
    if (!before.ok()) return before.status();
    wire::ListRevisionsRequest question;
    question.set_incident_id(*id);
    question.set_page_size(*page_size);
    question.set_before_sequence(*before);
    question.set_read_after(request->read_after());
    AskShards<wire::ListRevisionsRequest, wire::ListRevisionsResponse>(
        shards_, call.shard_call, std::vector(shards_.size(), question), AskListRevisions,
        [this, response, arguments, id = *id,
         reactor = call.reactor](ShardAnswers<wire::ListRevisionsResponse> answers) {
          if (auto status = FirstError(answers); !status.ok()) return Finish(reactor, status);
          auto position = PositionOf(answers);
          if (!position.ok()) return Finish(reactor, position.status());
          for (auto& answer : answers) {
            if (!answer.response.found()) continue;
            *response->mutable_revisions() = std::move(*answer.response.mutable_revisions());
            const uint64_t next = answer.response.next_before_sequence();
            if (next != 0) response->set_next_page_token(EncodeKeyToken(arguments, absl::StrCat(next)));
            response->set_read_position(*std::move(position));
            return Finish(reactor, absl::OkStatus());
          }
          Finish(reactor, IncidentNotFound(id));
        });
    return absl::OkStatus();
  });
}

void QueryServiceImpl::FetchSuggestions(const Call& call, const std::string& incident_id, uint32_t page_size,
                                        const std::string& after_key,
                                        std::function<void(absl::StatusOr<SuggestionPage>)> done) {
  wire::ListSuggestionsRequest question;
  question.set_incident_id(incident_id);
  question.set_page_size(page_size);
  question.set_after_key(after_key);
  AskShards<wire::ListSuggestionsRequest, wire::ListSuggestionsResponse>(
      shards_, call.shard_call, std::vector(shards_.size(), question), AskListSuggestions,
      [this, call, page_size, done = std::move(done)](ShardAnswers<wire::ListSuggestionsResponse> answers) {
        if (auto status = FirstError(answers); !status.ok()) return done(status);
        auto position = PositionOf(answers);
        if (!position.ok()) return done(position.status());
        std::map<std::string, v1::Suggestion> by_key;
        bool more = false;
        for (auto& answer : answers) {
          more = more || answer.response.more();
          for (int i = 0; i < answer.response.keys_size(); ++i) {
            by_key[answer.response.keys(i)] = std::move(*answer.response.mutable_suggestions(i));
          }
        }
        SuggestionPage page;
        page.read_position = *std::move(position);
        for (auto& [key, suggestion] : by_key) {
          if (page.suggestions.size() >= page_size) {
            more = true;
            break;
          }
          page.suggestions.push_back(std::move(suggestion));
          page.last_key = key;
        }
        if (!more) page.last_key.clear();
        FillTitles(call, std::move(page), done);
      });
}

// Titles of incidents that the suggestion's own shard does not hold.
void QueryServiceImpl::FillTitles(const Call& call, SuggestionPage page,
                                  std::function<void(absl::StatusOr<SuggestionPage>)> done) {
  if (shards_.size() == 1 || page.suggestions.empty()) return done(std::move(page));
  wire::BatchGetIncidentsRequest question;
  for (const v1::Suggestion& suggestion : page.suggestions) {
    question.add_incident_ids(IdOf(suggestion.incident()));
    question.add_incident_ids(IdOf(suggestion.other_incident()));
  }
  AskShards<wire::BatchGetIncidentsRequest, wire::BatchGetIncidentsResponse>(
      shards_, call.shard_call, std::vector(shards_.size(), question),
      {AskBatchGetIncidents, &LocalShard::BatchGetIncidents},
      [page = std::move(page), done = std::move(done)](ShardAnswers<wire::BatchGetIncidentsResponse> answers) mutable {
        if (auto status = FirstError(answers); !status.ok()) return done(status);
        std::map<std::string, std::string> titles;
        for (const auto& answer : answers) {
          for (const v1::Incident& incident : answer.response.incidents()) {
            titles[incident.name()] = incident.facts().title();
          }
        }
        for (v1::Suggestion& suggestion : page.suggestions) {
          suggestion.clear_titles();
          suggestion.add_titles(titles[suggestion.incident()]);
          suggestion.add_titles(titles[suggestion.other_incident()]);
        }
        done(std::move(page));
      });
}

grpc::ServerUnaryReactor* QueryServiceImpl::ListSuggestions(grpc::CallbackServerContext* context,
                                                            const v1::ListSuggestionsRequest* request,
                                                            v1::ListSuggestionsResponse* response) {
  return Run(context, "ListSuggestions", !request->read_after().empty(), [this, request, response](const Call& call) {
    absl::StatusOr<std::string> id = std::string();
    if (!request->incident().empty()) id = ParseIncidentName("incident", request->incident());
    if (!id.ok()) return id.status();
    const auto page_size = PageSize(request->page_size(), kMaxSuggestionPage);
    if (!page_size.ok()) return page_size.status();
    const std::string arguments = absl::StrCat("suggestions ", request->incident());
    const auto after = DecodeKeyToken(request->page_token(), arguments);
    if (!after.ok()) return after.status();
    FetchSuggestions(call, *id, *page_size, *after,
                     [this, call, response, arguments](absl::StatusOr<SuggestionPage> page) {
                       if (!page.ok()) return Finish(call.reactor, page.status());
                       for (v1::Suggestion& suggestion : page->suggestions) {
                         *response->add_suggestions() = std::move(suggestion);
                       }
                       if (!page->last_key.empty()) {
                         response->set_next_page_token(EncodeKeyToken(arguments, page->last_key));
                       }
                       response->set_read_position(page->read_position);
                       Finish(call.reactor, absl::OkStatus());
                     });
    return absl::OkStatus();
  });
}

void QueryServiceImpl::FetchJudgements(const Call& call, const v1::ListJudgementsRequest* request, uint32_t page_size,
                                       uint64_t before, v1::ListJudgementsResponse* response) {
  wire::ListJudgementsRequest question;
  question.set_page_size(page_size);
  question.set_before_order(before);
  question.set_read_after(request->read_after());
  *question.mutable_states() = request->states();
  AskShards<wire::ListJudgementsRequest, wire::ListJudgementsResponse>(
      shards_, call.shard_call, std::vector(shards_.size(), question), AskListJudgements,
      [this, call, page_size, response](ShardAnswers<wire::ListJudgementsResponse> answers) {
        if (auto status = FirstError(answers); !status.ok()) return Finish(call.reactor, status);
        auto position = PositionOf(answers);
        if (!position.ok()) return Finish(call.reactor, position.status());
        std::map<uint64_t, v1::Judgement, std::greater<>> by_order;
        bool more = false;
        for (auto& answer : answers) {
          more = more || answer.response.more();
          for (int i = 0; i < answer.response.orders_size(); ++i) {
            by_order[answer.response.orders(i)] = std::move(*answer.response.mutable_judgements(i));
          }
        }
        uint64_t last = 0;
        for (auto& [order, judgement] : by_order) {
          if (static_cast<uint32_t>(response->judgements_size()) >= page_size) {
            more = true;
            break;
          }
          *response->add_judgements() = std::move(judgement);
          last = order;
        }
        if (more && last > 0) response->set_next_page_token(EncodeKeyToken("judgements", absl::StrCat(last)));
        response->set_read_position(*std::move(position));
        Finish(call.reactor, absl::OkStatus());
      });
}

grpc::ServerUnaryReactor* QueryServiceImpl::ListJudgements(grpc::CallbackServerContext* context,
                                                           const v1::ListJudgementsRequest* request,
                                                           v1::ListJudgementsResponse* response) {
  return Run(context, "ListJudgements", !request->read_after().empty(), [this, request, response](const Call& call) {
    const auto page_size = PageSize(request->page_size(), kMaxPage);
    if (!page_size.ok()) return page_size.status();
    const auto before = NumberOfToken(request->page_token(), "judgements");
    if (!before.ok()) return before.status();
    for (const int state : request->states()) {
      if (state == v1::Judgement::STATE_UNSPECIFIED || !v1::Judgement::State_IsValid(state)) {
        return server::InvalidField("states", "must be states of a judgement");
      }
    }
    FetchJudgements(call, request, *page_size, *before, response);
    return absl::OkStatus();
  });
}

}  // namespace interdict::query
