#include "services/index/shard_history.h"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "services/index/entry/names.h"
#include "services/index/entry/reasons.h"
#include "services/index/entry/timestamps.h"
#include "services/index/fold/build_incident.h"
#include "services/index/fold/incident_fold.h"
#include "services/index/resolve/decide.h"
#include "services/server/status.h"
#include "storage/log/incident_partition.h"
#include "storage/log/position.h"
#include "storage/records/keys.h"

namespace interdict::index {
namespace {

namespace family = records::family;
using internal::v1::StoredIncident;
using internal::v1::StoredReport;
using v1::Incident;
using v1::Revision;

template <typename Message>
absl::StatusOr<Message> Parse(std::string_view of, std::string_view bytes) {
  Message message;
  if (message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return message;
  return absl::DataLossError(absl::StrCat("a record of ", std::string(of), " is not readable"));
}

int64_t MicrosOf(const google::protobuf::Timestamp& time) { return time.seconds() * 1'000'000 + time.nanos() / 1'000; }

// The latest revision up to a point; nullopt if the incident was not there.
absl::StatusOr<std::optional<Revision>> RevisionAt(const records::Reader& reader, const std::string& incident_id,
                                                   const PastPoint& point) {
  const std::unique_ptr<records::Cursor> cursor = reader.Scan(family::kRevisions, incident_id);
  for (; cursor->Valid(); cursor->Next()) {
    if (records::NumberFromKey(cursor->key()) > point.sequence) continue;
    auto stored = Parse<internal::v1::StoredRevision>(family::kRevisions, cursor->value());
    if (!stored.ok()) return stored.status();
    if (MicrosOf(stored->revision().time()) > point.time_us) continue;
    return std::optional<Revision>(std::move(*stored->mutable_revision()));
  }
  if (!cursor->status().ok()) return cursor->status();
  return std::optional<Revision>();
}

// The record of an incident that had no reports then.
Incident EmptyIncident(const Revision& last) {
  Incident incident;
  switch (last.change()) {
    case Revision::CHANGE_MERGED:
      incident.set_state(Incident::STATE_MERGED);
      incident.set_merged_into(last.incidents_size() > 0 ? last.incidents(0) : "");
      break;
    case Revision::CHANGE_SPLIT:
      incident.set_state(Incident::STATE_SPLIT);
      *incident.mutable_split_into() = last.incidents();
      break;
    case Revision::CHANGE_REPORT_ERASED:
      incident.set_state(Incident::STATE_REMOVED);
      break;
    default:
      incident.set_state(Incident::STATE_WITHDRAWN);
  }
  return incident;
}

// Titles of a pair, as far as they are known here.
absl::Status AddTitles(const records::Reader& reader, v1::Suggestion* suggestion) {
  for (const std::string& name : {suggestion->incident(), suggestion->other_incident()}) {
    auto stored = LoadIncident(reader, *records::IdFromHex(name.substr(name.find('/') + 1), records::kIncidentIdBytes));
    if (!stored.ok()) return stored.status();
    suggestion->add_titles(stored->has_value() ? (*stored)->incident().facts().title() : "");
  }
  return absl::OkStatus();
}

absl::Status AddSuggestion(const records::Reader& reader, std::string_view key, std::string_view value,
                           internal::v1::ListSuggestionsResponse* response) {
  auto stored = Parse<internal::v1::StoredSuggestion>(family::kSuggestions, value);
  if (!stored.ok()) return stored.status();
  v1::Suggestion* suggestion = response->add_suggestions();
  suggestion->set_incident(IncidentName(key.substr(4, records::kIncidentIdBytes)));
  suggestion->set_other_incident(IncidentName(key.substr(4 + records::kIncidentIdBytes)));
  suggestion->set_score(stored->score());
  AddMatchReasons(stored->reasons(), suggestion->mutable_reasons());
  *suggestion->mutable_create_time() = TimestampFromMicros(stored->create_time_us());
  response->add_keys(std::string(key));
  return AddTitles(reader, suggestion);
}

}  // namespace

absl::StatusOr<PastPoint> PointOf(const std::string& position, int64_t time_us, const std::string& incident_id,
                                  const log::LogIdentity& identity) {
  PastPoint point;
  if (!position.empty() && time_us != 0) {
    return server::InvalidField("as_of_time", "set it or as_of_position, not both");
  }
  if (time_us != 0) point.time_us = time_us;
  if (position.empty()) return point;
  auto positions = log::DecodePositionToken(position, identity.log_id);
  if (!positions.ok()) {
    return server::Error(absl::StatusCode::kInvalidArgument, "INVALID_POSITION",
                         std::string(positions.status().message()), {{"field", "as_of_position"}});
  }
  const log::PartitionId partition = {log::LogName::kIncidents,
                                      log::IncidentPartition(incident_id, identity.incident_partitions)};
  const auto at = positions->find(partition);
  if (at == positions->end()) {
    return server::InvalidField("as_of_position",
                                "is no position of this record: take a `read_position` or a `Revision.position`");
  }
  point.sequence = at->second;
  return point;
}

absl::StatusOr<std::optional<Incident>> ReadIncidentAt(const records::Reader& reader, const std::string& incident_id,
                                                       const PastPoint& point, bool with_reports) {
  auto now = LoadIncident(reader, incident_id);
  if (!now.ok()) return now.status();
  auto last = RevisionAt(reader, incident_id, point);
  if (!last.ok()) return last.status();
  if (!now->has_value() || !last->has_value()) return std::optional<Incident>();
  auto reports = LoadReportsAt(reader, incident_id, point);
  if (!reports.ok()) return reports.status();
  Incident incident = EmptyIncident(**last);
  if (!reports->empty()) {
    auto judgements = LoadIncidentJudgementsAt(reader, incident_id, point);
    if (!judgements.ok()) return judgements.status();
    incident = BuildIncident(*reports, *judgements);
    incident.set_report_count(static_cast<uint32_t>(reports->size()));
  }
  incident.set_name(IncidentName(incident_id));
  *incident.mutable_create_time() = (*now)->incident().create_time();
  *incident.mutable_update_time() = (*last)->time();
  incident.set_etag(IncidentEtag(incident));
  if (with_reports) {
    for (StoredReport& report : *reports) *incident.add_reports() = std::move(*report.mutable_report());
  }
  return std::optional<Incident>(std::move(incident));
}

absl::StatusOr<internal::v1::ExplainIncidentResponse> Explain(const records::Reader& reader,
                                                              const std::string& incident_id) {
  internal::v1::ExplainIncidentResponse response;
  auto stored = LoadIncident(reader, incident_id);
  if (!stored.ok()) return stored.status();
  const std::unique_ptr<records::Cursor> merged = reader.Scan(family::kMergedFrom, incident_id);
  for (; merged->Valid(); merged->Next()) {
    response.add_merged_from(IncidentName(merged->key().substr(records::kIncidentIdBytes)));
  }
  if (!merged->status().ok()) return merged->status();
  if (!stored->has_value()) return response;
  *response.mutable_incident() = std::move(*(*stored)->mutable_incident());
  response.mutable_incident()->clear_facts();
  response.mutable_incident()->clear_sources();
  auto reports = LoadReports(reader, incident_id);
  if (!reports.ok()) return reports.status();
  for (StoredReport& report : *reports) {
    v1::ExplainedReport* explained = response.add_reports();
    explained->set_report(report.report().name());
    *explained->mutable_source() = std::move(*report.mutable_source());
    AddMatchReasons(report.reasons(), explained->mutable_reasons());
  }
  return response;
}

absl::StatusOr<internal::v1::ListRevisionsResponse> Revisions(const records::Reader& reader,
                                                              const std::string& incident_id, uint32_t page_size,
                                                              uint64_t before_sequence,
                                                              const log::LogIdentity& identity) {
  internal::v1::ListRevisionsResponse response;
  auto stored = LoadIncident(reader, incident_id);
  if (!stored.ok()) return stored.status();
  if (!stored->has_value()) return response;
  response.set_found(true);
  const log::PartitionId partition = {
      log::LogName::kIncidents, log::IncidentPartition(records::HexFromId(incident_id), identity.incident_partitions)};
  const std::unique_ptr<records::Cursor> cursor = reader.Scan(family::kRevisions, incident_id);
  if (before_sequence > 0) cursor->Seek(records::RevisionKey(incident_id, before_sequence - 1));
  uint64_t last = 0;
  for (; cursor->Valid(); cursor->Next()) {
    if (static_cast<uint32_t>(response.revisions_size()) >= page_size) {
      response.set_next_before_sequence(last);
      break;
    }
    auto row = Parse<internal::v1::StoredRevision>(family::kRevisions, cursor->value());
    if (!row.ok()) return row.status();
    last = records::NumberFromKey(cursor->key());
    Revision* revision = response.add_revisions();
    *revision = std::move(*row->mutable_revision());
    revision->set_position(log::EncodePositionToken(identity.log_id, {{partition, last}}));
  }
  if (!cursor->status().ok()) return cursor->status();
  return response;
}

absl::StatusOr<internal::v1::ListSuggestionsResponse> Suggestions(const records::Reader& reader,
                                                                  const std::string& incident_id, uint32_t page_size,
                                                                  const std::string& after_key) {
  internal::v1::ListSuggestionsResponse response;
  // Of one incident: its pairs, sorted by their keys; of all: the family is in that order.
  std::vector<std::string> keys;
  const std::string_view of = incident_id.empty() ? family::kSuggestions : family::kSuggestionPairs;
  const std::unique_ptr<records::Cursor> cursor = reader.Scan(of, incident_id);
  if (incident_id.empty() && !after_key.empty()) cursor->Seek(after_key);
  for (; cursor->Valid(); cursor->Next()) {
    std::string key(incident_id.empty() ? cursor->key() : cursor->value());
    if (key <= after_key) continue;
    keys.push_back(std::move(key));
    if (incident_id.empty() && keys.size() > page_size) break;
  }
  if (!cursor->status().ok()) return cursor->status();
  std::sort(keys.begin(), keys.end());
  response.set_more(keys.size() > page_size);
  keys.resize(std::min<size_t>(keys.size(), page_size));
  for (const std::string& key : keys) {
    auto value = reader.Get(family::kSuggestions, key);
    if (!value.ok()) return value.status();
    if (!value->has_value()) return absl::DataLossError("a pair of suggestion_pairs is missing in suggestions");
    if (absl::Status status = AddSuggestion(reader, key, **value, &response); !status.ok()) return status;
  }
  return response;
}

absl::StatusOr<internal::v1::ListJudgementsResponse> Judgements(const records::Reader& reader,
                                                                const std::string& judgement_id, uint32_t page_size,
                                                                uint64_t before_order,
                                                                const std::set<v1::Judgement::State>& states) {
  internal::v1::ListJudgementsResponse response;
  // False once the page is full: what comes after it is only known to be there.
  const auto add = [&](const std::string& id) -> absl::StatusOr<bool> {
    auto value = reader.Get(family::kJudgements, id);
    if (!value.ok()) return value.status();
    if (!value->has_value()) return true;
    auto stored = Parse<internal::v1::StoredJudgement>(family::kJudgements, **value);
    if (!stored.ok()) return stored.status();
    if (!states.empty() && !states.contains(stored->judgement().state())) return true;
    if (static_cast<uint32_t>(response.judgements_size()) >= page_size) {
      response.set_more(true);
      return false;
    }
    *response.add_judgements() = std::move(*stored->mutable_judgement());
    response.add_orders(stored->order());
    return true;
  };
  if (!judgement_id.empty()) {
    const auto added = add(judgement_id);
    if (!added.ok()) return added.status();
    return response;
  }
  const std::unique_ptr<records::Cursor> cursor = reader.Scan(family::kJudgementOrder, "");
  if (before_order > 0) cursor->Seek(records::NumberKey(before_order - 1));
  for (; cursor->Valid(); cursor->Next()) {
    const auto added = add(std::string(cursor->key().substr(8)));
    if (!added.ok()) return added.status();
    if (!*added) break;
  }
  if (!cursor->status().ok()) return cursor->status();
  return response;
}

}  // namespace interdict::index
