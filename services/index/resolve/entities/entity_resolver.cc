#include "services/index/resolve/entities/entity_resolver.h"

#include <algorithm>
#include <memory>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/index/fold/name_owners.h"
#include "services/index/fold/stored_entities.h"
#include "services/index/names/name_index_writer.h"
#include "services/index/names/name_searcher.h"
#include "services/index/resolve/entities/entity_keys.h"
#include "services/index/resolve/entities/entity_rules.h"
#include "services/index/resolve/entities/named_parties.h"
#include "storage/ids/ids.h"
#include "storage/records/keys.h"

namespace interdict::index {
namespace {

namespace family = records::family;

constexpr size_t kIdBytes = 16;
// What one party may cost, whatever the view holds: candidates of its group, mentions read to find them, and candidates
// of anywhere else.
constexpr size_t kMostOfGroup = 100;
constexpr size_t kMostMentionsRead = 500;
constexpr size_t kMostByKeys = 100;
constexpr double kLeastScore = 0.5;

internal::v1::MentionLinked MentionOf(const NamedParty& named, const EntityQuestion& question) {
  const v1::Party& party = *named.party;
  internal::v1::MentionLinked linked;
  linked.set_party_index(named.party_index);
  linked.set_kind(party.kind());
  linked.set_display_name(party.name());
  for (const std::string& alias : named.aliases) linked.add_aliases(alias);
  for (const std::string& code : named.country_codes) linked.add_country_codes(code);
  for (const v1::Identifier& identifier : named.identifiers) *linked.add_identifiers() = identifier;
  linked.set_birth_date(named.birth_years);
  linked.set_position(party.position());
  linked.set_acting_for(party.acting_for());
  linked.set_incident_id(question.incident_id);
  linked.set_group_id(question.group_id);
  linked.set_report_id(question.report_id);
  linked.set_document_id(question.document_id);
  linked.set_role(party.role());
  linked.set_function(party.function());
  linked.set_standing(party.standing());
  linked.set_standing_date(party.standing_date());
  return linked;
}

names::NameQuery QueryOf(const NamedParty& named) {
  names::NameQuery query;
  query.name = named.party->name();
  query.kind = NameKindOf(named.party->kind());
  google::protobuf::RepeatedPtrField<v1::Identifier> identifiers(named.identifiers.begin(), named.identifiers.end());
  query.identifiers = NameIdentifiers(identifiers);
  return query;
}

// Entities that stand in a group, sorted.
struct GroupEntities {
  std::vector<std::string> ids;
  bool all = false;  // else the first of them
};

absl::StatusOr<GroupEntities> EntitiesOfGroup(const records::Reader& view, const std::string& group) {
  GroupEntities entities;
  std::vector<std::string>& found = entities.ids;
  const std::unique_ptr<records::Cursor> cursor = view.Scan(family::kIncidentMentions, group);
  for (size_t read = 0; cursor->Valid() && read < kMostMentionsRead && found.size() < kMostOfGroup; ++read) {
    std::string id(cursor->key().substr(kIdBytes, kIdBytes));
    if (found.empty() || found.back() != id) found.push_back(std::move(id));
    cursor->Next();
  }
  if (!cursor->status().ok()) return cursor->status();
  entities.all = !cursor->Valid();
  return entities;
}

// Whom a party may be: all who stand in its group, and who shares a number or the sounds of the name.
absl::StatusOr<std::vector<std::string>> CandidatesFor(const names::NameQuery& query,
                                                       const names::NormalisedName& asked,
                                                       const GroupEntities& of_group, const records::Reader& view) {
  std::vector<std::string> candidates = of_group.ids;
  std::vector<std::string> keys;
  for (const names::Identifier& identifier : query.identifiers) keys.push_back(KeyOfIdentifier(identifier));
  const std::vector<std::string> of_name = KeysOfName(asked);
  keys.insert(keys.end(), of_name.begin(), of_name.end());
  auto found = EntitiesWithKeys(view, keys, kMostByKeys);
  if (!found.ok()) return found;
  candidates.insert(candidates.end(), found->begin(), found->end());
  std::sort(candidates.begin(), candidates.end());
  candidates.erase(std::unique(candidates.begin(), candidates.end()), candidates.end());
  return candidates;
}

bool MayBeOfKind(names::NameKind one, names::NameKind other) {
  return one == other || one == names::NameKind::kUnknown || other == names::NameKind::kUnknown;
}

absl::StatusOr<bool> StandsIn(const records::Reader& view, const std::string& entity_id, const std::string& group,
                              const GroupEntities& of_group) {
  if (of_group.all) return std::binary_search(of_group.ids.begin(), of_group.ids.end(), entity_id);
  const std::unique_ptr<records::Cursor> cursor = view.Scan(family::kMentions, entity_id + group);
  const bool stands = cursor->Valid();
  if (!cursor->status().ok()) return cursor->status();
  return stands;
}

// A candidate, judged.
struct Judged {
  std::string entity_id;  // raw
  EntityJudgement judgement;
};

absl::StatusOr<std::vector<Judged>> JudgeAll(const NamedParty& named, const std::string& group,
                                             const GroupEntities& of_group, const records::Reader& view) {
  std::vector<Judged> all;
  const names::NameQuery query = QueryOf(named);
  const names::NormalisedName asked = names::Normalise(query.name, query.kind);
  if (query.identifiers.empty() && asked.tokens.empty()) return all;
  auto candidates = CandidatesFor(query, asked, of_group, view);
  if (!candidates.ok()) return candidates.status();
  for (const std::string& id : *candidates) {
    auto stored = LoadEntity(view, id);
    if (!stored.ok()) return stored.status();
    if (!stored->has_value()) continue;
    const names::NameEntry entry = NamesOf(id, **stored);
    if (!MayBeOfKind(entry.kind, query.kind)) continue;
    const names::NameHit hit = names::ScoreEntry(query, asked, entry);
    if (hit.score < kLeastScore && hit.identifiers.empty()) continue;
    auto in_same_group = StandsIn(view, id, group, of_group);
    if (!in_same_group.ok()) return in_same_group.status();
    EntityJudgement judgement = JudgeEntity(named, hit, {.stored = &**stored, .in_same_group = *in_same_group});
    if (judgement.verdict == EntityVerdict::kOther) continue;
    all.push_back({.entity_id = id, .judgement = std::move(judgement)});
  }
  std::sort(all.begin(), all.end(), [](const Judged& a, const Judged& b) {
    if (a.judgement.verdict != b.judgement.verdict) return a.judgement.verdict > b.judgement.verdict;
    if (a.judgement.score != b.judgement.score) return a.judgement.score > b.judgement.score;
    return a.entity_id < b.entity_id;
  });
  return all;
}

EntityDecision Decide(const NamedParty& named, const EntityQuestion& question, std::vector<Judged> candidates,
                      std::set<std::string>* taken) {
  EntityDecision decision;
  decision.linked = MentionOf(named, question);
  for (Judged& candidate : candidates) {
    const bool same = candidate.judgement.verdict == EntityVerdict::kSame;
    const bool free = decision.linked.entity_id().empty() && taken->count(candidate.entity_id) == 0;
    if (same && free) {
      taken->insert(candidate.entity_id);
      decision.linked.set_entity_id(records::HexFromId(candidate.entity_id));
      decision.linked.set_score(candidate.judgement.score);
      decision.reasons = std::move(candidate.judgement.reasons);
    } else if (decision.suggestions.size() < kMaxSuggestions) {
      decision.suggestions.push_back({.entity_id = records::HexFromId(candidate.entity_id),
                                      .score = candidate.judgement.score,
                                      .reasons = std::move(candidate.judgement.reasons)});
    }
  }
  if (!decision.linked.entity_id().empty()) return decision;
  decision.is_new = true;
  decision.linked.set_entity_id(NewEntityId(question.report_id, named.party_index));
  decision.linked.set_score(1);
  internal::v1::Reason& reason = decision.reasons.emplace_back();
  reason.set_code("FIRST_MENTION");
  reason.set_detail(decision.suggestions.empty() ? "nobody known has such a name"
                                                 : "nobody known is certainly the same; see the suggestions");
  reason.set_score(1);
  taken->insert(*records::IdFromHex(decision.linked.entity_id(), kIdBytes));
  return decision;
}

}  // namespace

absl::StatusOr<std::vector<EntityDecision>> ResolveEntities(const EntityQuestion& question,
                                                            const records::Reader& view) {
  std::vector<EntityDecision> decisions;
  auto group = records::IdFromHex(question.group_id, kIdBytes);
  if (!group.ok()) return group.status();
  auto of_group = EntitiesOfGroup(view, *group);
  if (!of_group.ok()) return of_group.status();
  std::set<std::string> taken;
  for (const NamedParty& named : NamedPartiesOf(*question.report, question.published)) {
    auto candidates = JudgeAll(named, *group, *of_group, view);
    if (!candidates.ok()) return candidates.status();
    decisions.push_back(Decide(named, question, *std::move(candidates), &taken));
  }
  return decisions;
}

std::string NewEntityId(const std::string& report_id, uint32_t party_index) {
  return ids::Sha256Hex(absl::StrCat("entity", report_id, "/", party_index)).substr(0, 2 * kIdBytes);
}

std::vector<std::string> EntityFamilies() {
  return {std::string(family::kEntities), std::string(family::kMentions), std::string(family::kIncidentMentions),
          std::string(family::kReportMentions), std::string(kEntityKeys)};
}

}  // namespace interdict::index
