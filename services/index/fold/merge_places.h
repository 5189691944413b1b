// Merges where it happened.
#pragma once

#include "interdict/v1/incident.pb.h"
#include "services/index/fold/merge_groups.h"
#include "services/index/fold/merge_support.h"

namespace interdict::index {

// Fills `into->places`; the groups are in their order. Two places of different reports are one if they have the same
// role and the same country (or region), and one name is the other's, or part of it, or one has none but its country's:
// "Tanzania" merges into "Mwanza" of the same role. The fullest name stays.
Groups MergePlaces(const Tellings& tellings, v1::IncidentFacts* into);

}  // namespace interdict::index
