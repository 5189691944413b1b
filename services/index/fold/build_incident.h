// Makes the record of an incident from its rows: the reports merged, then what was judged laid over them. The same for
// the record of now and for that of a past state.
#pragma once

#include <string>
#include <vector>

#include "interdict/internal/v1/stored.pb.h"
#include "interdict/v1/incident.pb.h"

namespace interdict::index {

// Facts, sources, judgements, and the state ACTIVE; nothing else. `reports` in order, at least one; `judgements` in
// order.
v1::Incident BuildIncident(const std::vector<internal::v1::StoredReport>& reports,
                           const std::vector<internal::v1::StoredIncidentJudgement>& judgements);

// Whether a correction may replace the field of IncidentFacts. Computed fields and those that refer to others are not.
bool IsCorrectable(const std::string& field);

}  // namespace interdict::index
