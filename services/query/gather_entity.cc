#include "services/query/gather_entity.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "services/query/expand_network.h"
#include "services/query/match_stream.h"
#include "services/query/merge.h"

namespace interdict::query {
namespace {

namespace wire = internal::v1;

constexpr size_t kMaxAppearances = 1000;
constexpr int kMaxNames = 200;
constexpr size_t kDocumentsOfName = 5;
constexpr int kNamesAsked = 20;
constexpr int kMaxLookalikes = 20;
constexpr double kLeastScore = 0.7;

void MergeNames(const ShardAnswers<wire::ReadEntitiesResponse>& answers, v1::GetEntityResponse* response) {
  std::map<std::string, v1::EntityName> names;
  for (const auto& answer : answers) {
    for (const wire::ShardEntity& entity : answer.response.entities()) {
      for (const v1::EntityName& name : entity.names()) {
        v1::EntityName& merged = names[name.name()];
        merged.set_name(name.name());
        merged.set_report_count(merged.report_count() + name.report_count());
        for (const std::string& document : name.documents()) {
          const auto& known = merged.documents();
          if (merged.documents_size() < static_cast<int>(kDocumentsOfName) &&
              std::find(known.begin(), known.end(), document) == known.end()) {
            merged.add_documents(document);
          }
        }
      }
    }
  }
  std::vector<v1::EntityName> ordered;
  ordered.reserve(names.size());
  for (auto& [text, name] : names) ordered.push_back(std::move(name));
  std::stable_sort(ordered.begin(), ordered.end(), [](const v1::EntityName& a, const v1::EntityName& b) {
    return a.report_count() > b.report_count();
  });
  for (v1::EntityName& name : ordered) {
    if (response->names_size() < kMaxNames) *response->add_names() = std::move(name);
  }
}

void MergeAppearances(ShardAnswers<wire::ReadEntitiesResponse>& answers, v1::GetEntityResponse* response) {
  std::vector<std::pair<int64_t, v1::EntityAppearance>> appearances;
  for (auto& answer : answers) {
    for (wire::ShardEntity& entity : *answer.response.mutable_entities()) {
      response->set_more_appearances(response->more_appearances() || entity.more_appearances());
      for (int i = 0; i < entity.appearances_size(); ++i) {
        appearances.emplace_back(entity.appearance_times_us(i), std::move(*entity.mutable_appearances(i)));
      }
    }
  }
  std::stable_sort(appearances.begin(), appearances.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  if (appearances.size() > kMaxAppearances) {
    appearances.resize(kMaxAppearances);
    response->set_more_appearances(true);
  }
  for (auto& [time, appearance] : appearances) *response->add_appearances() = std::move(appearance);
}

}  // namespace

absl::StatusOr<v1::GetEntityResponse> GatherEntity(const std::string& name,
                                                   ShardAnswers<wire::ReadEntitiesResponse> answers) {
  v1::GetEntityResponse response;
  std::vector<std::string> positions;
  std::vector<const v1::Entity*> parts;
  std::set<std::string> identifiers;
  for (const auto& answer : answers) {
    positions.push_back(answer.response.read_position());
    for (const wire::ShardEntity& entity : answer.response.entities()) {
      parts.push_back(&entity.entity());
      for (const v1::Identifier& identifier : entity.identifiers()) {
        if (identifiers.insert(identifier.SerializeAsString()).second) *response.add_identifiers() = identifier;
      }
    }
  }
  if (parts.empty()) return EntityNotFound(name);
  auto position = MergePositions(positions);
  if (!position.ok()) return position.status();
  response.set_read_position(*std::move(position));
  *response.mutable_entity() = MergeEntity(parts);
  MergeNames(answers, &response);
  MergeAppearances(answers, &response);
  return response;
}

v1::MatchEntitiesRequest LookalikeQuestion(const v1::GetEntityResponse& entity) {
  v1::MatchEntitiesRequest request;
  request.set_threshold(kLeastScore);
  request.set_limit(kMaxLookalikes + 1);  // the entity itself is among them
  request.set_explain(true);
  request.set_include_delisted(true);
  const auto ask = [&](const std::string& name) {
    v1::MatchQuery* query = request.add_queries();
    query->set_name(name);
    query->set_kind(entity.entity().kind());
    *query->mutable_country_codes() = entity.entity().country_codes();
    *query->mutable_identifiers() = entity.identifiers();
  };
  ask(entity.entity().display_name());
  for (const std::string& alias : entity.entity().aliases()) {
    if (request.queries_size() < kNamesAsked) ask(alias);
  }
  return request;
}

void AddLookalikes(const ShardAnswers<wire::MatchNamesResponse>& answers, v1::GetEntityResponse* response) {
  std::map<std::string, const v1::EntityMatch*> best;
  for (const auto& answer : answers) {
    response->mutable_lists()->MergeFrom(answer.response.lists());
    for (const v1::MatchResult& result : answer.response.results()) {
      for (const v1::EntityMatch& match : result.matches()) {
        const v1::EntityMatch*& known = best[NameOfMatch(match)];
        if (known == nullptr || known->score() < match.score()) known = &match;
      }
    }
  }
  best.erase(response->entity().name());
  std::vector<const v1::EntityMatch*> ordered;
  ordered.reserve(best.size());
  for (const auto& [name, match] : best) ordered.push_back(match);
  std::stable_sort(ordered.begin(), ordered.end(),
                   [](const v1::EntityMatch* a, const v1::EntityMatch* b) { return a->score() > b->score(); });
  for (const v1::EntityMatch* match : ordered) {
    auto* into = match->has_entry() ? response->mutable_list_matches() : response->mutable_similar_entities();
    if (into->size() < kMaxLookalikes) *into->Add() = *match;
  }
}

}  // namespace interdict::query
