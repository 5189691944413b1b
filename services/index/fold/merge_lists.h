// Merges offences and legal instruments.
#pragma once

#include "interdict/v1/incident.pb.h"
#include "services/index/fold/merge_groups.h"
#include "services/index/fold/merge_support.h"

namespace interdict::index {

// Fill their list; the groups are in its order. Offences are one if they are the same; instruments if they are written
// alike and have the same provision, or one has none.
Groups MergeOffences(const Tellings& tellings, v1::IncidentFacts* into);
Groups MergeLegalBasis(const Tellings& tellings, v1::IncidentFacts* into);

}  // namespace interdict::index
