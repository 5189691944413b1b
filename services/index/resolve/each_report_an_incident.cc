#include "services/index/resolve/each_report_an_incident.h"

#include "services/index/entry/names.h"
#include "storage/ids/ids.h"
#include "storage/records/keys.h"

namespace interdict::index {

absl::StatusOr<Placement> EachReportAnIncident::Place(const NewReport& report) {
  const auto ids = ReportIdsFromName(report.report->name());
  if (!ids.ok()) return ids.status();
  Placement placement;
  placement.incident_id = ids::IncidentId(records::HexFromId(ids->report));
  placement.incident_create_time_us = report.now_us;
  internal::v1::Reason& reason = placement.reasons.emplace_back();
  reason.set_code("FIRST_REPORT");
  reason.set_detail("every report starts an incident");
  reason.set_score(1);
  return placement;
}

}  // namespace interdict::index
