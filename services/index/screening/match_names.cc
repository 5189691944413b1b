#include "services/index/screening/match_names.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "services/index/fold/list_rows.h"
#include "services/index/fold/name_owners.h"
#include "services/index/fold/stored_entities.h"
#include "services/index/screening/second_identifiers.h"
#include "services/server/status.h"

namespace interdict::index {
namespace {

using internal::v1::MatchNamesRequest;
using internal::v1::MatchNamesResponse;
using internal::v1::StoredEntity;
using internal::v1::StoredList;
using internal::v1::StoredListEntry;

// Hits that are asked of the name index beside those that are wanted: entries that were delisted or are not in force
// take some away, and filters by list, country and role take more.
constexpr size_t kSpareHits = 10;
constexpr size_t kFilteredHits = 100;
constexpr size_t kFilteredTimes = 4;

using Strings = google::protobuf::RepeatedPtrField<std::string>;

template <typename Wanted>
bool AnyOf(const Wanted& wanted, const Strings& first, const Strings& second) {
  const auto in = [&wanted](const std::string& value) {
    return std::find(wanted.begin(), wanted.end(), value) != wanted.end();
  };
  return std::any_of(first.begin(), first.end(), in) || std::any_of(second.begin(), second.end(), in);
}

// One call.
class Matching {
 public:
  Matching(const records::Reader& reader, const names::NameSearcher& searcher, const v1::MatchEntitiesRequest& request)
      : reader_(reader), searcher_(searcher), request_(request) {}

  // Reads the lists in force; adds those that are searched.
  absl::Status LoadLists(MatchNamesResponse* response);
  absl::Status Match(const v1::MatchQuery& query, v1::MatchResult* result) const;

 private:
  bool IsSearched(const StoredList& list) const;
  bool IsFiltered() const;
  names::MatchOptions OptionsOf(const v1::MatchQuery& query) const;
  // False: the hit does not count.
  absl::StatusOr<bool> Resolve(const v1::MatchQuery& query, const names::NameHit& hit, v1::EntityMatch* match) const;
  absl::StatusOr<bool> ResolveEntry(const v1::MatchQuery& query, const names::NameHit& hit, const NameOwner& owner,
                                    v1::EntityMatch* match) const;
  absl::StatusOr<bool> ResolveEntity(const v1::MatchQuery& query, const names::NameHit& hit, const NameOwner& owner,
                                     v1::EntityMatch* match) const;

  const records::Reader& reader_;
  const names::NameSearcher& searcher_;
  const v1::MatchEntitiesRequest& request_;
  std::map<std::string, StoredList> lists_;  // searched ones by id
};

bool Matching::IsSearched(const StoredList& list) const {
  if (request_.source() == v1::MATCH_SOURCE_INCIDENTS || !request_.roles().empty()) return false;
  if (request_.lists().empty()) return true;
  return std::find(request_.lists().begin(), request_.lists().end(), list.list().name()) != request_.lists().end();
}

absl::Status Matching::LoadLists(MatchNamesResponse* response) {
  return ForEachList(reader_, [&](std::string_view id, const StoredList& list) {
    if (list.import_id().empty() || !IsSearched(list)) return absl::OkStatus();
    *response->add_lists() = list.list();
    lists_.emplace(std::string(id), list);
    return absl::OkStatus();
  });
}

// Whether something is asked for that the name index does not know.
bool Matching::IsFiltered() const {
  return request_.source() != v1::MATCH_SOURCE_UNSPECIFIED || !request_.lists().empty() || !request_.roles().empty() ||
         !request_.country_codes().empty();
}

names::MatchOptions Matching::OptionsOf(const v1::MatchQuery& query) const {
  names::MatchOptions options;
  const auto limit = static_cast<size_t>(request_.limit());
  options.limit = limit + kSpareHits;
  if (IsFiltered()) options.limit = std::clamp(limit * kFilteredTimes, kFilteredHits, names::kMaxHits);
  options.threshold = LeastHitScore(query, request_.threshold());
  options.explain = request_.explain();
  for (const int kind : request_.kinds()) options.kinds.push_back(NameKindOf(static_cast<v1::PartyKind>(kind)));
  if (!options.kinds.empty()) options.kinds.push_back(names::NameKind::kUnknown);
  return options;
}

absl::Status Matching::Match(const v1::MatchQuery& query, v1::MatchResult* result) const {
  names::NameQuery asked;
  asked.name = query.name();
  asked.kind = NameKindOf(query.kind());
  asked.identifiers = NameIdentifiers(query.identifiers());
  // A name of nothing but punctuation, and no number that can be right: nobody bears it.
  if (asked.identifiers.empty() && names::Normalise(asked.name, asked.kind).tokens.empty()) return absl::OkStatus();
  auto found = searcher_.Match(reader_, asked, OptionsOf(query));
  if (!found.ok()) return found.status();
  std::vector<v1::EntityMatch> matches;
  for (const names::NameHit& hit : found->hits) {
    v1::EntityMatch match;
    auto counts = Resolve(query, hit, &match);
    if (!counts.ok()) return counts.status();
    if (*counts && match.score() >= request_.threshold()) matches.push_back(std::move(match));
  }
  std::stable_sort(matches.begin(), matches.end(),
                   [](const v1::EntityMatch& a, const v1::EntityMatch& b) { return a.score() > b.score(); });
  if (matches.size() > static_cast<size_t>(request_.limit())) matches.resize(static_cast<size_t>(request_.limit()));
  for (v1::EntityMatch& match : matches) *result->add_matches() = std::move(match);
  return absl::OkStatus();
}

absl::StatusOr<bool> Matching::Resolve(const v1::MatchQuery& query, const names::NameHit& hit,
                                       v1::EntityMatch* match) const {
  auto owner = OwnerOf(reader_, hit.number);
  if (!owner.ok()) return owner.status();
  if (!owner->has_value()) return absl::DataLossError(absl::StrCat("nobody has the name number ", hit.number));
  if ((*owner)->entity_id.empty()) return ResolveEntry(query, hit, **owner, match);
  if (request_.source() == v1::MATCH_SOURCE_LISTS || !request_.lists().empty()) return false;
  return ResolveEntity(query, hit, **owner, match);
}

absl::StatusOr<bool> Matching::ResolveEntry(const v1::MatchQuery& query, const names::NameHit& hit,
                                            const NameOwner& owner, v1::EntityMatch* match) const {
  const auto list = lists_.find(owner.list_id);
  if (list == lists_.end()) return false;
  auto row = LoadListEntry(reader_, list->second, owner.list_id, owner.entry_id);
  if (!row.ok()) return row.status();
  if (!row->has_value()) return false;  // of an import that is not in force yet
  v1::ListEntry& entry = *(*row)->mutable_entry();
  if (!request_.include_delisted() && !entry.delisting_date().empty()) return false;
  // The name index holds names of imports that are under way too.
  const bool bears = std::any_of(entry.names().begin(), entry.names().end(),
                                 [&hit](const v1::ListName& name) { return name.full_name() == hit.name; });
  if (!bears && !hit.name.empty()) return false;
  if (!request_.country_codes().empty() &&
      !AnyOf(request_.country_codes(), entry.nationality_codes(), entry.address_country_codes())) {
    return false;
  }
  ScoreMatch(query, hit,
             {.birth_dates = &entry.birth_dates(),
              .nationality_codes = &entry.nationality_codes(),
              .address_codes = &entry.address_country_codes()},
             request_.explain(), match);
  *match->mutable_entry() = std::move(entry);
  return true;
}

absl::StatusOr<bool> Matching::ResolveEntity(const v1::MatchQuery& query, const names::NameHit& hit,
                                             const NameOwner& owner, v1::EntityMatch* match) const {
  auto stored = LoadEntity(reader_, owner.entity_id);
  if (!stored.ok()) return stored.status();
  if (!stored->has_value()) return false;
  if (!HasRole(**stored, request_.roles())) return false;
  v1::Entity entity = EntityOf(owner.entity_id, **stored);
  const Strings none;
  if (!request_.country_codes().empty() && !AnyOf(request_.country_codes(), entity.country_codes(), none)) return false;
  google::protobuf::RepeatedPtrField<std::string> births;
  for (const internal::v1::CountedText& date : (*stored)->birth_dates()) *births.Add() = date.value();
  ScoreMatch(query, hit, {.birth_dates = &births, .nationality_codes = &entity.country_codes()}, request_.explain(),
             match);
  *match->mutable_entity() = std::move(entity);
  return true;
}

}  // namespace

absl::StatusOr<MatchNamesResponse> MatchNames(const records::Reader& reader, const names::NameSearcher& searcher,
                                              const MatchNamesRequest& request,
                                              const std::function<absl::Status()>& check) {
  const v1::MatchEntitiesRequest& asked = request.request();
  if (asked.queries_size() > kMaxMatchQueries) {
    return server::InvalidField("request.queries", absl::StrCat("at most ", kMaxMatchQueries, " in one call"));
  }
  if (asked.limit() < 1) return server::InvalidField("request.limit", "must be at least 1");
  MatchNamesResponse response;
  Matching matching(reader, searcher, asked);
  if (absl::Status status = matching.LoadLists(&response); !status.ok()) return status;
  for (const v1::MatchQuery& query : asked.queries()) {
    if (absl::Status status = check(); !status.ok()) return status;
    if (absl::Status status = matching.Match(query, response.add_results()); !status.ok()) return status;
  }
  return response;
}

}  // namespace interdict::index
