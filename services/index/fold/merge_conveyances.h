// Merges what carried the goods.
#pragma once

#include "interdict/v1/incident.pb.h"
#include "services/index/fold/merge_groups.h"
#include "services/index/fold/merge_support.h"

namespace interdict::index {

// Fills `into->conveyances`; the groups are in their order. Two of different reports are one if their kinds agree and
// they have the same IMO number or registration; without one of these in common, if their names are the same; without
// a name, if kind, model and flag are. Different numbers keep them apart, whatever they are called.
Groups MergeConveyances(const Tellings& tellings, v1::IncidentFacts* into);

}  // namespace interdict::index
