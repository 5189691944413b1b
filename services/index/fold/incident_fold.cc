#include "services/index/fold/incident_fold.h"

#include <algorithm>
#include <memory>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "interdict/internal/v1/stored.pb.h"
#include "services/index/engine/schema/incident_document.h"
#include "services/index/entry/names.h"
#include "services/index/entry/timestamps.h"
#include "services/index/fold/merge_reports.h"
#include "services/index/fold/meta.h"
#include "storage/ids/ids.h"
#include "storage/records/keys.h"

namespace interdict::index {
namespace {

namespace family = records::family;
using internal::v1::Decision;
using internal::v1::ReportPlaced;
using internal::v1::StoredIncident;
using internal::v1::StoredReport;

std::string IncidentId(const std::string& hex) { return *records::IdFromHex(hex, records::kIncidentIdBytes); }
std::string ReportId(const std::string& hex) { return *records::IdFromHex(hex, records::kReportIdBytes); }
std::string DocumentId(const std::string& hex) { return *records::IdFromHex(hex, records::kDocumentIdBytes); }

// One decision being applied.
class DecisionStep {
 public:
  DecisionStep(const ParsedEntry& entry, const records::Reader& reader, records::Batch* batch, IndexChange* index)
      : entry_(entry), reader_(reader), batch_(*batch), index_(*index) {}

  absl::Status Place(const ReportPlaced& placed);
  // Of ReportWithdrawn and ReportErased. `state_if_empty`: of an incident without any report left.
  template <typename Event>
  absl::Status TakeBack(const Event& event, v1::Incident::State state_if_empty) {
    const std::string incident_id = IncidentId(event.incident_id());
    const std::string document_id = DocumentId(event.document_id());
    DeleteEarlier(incident_id, document_id, event.earlier_report_ids());
    Delete(incident_id, document_id, ReportId(event.report_id()));
    return Recompute(incident_id, event.incident_create_time_us(), state_if_empty);
  }
  absl::Status Advance(const internal::v1::Watermark& watermark);

 private:
  void Delete(const std::string& incident_id, const std::string& document_id, const std::string& report_id) {
    batch_.Delete(family::kReports, records::ReportKey(incident_id, report_id));
    batch_.Delete(family::kDocumentReports, records::DocumentReportKey(document_id, report_id));
  }
  void DeleteEarlier(const std::string& incident_id, const std::string& document_id,
                     const google::protobuf::RepeatedPtrField<std::string>& report_ids) {
    for (const std::string& id : report_ids) Delete(incident_id, document_id, ReportId(id));
  }
  absl::StatusOr<std::vector<StoredReport>> StandingReports(const std::string& incident_id);
  absl::StatusOr<StoredIncident> LoadIncident(const std::string& incident_id);
  absl::Status AssignNumber(StoredIncident& stored);
  absl::Status Recompute(const std::string& incident_id, int64_t create_time_us, v1::Incident::State state_if_empty);

  const ParsedEntry& entry_;
  const records::Reader& reader_;
  records::Batch& batch_;
  IndexChange& index_;
};

absl::Status DecisionStep::Place(const ReportPlaced& placed) {
  const std::string incident_id = IncidentId(placed.incident_id());
  const ReportIds ids = *ReportIdsFromName(placed.report().name());
  const std::string key = records::ReportKey(incident_id, ids.report);
  auto before = reader_.Get(family::kReports, key);
  if (!before.ok()) return before.status();
  if (before->has_value()) return absl::OkStatus();  // a decision written twice counts once
  DeleteEarlier(incident_id, ids.document, placed.earlier_report_ids());
  StoredReport stored;
  *stored.mutable_report() = placed.report();
  *stored.mutable_source() = placed.source();
  stored.set_text(placed.text());
  *stored.mutable_position() = entry_.position();
  *stored.mutable_reasons() = entry_.decision->reasons();
  batch_.Put(family::kReports, key, stored.SerializeAsString());
  batch_.Put(family::kDocumentReports, records::DocumentReportKey(ids.document, ids.report), incident_id);
  return Recompute(incident_id, placed.incident_create_time_us(), v1::Incident::STATE_WITHDRAWN);
}

// In the order in which they were decided.
absl::StatusOr<std::vector<StoredReport>> DecisionStep::StandingReports(const std::string& incident_id) {
  std::vector<StoredReport> reports;
  const std::unique_ptr<records::Cursor> cursor = reader_.Scan(family::kReports, incident_id);
  for (; cursor->Valid(); cursor->Next()) {
    if (!reports.emplace_back().ParseFromArray(cursor->value().data(), static_cast<int>(cursor->value().size()))) {
      return absl::DataLossError(absl::StrCat("a report of ", IncidentName(incident_id), " is not readable"));
    }
  }
  if (!cursor->status().ok()) return cursor->status();
  std::sort(reports.begin(), reports.end(), [](const StoredReport& a, const StoredReport& b) {
    return std::make_tuple(a.position().partition(), a.position().sequence()) <
           std::make_tuple(b.position().partition(), b.position().sequence());
  });
  return reports;
}

absl::StatusOr<StoredIncident> DecisionStep::LoadIncident(const std::string& incident_id) {
  StoredIncident stored;
  auto value = reader_.Get(family::kIncidents, incident_id);
  if (!value.ok()) return value.status();
  if (value->has_value() && !stored.ParseFromString(**value)) {
    return absl::DataLossError(absl::StrCat("record of ", IncidentName(incident_id), " is not readable"));
  }
  return stored;
}

absl::Status DecisionStep::AssignNumber(StoredIncident& stored) {
  if (stored.number() != 0) return absl::OkStatus();
  auto number = TakeNumber(reader_, &batch_, kNextNumberKey);
  if (!number.ok()) return number.status();
  stored.set_number(*number);
  return absl::OkStatus();
}

// Makes the record anew from the reports that stand.
absl::Status DecisionStep::Recompute(const std::string& incident_id, int64_t create_time_us,
                                     v1::Incident::State state_if_empty) {
  auto stored = LoadIncident(incident_id);
  if (!stored.ok()) return stored.status();
  auto reports = StandingReports(incident_id);
  if (!reports.ok()) return reports.status();
  absl::Status status;
  v1::Incident incident;
  if (reports->empty()) {
    incident.set_state(state_if_empty);
  } else {
    incident = MergeReports(*reports);
    incident.set_state(v1::Incident::STATE_ACTIVE);
    status = AssignNumber(*stored);
  }
  if (!status.ok()) return status;
  incident.set_name(IncidentName(incident_id));
  *incident.mutable_create_time() = TimestampFromMicros(create_time_us);
  *incident.mutable_update_time() = TimestampFromMicros(entry_.append_time_us);
  incident.set_etag(IncidentEtag(incident));
  const uint64_t number = stored->number();
  if (!reports->empty()) {
    batch_.Put(family::kIncidentNumbers, records::NumberKey(number), incident_id);
    index_.Put(IncidentDocument(number, incident, *reports));
  } else if (number != 0) {
    batch_.Delete(family::kIncidentNumbers, records::NumberKey(number));
    index_.Remove(Collection::kIncidents, number);
  }
  *stored->mutable_incident() = std::move(incident);
  batch_.Put(family::kIncidents, incident_id, stored->SerializeAsString());
  return absl::OkStatus();
}

absl::Status DecisionStep::Advance(const internal::v1::Watermark& watermark) {
  for (const internal::v1::LogPosition& decided : watermark.decided()) {
    const std::string key = records::WatermarkMetaKey(entry_.partition, {log::LogName::kIntake, decided.partition()});
    auto before = GetNumber(reader_, key);
    if (!before.ok()) return before.status();
    if (decided.sequence() > *before) PutNumber(&batch_, key, decided.sequence());
  }
  return absl::OkStatus();
}

}  // namespace

std::string IncidentEtag(v1::Incident incident) {
  incident.clear_etag();
  return ids::Sha256Hex(incident.SerializeAsString()).substr(0, 16);
}

absl::Status FoldDecision(const ParsedEntry& entry, const records::Reader& reader, records::Batch* batch,
                          IndexChange* index, bool* erases) {
  const Decision& decision = *entry.decision;
  DecisionStep step(entry, reader, batch, index);
  switch (decision.event_case()) {
    case Decision::kReportPlaced:
      return step.Place(decision.report_placed());
    case Decision::kReportWithdrawn:
      return step.TakeBack(decision.report_withdrawn(), v1::Incident::STATE_WITHDRAWN);
    case Decision::kReportErased:
      *erases = true;
      return step.TakeBack(decision.report_erased(), v1::Incident::STATE_REMOVED);
    case Decision::kWatermark:
      return step.Advance(decision.watermark());
    default:
      break;
  }
  return absl::InternalError("a decision without an event reached the fold");
}

}  // namespace interdict::index
