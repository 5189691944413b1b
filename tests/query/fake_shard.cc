#include "tests/query/fake_shard.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "services/server/status.h"
#include "storage/log/position.h"

namespace interdict::query {
namespace {

namespace wire = internal::v1;

std::vector<std::string> WordsOf(const std::string& text) { return absl::StrSplit(text, ' ', absl::SkipEmpty()); }

size_t CountOf(const std::string& word, const std::string& text) {
  const std::vector<std::string> words = WordsOf(text);
  return static_cast<size_t>(std::count(words.begin(), words.end(), word));
}

std::string KeyOf(const v1::Incident& incident, const v1::FacetDimension& dimension) {
  if (dimension.field() == "country") return incident.facts().places(0).country_code();
  return absl::StrCat(1970 + incident.create_time().seconds() / 31'556'952);
}

grpc::Status InvalidQuery(const std::string& query) {
  return server::ToGrpc(server::Error(absl::StatusCode::kInvalidArgument, "INVALID_QUERY", "cannot be understood",
                                      {{"field", "query"}, {"begin", "0"}, {"end", absl::StrCat(query.size())}}));
}

}  // namespace

void FakeShard::Add(const std::string& id, int64_t create_seconds, const std::string& title, const std::string& country,
                    uint64_t number) {
  std::lock_guard lock(mutex_);
  v1::Incident incident;
  incident.set_name("incidents/" + id);
  incident.mutable_facts()->set_title(title);
  incident.mutable_facts()->add_places()->set_country_code(country);
  incident.mutable_create_time()->set_seconds(create_seconds);
  incident.add_reports()->set_name("documents/d/reports/r");
  if (number == 0) number = incidents_.empty() ? 1 : incidents_.rbegin()->first + 1;
  incidents_.emplace(number, incident);
  ++sequence_;
  changed_.notify_all();
}

void FakeShard::AddDocument(const std::string& id, bool here,
                            const std::vector<std::pair<uint64_t, std::string>>& incidents) {
  std::lock_guard lock(mutex_);
  if (here) documents_[id].set_name("documents/" + id);
  document_incidents_[id] = incidents;
}

void FakeShard::FailWith(grpc::Status status) {
  std::lock_guard lock(mutex_);
  failure_ = std::move(status);
}

void FakeShard::Hold() {
  std::lock_guard lock(mutex_);
  held_ = true;
}

void FakeShard::Release() {
  std::lock_guard lock(mutex_);
  held_ = false;
  changed_.notify_all();
}

void FakeShard::AwaitHeld(int count) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return waiting_ >= count; });
}

int FakeShard::questions() {
  std::lock_guard lock(mutex_);
  return questions_;
}

int FakeShard::cancelled() {
  std::lock_guard lock(mutex_);
  return cancelled_;
}

std::string FakeShard::Position() const { return log::EncodePositionToken(kLogId, {{partition_, sequence_}}); }

grpc::Status FakeShard::Await(grpc::ServerContext* context, const std::string& read_after) {
  std::unique_lock lock(mutex_);
  ++questions_;
  ++waiting_;
  changed_.notify_all();
  grpc::Status status;
  while (true) {
    if (!failure_.ok()) {
      status = failure_;
      break;
    }
    if (context->IsCancelled()) {
      ++cancelled_;
      status = grpc::Status(grpc::StatusCode::CANCELLED, "given up");
      break;
    }
    auto wanted = log::DecodePositionToken(read_after, kLogId);
    if (!read_after.empty() && !wanted.ok()) {
      status = server::ToGrpc(server::Error(absl::StatusCode::kInvalidArgument, "INVALID_POSITION", "of another log"));
      break;
    }
    if (!held_ && (read_after.empty() || (*wanted)[partition_] <= sequence_)) break;
    // A cancelled call wakes nobody.
    changed_.wait_for(lock, std::chrono::milliseconds(2));
  }
  --waiting_;
  return status;
}

grpc::Status FakeShard::BatchGetIncidents(grpc::ServerContext* context, const wire::BatchGetIncidentsRequest* request,
                                          wire::BatchGetIncidentsResponse* response) {
  if (auto status = Await(context, request->read_after()); !status.ok()) return status;
  std::lock_guard lock(mutex_);
  for (const std::string& id : request->incident_ids()) {
    for (const auto& [number, incident] : incidents_) {
      if (incident.name() != "incidents/" + id) continue;
      v1::Incident* copy = response->add_incidents();
      *copy = incident;
      if (!request->with_reports()) copy->clear_reports();
    }
  }
  response->set_read_position(Position());
  return grpc::Status::OK;
}

grpc::Status FakeShard::BatchGetDocuments(grpc::ServerContext* context, const wire::BatchGetDocumentsRequest* request,
                                          wire::BatchGetDocumentsResponse* response) {
  if (auto status = Await(context, request->read_after()); !status.ok()) return status;
  std::lock_guard lock(mutex_);
  for (const std::string& id : request->document_ids()) {
    if (documents_.count(id) > 0 && !request->incidents_only()) *response->add_documents() = documents_[id];
    if (document_incidents_[id].empty()) continue;
    wire::DocumentIncidents* here = response->add_incidents();
    here->set_document_id(id);
    for (const auto& [number, name] : document_incidents_[id]) {
      here->add_numbers(number);
      here->add_incidents(name);
    }
  }
  response->set_read_position(Position());
  return grpc::Status::OK;
}

wire::SearchStatistics FakeShard::Statistics(const std::string& query) const {
  wire::SearchStatistics statistics;
  statistics.set_document_count(incidents_.size());
  wire::FieldStatistics* field = statistics.add_fields();
  field->set_document_count(incidents_.size());
  for (const auto& [number, incident] : incidents_) {
    field->set_total_length(field->total_length() + WordsOf(incident.facts().title()).size());
  }
  for (const std::string& word : WordsOf(query)) {
    wire::TermStatistics* term = statistics.add_terms();
    term->set_term(word);
    for (const auto& [number, incident] : incidents_) {
      if (CountOf(word, incident.facts().title()) > 0) term->set_document_count(term->document_count() + 1);
    }
  }
  return statistics;
}

std::vector<FakeShard::Found> FakeShard::Matches(const wire::SearchRequest& request) const {
  const wire::SearchStatistics statistics =
      request.has_statistics() ? request.statistics() : Statistics(request.query());
  std::map<std::string, double> weights;
  for (const wire::TermStatistics& term : statistics.terms()) {
    weights[term.term()] = std::log(1 + static_cast<double>(statistics.document_count()) /
                                            std::max(1.0, static_cast<double>(term.document_count())));
  }
  const bool by_relevance = request.order_by() == "relevance";
  std::vector<Found> found;
  for (const auto& [number, incident] : incidents_) {
    const std::string& title = incident.facts().title();
    if (!request.filter().empty() && incident.facts().places(0).country_code() != request.filter()) continue;
    double score = 0;
    bool all = true;
    for (const std::string& word : WordsOf(request.query())) {
      const auto count = static_cast<double>(CountOf(word, title));
      all = all && count > 0;
      score += weights[word] * count / static_cast<double>(WordsOf(title).size());
    }
    if (!all) continue;
    found.push_back({number, by_relevance ? score : 0, by_relevance ? 0 : incident.create_time().seconds(), &incident});
  }
  return found;
}

grpc::Status FakeShard::GetSearchStatistics(grpc::ServerContext* context,
                                            const wire::GetSearchStatisticsRequest* request,
                                            wire::GetSearchStatisticsResponse* response) {
  if (auto status = Await(context, request->read_after()); !status.ok()) return status;
  std::lock_guard lock(mutex_);
  *response->mutable_statistics() = Statistics(request->query());
  response->set_read_position(Position());
  return grpc::Status::OK;
}

grpc::Status FakeShard::Search(grpc::ServerContext* context, const wire::SearchRequest* request,
                               wire::SearchResponse* response) {
  if (auto status = Await(context, request->read_after()); !status.ok()) return status;
  if (request->query() == "(") return InvalidQuery(request->query());
  std::lock_guard lock(mutex_);
  response->set_by_relevance(request->order_by() == "relevance");
  response->set_descending(request->order_by() != "create_time asc");
  const auto key = [&](double score, int64_t value, uint64_t number) {
    if (response->by_relevance()) return std::make_tuple(-score, int64_t{0}, static_cast<int64_t>(number));
    const int64_t sign = response->descending() ? -1 : 1;
    return std::make_tuple(0.0, sign * value, sign * static_cast<int64_t>(number));
  };
  std::vector<Found> found = Matches(*request);
  std::sort(found.begin(), found.end(), [&](const Found& a, const Found& b) {
    return key(a.score, a.value, a.number) < key(b.score, b.value, b.number);
  });
  for (const wire::SearchFacet& facet : request->facets()) {
    std::map<std::vector<std::string>, uint64_t> counts;
    for (const Found& each : found) {
      std::vector<std::string> keys;
      for (const auto& dimension : facet.dimensions()) keys.push_back(KeyOf(*each.incident, dimension));
      ++counts[keys];
    }
    std::vector<std::pair<std::vector<std::string>, uint64_t>> ordered(counts.begin(), counts.end());
    std::stable_sort(ordered.begin(), ordered.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
    wire::SearchFacetCounts* answer = response->add_facets();
    answer->set_bucket_count(ordered.size());
    if (facet.limit() != 0 && ordered.size() > facet.limit()) ordered.resize(facet.limit());
    for (const auto& [keys, count] : ordered) {
      v1::FacetBucket* bucket = answer->add_buckets();
      for (const std::string& each : keys) bucket->add_keys(each);
      bucket->set_count(count);
    }
  }
  if (request->count() != v1::COUNT_MODE_UNSPECIFIED) {
    const uint64_t limit = request->count() == v1::COUNT_MODE_CAPPED ? request->count_limit() : found.size();
    response->mutable_total()->set_count(std::min<uint64_t>(limit, found.size()));
    response->mutable_total()->set_exact(found.size() <= limit);
  }
  const wire::SearchCursor& after = request->after();
  for (const Found& each : found) {
    if (request->has_after() &&
        key(each.score, each.value, each.number) <= key(after.score(), after.value(), after.number())) {
      continue;
    }
    if (static_cast<uint32_t>(response->hits_size()) == request->page_size()) {
      response->set_more(true);
      break;
    }
    wire::SearchHit* hit = response->add_hits();
    *hit->mutable_incident() = *each.incident;
    hit->mutable_incident()->clear_reports();
    if (request->collection() == wire::SEARCH_COLLECTION_DOCUMENTS) {
      hit->mutable_document()->set_name("documents/" + each.incident->name().substr(10) +
                                        each.incident->name().substr(10));
    }
    hit->mutable_match()->set_score(each.score);
    hit->mutable_cursor()->set_score(each.score);
    hit->mutable_cursor()->set_value(each.value);
    hit->mutable_cursor()->set_number(each.number);
  }
  if (found.empty() && request->suggest()) response->set_did_you_mean("word");
  if (request->explain()) response->set_plan("title\n");
  response->set_read_position(Position());
  return grpc::Status::OK;
}

void FakeShard::AddMention(const std::string& entity, const std::string& incident, const std::string& name,
                           v1::PartyRole role) {
  std::lock_guard lock(mutex_);
  mentions_.push_back({entity, incident, name, role});
  ++sequence_;
  changed_.notify_all();
}

void FakeShard::AddList(const std::string& name, const std::vector<std::string>& entries) {
  std::lock_guard lock(mutex_);
  lists_[name] = entries;
}

v1::Entity FakeShard::EntityOf(const std::string& id) const {
  v1::Entity entity;
  for (const Mention& mention : mentions_) {
    if (mention.entity != id) continue;
    entity.set_name("entities/" + id);
    if (entity.display_name().empty()) {
      entity.set_display_name(mention.name);
    } else if (mention.name != entity.display_name()) {
      entity.add_aliases(mention.name);
    }
  }
  return entity;
}

grpc::Status FakeShard::MatchNames(grpc::ServerContext* context, const wire::MatchNamesRequest* request,
                                   wire::MatchNamesResponse* response) {
  if (auto status = Await(context, request->read_after()); !status.ok()) return status;
  std::lock_guard lock(mutex_);
  const v1::MatchEntitiesRequest& asked = request->request();
  for (const auto& [name, entries] : lists_) {
    const bool wanted =
        asked.lists().empty() || std::find(asked.lists().begin(), asked.lists().end(), name) != asked.lists().end();
    if (!wanted || asked.source() == v1::MATCH_SOURCE_INCIDENTS) continue;
    response->add_lists()->set_name(name);
    response->mutable_lists()->rbegin()->set_version("7");
  }
  for (const v1::MatchQuery& query : asked.queries()) {
    v1::MatchResult* result = response->add_results();
    for (const v1::ReferenceList& list : response->lists()) {
      for (const std::string& entry : lists_[list.name()]) {
        if (entry != query.name()) continue;
        v1::EntityMatch* match = result->add_matches();
        match->mutable_entry()->set_name(list.name() + "/entries/" + entry);
        match->set_score(0.9);
      }
    }
    std::map<std::string, bool> told;
    for (const Mention& mention : mentions_) {
      if (mention.name != query.name() || asked.source() == v1::MATCH_SOURCE_LISTS) continue;
      if (std::exchange(told[mention.entity], true)) continue;
      v1::EntityMatch* match = result->add_matches();
      *match->mutable_entity() = EntityOf(mention.entity);
      match->set_score(0.9);
    }
  }
  response->set_read_position(Position());
  return grpc::Status::OK;
}

grpc::Status FakeShard::ReadEntities(grpc::ServerContext* context, const wire::ReadEntitiesRequest* request,
                                     wire::ReadEntitiesResponse* response) {
  if (auto status = Await(context, request->read_after()); !status.ok()) return status;
  std::lock_guard lock(mutex_);
  for (const std::string& id : request->entity_ids()) {
    const v1::Entity entity = EntityOf(id);
    if (entity.name().empty()) continue;
    wire::ShardEntity* told = response->add_entities();
    *told->mutable_entity() = entity;
    for (const Mention& mention : mentions_) {
      if (mention.entity != id || request->max_appearances() == 0) continue;
      v1::EntityAppearance* appearance = told->add_appearances();
      appearance->set_incident("incidents/" + mention.incident);
      appearance->set_role(mention.role);
      told->add_appearance_times_us(static_cast<int64_t>(&mention - mentions_.data()));
      v1::EntityName* name = told->add_names();
      name->set_name(mention.name);
      name->set_report_count(1);
    }
  }
  response->set_read_position(Position());
  return grpc::Status::OK;
}

grpc::Status FakeShard::ReadNeighbours(grpc::ServerContext* context, const wire::ReadNeighboursRequest* request,
                                       wire::ReadNeighboursResponse* response) {
  if (auto status = Await(context, request->read_after()); !status.ok()) return status;
  std::lock_guard lock(mutex_);
  const auto follows = [&](const Mention& mention) {
    return request->include_observers() || mention.role != v1::PARTY_ROLE_AUTHORITY;
  };
  for (const std::string& id : request->entity_ids()) {
    for (const Mention& mention : mentions_) {
      if (mention.entity != id || !follows(mention)) continue;
      for (const Mention& other : mentions_) {
        if (other.incident != mention.incident || !follows(other)) continue;
        v1::NetworkEdge* edge = response->add_edges();
        edge->set_entity("entities/" + other.entity);
        edge->set_incident("incidents/" + other.incident);
        edge->set_role(other.role);
      }
    }
  }
  response->set_read_position(Position());
  return grpc::Status::OK;
}

}  // namespace interdict::query
