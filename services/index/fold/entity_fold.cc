#include "services/index/fold/entity_fold.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "interdict/internal/v1/stored.pb.h"
#include "services/index/fold/name_owners.h"
#include "services/index/fold/stored_entities.h"
#include "storage/records/keys.h"

namespace interdict::index {
namespace {

namespace family = records::family;
using internal::v1::MentionLinked;
using internal::v1::StoredEntity;
using internal::v1::StoredMention;

constexpr size_t kIdBytes = 16;

// Where a mention stands, ids raw.
struct MentionPlace {
  std::string entity;
  std::string place;
  std::string report;
  uint32_t party_index = 0;

  std::string MentionKey() const { return records::MentionKey(entity, place, report, party_index); }
  std::string IncidentKey() const { return records::MentionKey(place, entity, report, party_index); }
  std::string ReportKey() const { return records::MentionKey(report, place, entity, party_index); }
};

// What a key of the families of mentions consists of.
struct MentionIds {
  std::string first;
  std::string second;
  std::string third;
  uint32_t party_index = 0;

  static absl::StatusOr<MentionIds> Of(std::string_view key) {
    if (key.size() != 3 * kIdBytes + sizeof(uint32_t)) return absl::DataLossError("a key of mentions is malformed");
    MentionIds ids{.first = std::string(key.substr(0, kIdBytes)),
                   .second = std::string(key.substr(kIdBytes, kIdBytes)),
                   .third = std::string(key.substr(2 * kIdBytes, kIdBytes))};
    for (const char c : key.substr(3 * kIdBytes))
      ids.party_index = ids.party_index << 8 | static_cast<unsigned char>(c);
    return ids;
  }
};

absl::StatusOr<StoredMention> LoadMention(const records::Reader& reader, const MentionPlace& place) {
  auto value = reader.Get(family::kMentions, place.MentionKey());
  if (!value.ok()) return value.status();
  StoredMention mention;
  if (!value->has_value() || !mention.ParseFromString(**value)) {
    return absl::DataLossError(absl::StrCat("a mention of entities/", records::HexFromId(place.entity),
                                            value->has_value() ? " is not readable" : " is missing"));
  }
  return mention;
}

// Adds `by` (1 or -1) to the count of `value` in an ordered list of counts; a count of 0 goes.
template <typename Counted, typename Value>
void Count(const Value& value, int by, google::protobuf::RepeatedPtrField<Counted>* counts) {
  auto at = std::lower_bound(counts->begin(), counts->end(), value,
                             [](const Counted& counted, const Value& v) { return counted.value() < v; });
  if (at == counts->end() || value < at->value()) {
    if (by < 0) return;
    const int index = static_cast<int>(at - counts->begin());
    Counted* added = counts->Add();
    added->set_value(value);
    for (int i = counts->size() - 1; i > index; --i) counts->SwapElements(i, i - 1);
    at = counts->begin() + index;
  }
  at->set_count(at->count() + static_cast<uint64_t>(static_cast<int64_t>(by)));
  if (at->count() == 0) counts->DeleteSubrange(static_cast<int>(at - counts->begin()), 1);
}

void CountMention(const MentionLinked& mention, int by, StoredEntity& entity) {
  entity.set_mention_count(entity.mention_count() + static_cast<uint64_t>(static_cast<int64_t>(by)));
  Count(mention.display_name(), by, entity.mutable_names());
  for (const std::string& alias : mention.aliases()) Count(alias, by, entity.mutable_aliases());
  for (const std::string& code : mention.country_codes()) Count(code, by, entity.mutable_country_codes());
  for (const v1::Identifier& identifier : mention.identifiers()) {
    Count(identifier.SerializeAsString(), by, entity.mutable_identifiers());
  }
  for (const auto& [text, counts] : {std::pair(&mention.birth_date(), entity.mutable_birth_dates()),
                                     std::pair(&mention.position(), entity.mutable_positions()),
                                     std::pair(&mention.acting_for(), entity.mutable_acting_for())}) {
    if (!text->empty()) Count(*text, by, counts);
  }
  Count(static_cast<int32_t>(mention.kind()), by, entity.mutable_kinds());
  Count(static_cast<int32_t>(mention.role()), by, entity.mutable_roles());
}

// One decision, or one report, being applied.
class EntityStep {
 public:
  EntityStep(const records::Reader& reader, records::Batch* batch, EntityChanges* changes)
      : reader_(reader), batch_(*batch), changes_(changes) {}

  absl::Status Add(const MentionPlace& place, const StoredMention& mention);
  absl::Status Drop(const MentionPlace& place);
  absl::Status Move(const MentionPlace& place, const std::string& to);

 private:
  void PutRows(const MentionPlace& place, const StoredMention& mention);
  void DeleteRows(const MentionPlace& place);
  absl::Status Recount(const std::string& entity_id, const MentionLinked& mention, int by);

  const records::Reader& reader_;
  records::Batch& batch_;
  EntityChanges* const changes_;  // null where none changes
};

void EntityStep::PutRows(const MentionPlace& place, const StoredMention& mention) {
  batch_.Put(family::kMentions, place.MentionKey(), mention.SerializeAsString());
  batch_.Put(family::kIncidentMentions, place.IncidentKey(), "");
  batch_.Put(family::kReportMentions, place.ReportKey(), "");
}

void EntityStep::DeleteRows(const MentionPlace& place) {
  batch_.Delete(family::kMentions, place.MentionKey());
  batch_.Delete(family::kIncidentMentions, place.IncidentKey());
  batch_.Delete(family::kReportMentions, place.ReportKey());
}

// Counts a mention in or out.
absl::Status EntityStep::Recount(const std::string& entity_id, const MentionLinked& mention, int by) {
  auto loaded = LoadEntity(reader_, entity_id);
  if (!loaded.ok()) return loaded.status();
  if (by < 0 && !loaded->has_value()) {
    return absl::DataLossError(absl::StrCat("entities/", records::HexFromId(entity_id), " is missing"));
  }
  const StoredEntity before = loaded->value_or(StoredEntity());
  StoredEntity after = before;
  CountMention(mention, by, after);
  if (absl::Status status = changes_->Changed(entity_id, before, &after); !status.ok()) return status;
  if (after.mention_count() == 0) {
    batch_.Delete(family::kEntities, entity_id);
  } else {
    batch_.Put(family::kEntities, entity_id, after.SerializeAsString());
  }
  return absl::OkStatus();
}

absl::Status EntityStep::Add(const MentionPlace& place, const StoredMention& mention) {
  PutRows(place, mention);
  return Recount(place.entity, mention.linked(), 1);
}

absl::Status EntityStep::Drop(const MentionPlace& place) {
  auto mention = LoadMention(reader_, place);
  if (!mention.ok()) return mention.status();
  DeleteRows(place);
  return Recount(place.entity, mention->linked(), -1);
}

absl::Status EntityStep::Move(const MentionPlace& place, const std::string& to) {
  auto mention = LoadMention(reader_, place);
  if (!mention.ok()) return mention.status();
  MentionPlace there = place;
  there.place = to;
  DeleteRows(place);
  PutRows(there, *mention);
  return absl::OkStatus();
}

// Mentions of a report in a place.
absl::StatusOr<std::vector<MentionPlace>> PlacesOf(const records::Reader& reader, std::string_view report_id,
                                                   std::string_view place_id) {
  std::vector<MentionPlace> places;
  const std::string prefix = std::string(report_id).append(place_id);
  const std::unique_ptr<records::Cursor> cursor = reader.Scan(family::kReportMentions, prefix);
  for (; cursor->Valid(); cursor->Next()) {
    auto ids = MentionIds::Of(cursor->key());
    if (!ids.ok()) return ids.status();
    places.push_back({.entity = ids->third,
                      .place = std::string(place_id),
                      .report = std::string(report_id),
                      .party_index = ids->party_index});
  }
  if (!cursor->status().ok()) return cursor->status();
  return places;
}

std::string Raw(const std::string& hex) { return *records::IdFromHex(hex, kIdBytes); }

// Takes the mention of a party back, whichever entity it is of.
absl::Status DropParty(const MentionPlace& party, const records::Reader& reader, EntityStep& step) {
  auto places = PlacesOf(reader, party.report, party.place);
  if (!places.ok()) return places.status();
  for (const MentionPlace& place : *places) {
    if (place.party_index != party.party_index) continue;
    if (absl::Status status = step.Drop(place); !status.ok()) return status;
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status EntityNames::Changed(const std::string& entity_id, const StoredEntity& /*before*/, StoredEntity* after) {
  if (after->mention_count() == 0) {
    batch_.Delete(family::kNameOwners, records::BigEndian64(after->name_number()));
    names_.Remove(after->name_number());
    return absl::OkStatus();
  }
  if (after->name_number() == 0) {
    NameOwner owner;
    owner.entity_id = entity_id;
    auto number = TakeNameNumber(owner, reader_, &batch_);
    if (!number.ok()) return number.status();
    after->set_name_number(*number);
  }
  names_.Put(NamesOf(entity_id, *after));
  return absl::OkStatus();
}

absl::Status FoldMention(const ParsedEntry& entry, std::string_view place_id, const records::Reader& reader,
                         records::Batch* batch, EntityChanges* changes) {
  const MentionLinked& linked = entry.decision->mention_linked();
  const MentionPlace place{.entity = Raw(linked.entity_id()),
                           .place = std::string(place_id),
                           .report = Raw(linked.report_id()),
                           .party_index = linked.party_index()};
  auto before = reader.Get(family::kMentions, place.MentionKey());
  if (!before.ok()) return before.status();
  if (before->has_value()) return absl::OkStatus();
  EntityStep step(reader, batch, changes);
  if (absl::Status status = DropParty(place, reader, step); !status.ok()) return status;
  StoredMention mention;
  *mention.mutable_linked() = linked;
  *mention.mutable_position() = entry.position();
  mention.set_decide_time_us(entry.append_time_us);
  *mention.mutable_reasons() = entry.decision->reasons();
  return step.Add(place, mention);
}

absl::Status DropMentions(std::string_view report_id, std::string_view place_id, const records::Reader& reader,
                          records::Batch* batch, EntityChanges* changes) {
  auto places = PlacesOf(reader, report_id, place_id);
  if (!places.ok()) return places.status();
  EntityStep step(reader, batch, changes);
  for (const MentionPlace& place : *places) {
    if (absl::Status status = step.Drop(place); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status MoveMentions(std::string_view place_id, std::string_view to_place_id, const records::Reader& reader,
                          records::Batch* batch) {
  std::vector<MentionPlace> places;
  const std::unique_ptr<records::Cursor> cursor = reader.Scan(family::kIncidentMentions, place_id);
  for (; cursor->Valid(); cursor->Next()) {
    auto ids = MentionIds::Of(cursor->key());
    if (!ids.ok()) return ids.status();
    places.push_back(
        {.entity = ids->second, .place = std::string(place_id), .report = ids->third, .party_index = ids->party_index});
  }
  if (!cursor->status().ok()) return cursor->status();
  EntityStep step(reader, batch, nullptr);
  for (const MentionPlace& place : places) {
    if (absl::Status status = step.Move(place, std::string(to_place_id)); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<StoredMention>> MentionsOf(const records::Reader& reader, std::string_view report_id,
                                                      std::string_view place_id) {
  auto places = PlacesOf(reader, report_id, place_id);
  if (!places.ok()) return places.status();
  std::vector<StoredMention> mentions;
  for (const MentionPlace& place : *places) {
    auto mention = LoadMention(reader, place);
    if (!mention.ok()) return mention.status();
    mentions.push_back(*std::move(mention));
  }
  std::sort(mentions.begin(), mentions.end(), [](const StoredMention& a, const StoredMention& b) {
    return a.linked().party_index() < b.linked().party_index();
  });
  return mentions;
}

}  // namespace interdict::index
