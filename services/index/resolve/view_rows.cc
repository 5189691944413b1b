#include "services/index/resolve/view_rows.h"

#include <memory>

#include "absl/strings/str_cat.h"
#include "storage/records/keys.h"

namespace interdict::index::view {
namespace {

using internal::v1::ResolvedDocument;

// What to do when the view cannot be read: it is made anew from the log.
absl::Status Unreadable(std::string_view family) {
  return absl::DataLossError(
      absl::StrCat("a record of ", std::string(family), " is not readable: delete the resolver's folder"));
}

template <typename Message>
absl::StatusOr<std::optional<Message>> Load(const records::Reader& reader, std::string_view family,
                                            const std::string& key) {
  auto value = reader.Get(family, key);
  if (!value.ok()) return value.status();
  if (!value->has_value()) return std::optional<Message>();
  Message message;
  if (!message.ParseFromString(**value)) return Unreadable(family);
  return std::optional<Message>(std::move(message));
}

}  // namespace

std::vector<std::string> Families() {
  std::vector<std::string> names;
  for (const std::string_view name : {kDocuments, kLines, kGroups, kGroupLines, kIncidents, kIncidentLines, kJudgements,
                                      kLineJudgements, kGroupJudgements, kSuggestions}) {
    names.emplace_back(name);
  }
  return names;
}

std::string RawId(std::string_view hex) { return *records::IdFromHex(hex, records::kIncidentIdBytes); }
std::string RawDocumentId(std::string_view hex) { return *records::IdFromHex(hex, records::kDocumentIdBytes); }

std::string OrderOf(const internal::v1::ResolvedLine& line) {
  return records::ReportOrder(line.order().partition(), line.order().sequence(), line.order_ordinal());
}

std::string GroupLineKey(const std::string& group_id, const internal::v1::ResolvedLine& line,
                         const std::string& line_id) {
  return RawId(group_id) + OrderOf(line) + RawId(line_id);
}

absl::StatusOr<ResolvedDocument> LoadDocument(const records::Reader& reader, const std::string& raw_document_id) {
  auto loaded = Load<ResolvedDocument>(reader, kDocuments, raw_document_id);
  if (!loaded.ok()) return loaded.status();
  ResolvedDocument document = loaded->has_value() ? **std::move(loaded) : ResolvedDocument();
  document.set_document_id(records::HexFromId(raw_document_id));
  return document;
}

absl::StatusOr<std::optional<internal::v1::ResolvedLine>> LoadLine(const records::Reader& reader,
                                                                   const std::string& line_id) {
  return Load<internal::v1::ResolvedLine>(reader, kLines, RawId(line_id));
}

absl::StatusOr<std::optional<internal::v1::ResolvedGroup>> LoadGroup(const records::Reader& reader,
                                                                     const std::string& group_id) {
  return Load<internal::v1::ResolvedGroup>(reader, kGroups, RawId(group_id));
}

absl::StatusOr<std::optional<internal::v1::ResolvedIncident>> LoadIncident(const records::Reader& reader,
                                                                           const std::string& incident_id) {
  return Load<internal::v1::ResolvedIncident>(reader, kIncidents, RawId(incident_id));
}

absl::StatusOr<std::optional<internal::v1::ResolvedJudgement>> LoadJudgement(const records::Reader& reader,
                                                                             const std::string& judgement_id) {
  return Load<internal::v1::ResolvedJudgement>(reader, kJudgements, RawId(judgement_id));
}

absl::StatusOr<std::optional<internal::v1::ResolvedSuggestion>> LoadSuggestion(const records::Reader& reader,
                                                                               const std::string& low_group_id,
                                                                               const std::string& high_group_id) {
  return Load<internal::v1::ResolvedSuggestion>(reader, kSuggestions, RawId(low_group_id) + RawId(high_group_id));
}

absl::StatusOr<std::string> CurrentGroup(const records::Reader& reader, std::string group_id) {
  while (true) {
    auto group = LoadGroup(reader, group_id);
    if (!group.ok()) return group.status();
    if (!group->has_value() || (*group)->joined_into().empty()) return group_id;
    group_id = (*group)->joined_into();
  }
}

absl::StatusOr<std::string> FirstOrder(const records::Reader& reader, const std::string& group_id) {
  const std::unique_ptr<records::Cursor> cursor = reader.Scan(kGroupLines, RawId(group_id));
  if (!cursor->status().ok()) return cursor->status();
  if (!cursor->Valid()) return std::string();
  return std::string(
      cursor->key().substr(records::kIncidentIdBytes, cursor->key().size() - 2 * records::kIncidentIdBytes));
}

absl::StatusOr<std::vector<std::string>> IdsUnder(const records::Reader& reader, std::string_view family,
                                                  const std::string& id, size_t limit) {
  std::vector<std::string> ids;
  const std::unique_ptr<records::Cursor> cursor = reader.Scan(family, RawId(id));
  for (; cursor->Valid() && ids.size() < limit; cursor->Next()) {
    ids.push_back(records::HexFromId(cursor->key().substr(cursor->key().size() - records::kIncidentIdBytes)));
  }
  if (!cursor->status().ok()) return cursor->status();
  return ids;
}

}  // namespace interdict::index::view
