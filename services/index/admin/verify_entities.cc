#include <map>
#include <string>

#include "absl/strings/str_cat.h"
#include "interdict/internal/v1/stored.pb.h"
#include "services/index/admin/record_walk.h"
#include "services/index/admin/verify_records.h"
#include "services/index/entry/names.h"
#include "services/index/fold/name_owners.h"
#include "storage/records/keys.h"

namespace interdict::index {
namespace {

namespace family = records::family;
using internal::v1::StoredEntity;
using internal::v1::StoredMention;

constexpr size_t kIdBytes = 16;
constexpr size_t kMentionKeyBytes = 3 * kIdBytes + sizeof(uint32_t);

std::string EntityName(std::string_view id) { return absl::StrCat("entities/", records::HexFromId(id)); }

absl::Status CheckEntity(const records::Reader& reader, std::string_view key, std::string_view value,
                         Problems* problems) {
  const std::string name = EntityName(key);
  StoredEntity stored;
  if (key.size() != kIdBytes || !stored.ParseFromString(std::string(value))) {
    problems->Add(absl::StrCat(name, ": record is not readable"));
    return absl::OkStatus();
  }
  uint64_t mentions = 0;
  const std::unique_ptr<records::Cursor> cursor = reader.Scan(family::kMentions, key);
  for (; cursor->Valid(); cursor->Next()) ++mentions;
  if (!cursor->status().ok()) return cursor->status();
  if (mentions != stored.mention_count()) {
    problems->Add(absl::StrCat(name, ": has ", mentions, " mentions, but says ", stored.mention_count()));
  }
  auto owner = OwnerOf(reader, stored.name_number());
  if (!owner.ok() && !absl::IsDataLoss(owner.status())) return owner.status();
  if (!owner.ok() || !owner->has_value() || (*owner)->entity_id != key) {
    problems->Add(absl::StrCat(name, ": name_owners does not lead to it"));
  }
  return absl::OkStatus();
}

absl::Status CheckMention(const records::Reader& reader, std::string_view key, std::string_view value,
                          Problems* problems) {
  if (key.size() != kMentionKeyBytes) {
    problems->Add("mentions: a key is malformed");
    return absl::OkStatus();
  }
  const std::string_view entity = key.substr(0, kIdBytes);
  const std::string_view incident = key.substr(kIdBytes, kIdBytes);
  const std::string_view report = key.substr(2 * kIdBytes, kIdBytes);
  const std::string_view party = key.substr(3 * kIdBytes);
  const std::string what = absl::StrCat("mention of ", EntityName(entity), " in ", IncidentName(incident));
  StoredMention stored;
  if (!stored.ParseFromString(std::string(value))) {
    problems->Add(absl::StrCat(what, ": record is not readable"));
    return absl::OkStatus();
  }
  const internal::v1::MentionLinked& linked = stored.linked();
  const bool same =
      linked.entity_id() == records::HexFromId(entity) && linked.incident_id() == records::HexFromId(incident) &&
      linked.report_id() == records::HexFromId(report) && records::BigEndian32(linked.party_index()) == party;
  if (!same) problems->Add(absl::StrCat(what, ": record bears other ids"));
  auto exists = reader.Get(family::kEntities, entity);
  if (!exists.ok()) return exists.status();
  if (!exists->has_value()) problems->Add(absl::StrCat(what, ": the entity is missing"));
  auto stands = reader.Get(family::kReports, records::ReportKey(incident, report));
  if (!stands.ok()) return stands.status();
  if (!stands->has_value()) problems->Add(absl::StrCat(what, ": its report does not stand there"));
  const std::string report_party = std::string(report).append(party);
  const std::string incident_row = std::string(incident).append(entity).append(report_party);
  const std::string report_row = std::string(report).append(incident).append(entity).append(party);
  for (const auto& [by, row] :
       {std::pair(family::kIncidentMentions, incident_row), std::pair(family::kReportMentions, report_row)}) {
    auto listed = reader.Get(by, row);
    if (!listed.ok()) return listed.status();
    if (!listed->has_value()) problems->Add(absl::StrCat(what, ": ", std::string(by), " does not list it"));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status VerifyEntities(const records::Reader& reader, Problems* problems, uint64_t* records) {
  absl::Status status = ForEachRecord(reader, family::kEntities, records,
                                      [&](auto key, auto value) { return CheckEntity(reader, key, value, problems); });
  if (!status.ok()) return status;
  uint64_t mentions = 0;
  status = ForEachRecord(reader, family::kMentions, &mentions,
                         [&](auto key, auto value) { return CheckMention(reader, key, value, problems); });
  if (!status.ok()) return status;
  *records += mentions;
  for (const std::string_view by : {family::kIncidentMentions, family::kReportMentions}) {
    uint64_t rows = 0;
    status = ForEachRecord(reader, by, &rows, [](auto, auto) { return absl::OkStatus(); });
    if (!status.ok()) return status;
    if (rows != mentions) {
      problems->Add(absl::StrCat(std::string(by), " has ", rows, " rows for ", mentions, " mentions"));
    }
    *records += rows;
  }
  return absl::OkStatus();
}

}  // namespace interdict::index
