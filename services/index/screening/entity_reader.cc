#include "services/index/screening/entity_reader.h"

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "services/index/entry/names.h"
#include "services/index/fold/stored_entities.h"
#include "services/server/status.h"
#include "storage/records/keys.h"

namespace interdict::index {
namespace {

namespace family = records::family;
using internal::v1::ReadEntitiesRequest;
using internal::v1::ReadEntitiesResponse;
using internal::v1::ReadNeighboursRequest;
using internal::v1::ReadNeighboursResponse;
using internal::v1::StoredMention;

constexpr size_t kIdBytes = 16;
// Mentions of one entity that are read to find its newest.
constexpr size_t kMaxMentionsRead = 10'000;
constexpr size_t kDocumentsOfName = 5;
constexpr int kNamesOfEntity = 200;
// Entities of one incident that are followed.
constexpr size_t kMaxEntitiesOfIncident = 200;
// Edges of one answer: what a step may cost, whatever was asked for.
constexpr int kMaxEdges = 20'000;

absl::StatusOr<std::string> RawId(const std::string& hex, const std::string& field) {
  auto id = records::IdFromHex(hex, kIdBytes);
  if (!id.ok()) return server::InvalidField(field, "must have 32 lower-case hexadecimal digits");
  return id;
}

absl::Status CheckCount(int count) {
  if (count <= kMaxEntityIds) return absl::OkStatus();
  return server::InvalidField("entity_ids", absl::StrCat("at most ", kMaxEntityIds, " a call; there are ", count));
}

// Calls `visit` for the mentions of an entity, in order of incidents; at most kMaxMentionsRead. True if there are more.
absl::StatusOr<bool> ForEachMention(const records::Reader& reader, const std::string& entity_id,
                                    const std::function<void(const StoredMention&)>& visit) {
  const std::unique_ptr<records::Cursor> cursor = reader.Scan(family::kMentions, entity_id);
  size_t read = 0;
  for (; cursor->Valid(); cursor->Next()) {
    if (++read > kMaxMentionsRead) return true;
    StoredMention mention;
    if (!mention.ParseFromArray(cursor->value().data(), static_cast<int>(cursor->value().size()))) {
      return absl::DataLossError(
          absl::StrCat("a mention of entities/", records::HexFromId(entity_id), " is not readable"));
    }
    visit(mention);
  }
  if (!cursor->status().ok()) return cursor->status();
  return false;
}

// Those who only investigate, judge or tell.
bool IsObserver(v1::PartyRole role) { return role == v1::PARTY_ROLE_AUTHORITY || role == v1::PARTY_ROLE_SOURCE; }

v1::EntityAppearance AppearanceOf(const StoredMention& mention) {
  const internal::v1::MentionLinked& linked = mention.linked();
  v1::EntityAppearance appearance;
  appearance.set_incident("incidents/" + linked.incident_id());
  appearance.set_report(absl::StrCat("documents/", linked.document_id(), "/reports/", linked.report_id()));
  appearance.set_name(linked.display_name());
  appearance.set_role(linked.role());
  appearance.set_function(linked.function());
  appearance.set_standing(linked.standing());
  appearance.set_standing_date(linked.standing_date());
  appearance.set_score(linked.score());
  for (const internal::v1::Reason& reason : mention.reasons()) appearance.add_reasons(reason.detail());
  return appearance;
}

// The names of an entity with the reports and documents that use each.
class NameUse {
 public:
  void Add(const StoredMention& mention) {
    std::set<std::string> names(mention.linked().aliases().begin(), mention.linked().aliases().end());
    names.insert(mention.linked().display_name());
    for (const std::string& name : names) {
      auto& [count, documents] = use_[name];
      ++count;
      if (documents.size() < kDocumentsOfName) documents.insert("documents/" + mention.linked().document_id());
    }
  }
  void Write(internal::v1::ShardEntity* entity) const {
    for (const auto& [name, use] : use_) {
      if (entity->names_size() >= kNamesOfEntity) return;
      v1::EntityName* told = entity->add_names();
      told->set_name(name);
      told->set_report_count(use.first);
      for (const std::string& document : use.second) told->add_documents(document);
    }
  }

 private:
  std::map<std::string, std::pair<uint64_t, std::set<std::string>>> use_;
};

absl::Status ReadEntity(const records::Reader& reader, const std::string& id, uint32_t max_appearances,
                        ReadEntitiesResponse* response) {
  auto stored = LoadEntity(reader, id);
  if (!stored.ok()) return stored.status();
  if (!stored->has_value()) return absl::OkStatus();
  internal::v1::ShardEntity* entity = response->add_entities();
  *entity->mutable_entity() = EntityOf(id, **stored);
  for (const internal::v1::CountedBytes& counted : (*stored)->identifiers()) {
    v1::Identifier identifier;
    if (identifier.ParseFromString(counted.value())) *entity->add_identifiers() = std::move(identifier);
  }
  if (max_appearances == 0) return absl::OkStatus();
  NameUse use;
  std::vector<std::pair<int64_t, v1::EntityAppearance>> appearances;
  auto more = ForEachMention(reader, id, [&](const StoredMention& mention) {
    use.Add(mention);
    appearances.emplace_back(mention.decide_time_us(), AppearanceOf(mention));
  });
  if (!more.ok()) return more.status();
  use.Write(entity);
  std::stable_sort(appearances.begin(), appearances.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  entity->set_more_appearances(*more || appearances.size() > max_appearances);
  if (appearances.size() > max_appearances) appearances.resize(max_appearances);
  for (auto& [time, appearance] : appearances) {
    *entity->add_appearances() = std::move(appearance);
    entity->add_appearance_times_us(time);
  }
  return absl::OkStatus();
}

// The incidents of an entity that are followed, the newest first.
struct Followed {
  std::vector<std::string> incidents;  // hexadecimal
  bool more = false;
};

absl::StatusOr<Followed> IncidentsOf(const records::Reader& reader, const std::string& entity_id,
                                     const ReadNeighboursRequest& request) {
  std::map<std::string, int64_t> newest;
  auto more = ForEachMention(reader, entity_id, [&](const StoredMention& mention) {
    if (!request.include_observers() && IsObserver(mention.linked().role())) return;
    int64_t& time = newest[mention.linked().incident_id()];
    time = std::max(time, mention.decide_time_us());
  });
  if (!more.ok()) return more.status();
  std::vector<std::pair<int64_t, std::string>> ordered;
  for (const auto& [incident, time] : newest) ordered.emplace_back(-time, incident);
  std::sort(ordered.begin(), ordered.end());
  Followed followed;
  followed.more = *more || ordered.size() > request.max_incidents();
  if (ordered.size() > request.max_incidents()) ordered.resize(request.max_incidents());
  for (auto& [time, incident] : ordered) followed.incidents.push_back(std::move(incident));
  return followed;
}

// Everyone who stands in an incident, one edge an entity: of several mentions the one with the weightiest standing.
absl::Status AddEdges(const records::Reader& reader, const std::string& incident_hex, bool include_observers,
                      ReadNeighboursResponse* response) {
  const std::string incident = *records::IdFromHex(incident_hex, kIdBytes);
  std::map<std::string, v1::NetworkEdge> edges;
  const std::unique_ptr<records::Cursor> cursor = reader.Scan(family::kIncidentMentions, incident);
  for (; cursor->Valid(); cursor->Next()) {
    const std::string key(cursor->key());
    if (key.size() < 3 * kIdBytes) return absl::DataLossError("a key of incident_mentions is malformed");
    const std::string entity = key.substr(kIdBytes, kIdBytes);
    if (edges.size() >= kMaxEntitiesOfIncident && edges.count(entity) == 0) {
      response->set_more(true);
      break;
    }
    auto value = reader.Get(family::kMentions, entity + incident + key.substr(2 * kIdBytes));
    if (!value.ok()) return value.status();
    StoredMention mention;
    if (!value->has_value() || !mention.ParseFromString(**value)) {
      return absl::DataLossError(
          absl::StrCat("a mention of entities/", records::HexFromId(entity), " is not readable"));
    }
    if (!include_observers && IsObserver(mention.linked().role())) continue;
    v1::NetworkEdge& edge = edges[entity];
    const bool first = edge.entity().empty();
    edge.set_entity("entities/" + records::HexFromId(entity));
    edge.set_incident("incidents/" + incident_hex);
    if (first || mention.linked().standing() > edge.standing()) {
      edge.set_role(mention.linked().role());
      edge.set_standing(mention.linked().standing());
    }
  }
  if (!cursor->status().ok()) return cursor->status();
  for (auto& [entity, edge] : edges) *response->add_edges() = std::move(edge);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<ReadEntitiesResponse> ReadEntities(const records::Reader& reader, const ReadEntitiesRequest& request,
                                                  const std::function<absl::Status()>& check) {
  if (absl::Status status = CheckCount(request.entity_ids_size()); !status.ok()) return status;
  ReadEntitiesResponse response;
  for (int i = 0; i < request.entity_ids_size(); ++i) {
    if (absl::Status status = check(); !status.ok()) return status;
    auto id = RawId(request.entity_ids(i), absl::StrCat("entity_ids[", i, "]"));
    if (!id.ok()) return id.status();
    absl::Status status = ReadEntity(reader, *id, std::min(request.max_appearances(), kMaxAppearances), &response);
    if (!status.ok()) return status;
  }
  return response;
}

absl::StatusOr<ReadNeighboursResponse> ReadNeighbours(const records::Reader& reader,
                                                      const ReadNeighboursRequest& request,
                                                      const std::function<absl::Status()>& check) {
  if (absl::Status status = CheckCount(request.entity_ids_size()); !status.ok()) return status;
  ReadNeighboursResponse response;
  std::set<std::string> seen;
  for (int i = 0; i < request.entity_ids_size(); ++i) {
    if (absl::Status status = check(); !status.ok()) return status;
    auto id = RawId(request.entity_ids(i), absl::StrCat("entity_ids[", i, "]"));
    if (!id.ok()) return id.status();
    auto followed = IncidentsOf(reader, *id, request);
    if (!followed.ok()) return followed.status();
    if (followed->more) response.set_more(true);
    for (const std::string& incident : followed->incidents) {
      if (!seen.insert(incident).second) continue;
      if (response.edges_size() >= kMaxEdges) {
        response.set_more(true);
        return response;
      }
      absl::Status status = AddEdges(reader, incident, request.include_observers(), &response);
      if (!status.ok()) return status;
    }
  }
  return response;
}

}  // namespace interdict::index
