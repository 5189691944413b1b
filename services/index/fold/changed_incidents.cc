#include "services/index/fold/changed_incidents.h"

#include <optional>
#include <utility>
#include <vector>

#include "services/index/engine/schema/incident_document.h"
#include "services/index/entry/names.h"
#include "services/index/entry/timestamps.h"
#include "services/index/fold/build_incident.h"
#include "services/index/fold/incident_fold.h"
#include "services/index/fold/incident_rows.h"
#include "storage/records/keys.h"

namespace interdict::index {

namespace family = records::family;
using internal::v1::StoredReport;
using v1::Incident;

absl::StatusOr<ChangedIncident*> ChangedIncidents::Find(const std::string& incident_id) {
  const auto there = incidents_.find(incident_id);
  if (there != incidents_.end()) return &there->second;
  auto loaded = LoadIncident(reader_, incident_id);
  if (!loaded.ok()) return loaded.status();
  ChangedIncident& incident = incidents_[incident_id];
  if (loaded->has_value()) incident.stored = **std::move(loaded);
  if (incident.stored.incident().state() == Incident::STATE_ACTIVE) incident.indexed_number = incident.stored.number();
  return &incident;
}

absl::Status ChangedIncidents::MakeRecords() {
  for (auto& [incident_id, changed] : incidents_) {
    if (!changed.changed) continue;
    absl::Status status = MakeRecord(incident_id, changed);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status ChangedIncidents::MakeRecord(const std::string& incident_id, ChangedIncident& changed) {
  const Incident& last = changed.stored.incident();
  const uint64_t number = changed.stored.number();
  Incident incident;
  std::vector<StoredReport> reports;
  if (last.state() == Incident::STATE_ACTIVE) {
    auto loaded = LoadReports(reader_, incident_id);
    if (!loaded.ok()) return loaded.status();
    reports = *std::move(loaded);
    auto judgements = LoadIncidentJudgements(reader_, incident_id);
    if (!judgements.ok()) return judgements.status();
    incident = BuildIncident(reports, *judgements);
    incident.set_report_count(last.report_count());
  } else {
    incident.set_state(last.state());
    incident.set_merged_into(last.merged_into());
    *incident.mutable_split_into() = last.split_into();
  }
  incident.set_name(IncidentName(incident_id));
  *incident.mutable_create_time() = TimestampFromMicros(changed.create_time_us);
  *incident.mutable_update_time() = TimestampFromMicros(changed.update_time_us);
  incident.set_etag(IncidentEtag(incident));
  if (changed.indexed_number != 0 && (reports.empty() || changed.indexed_number != number)) {
    batch_.Delete(family::kIncidentNumbers, records::NumberKey(changed.indexed_number));
    index_.Remove(Collection::kIncidents, changed.indexed_number);
  }
  if (!reports.empty()) {
    batch_.Put(family::kIncidentNumbers, records::NumberKey(number), incident_id);
    index_.Put(IncidentDocument(number, incident, reports));
  }
  *changed.stored.mutable_incident() = std::move(incident);
  batch_.Put(family::kIncidents, incident_id, changed.stored.SerializeAsString());
  return absl::OkStatus();
}

}  // namespace interdict::index
