#include "services/index/resolve/each_report_an_incident.h"

namespace interdict::index {

absl::StatusOr<Verdict> EachReportAnIncident::Decide(const std::string& /*features*/,
                                                     const records::Reader& /*view*/) const {
  Verdict verdict;
  internal::v1::Reason& reason = verdict.reasons.emplace_back();
  reason.set_code("FIRST_REPORT");
  reason.set_detail("every report starts an incident");
  reason.set_score(1);
  return verdict;
}

}  // namespace interdict::index
