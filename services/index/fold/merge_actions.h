// Merges what was done in response, and puts it in order of time.
#pragma once

#include <vector>

#include "interdict/v1/incident.pb.h"
#include "services/index/fold/merge_groups.h"
#include "services/index/fold/merge_parties.h"
#include "services/index/fold/merge_support.h"

namespace interdict::index {

// Fills `into->actions`, not in order yet; the groups are in their order. Authority and target are named as the merged
// parties are. Two actions of different reports are one if type and status are the same, dates agree (one lies within
// the other, or one is not told), and so do authority, target and country (equal, or one is not told). The finest date
// stays.
Groups MergeActions(const Tellings& tellings, const PartyNames& names, v1::IncidentFacts* into);

// The order of time: indexes into `actions`. Dated ones by first day; an undated one behind the last that it must
// follow, in this order of procedure: investigation, interdiction, seizure, arrest, expulsion and extradition, charge,
// plea, conviction, acquittal and dismissal, sentence, penalty and designation, overturning, delisting. What nothing
// tells apart keeps its order.
std::vector<int> TimelineOrder(const google::protobuf::RepeatedPtrField<v1::Action>& actions);

// Puts the actions in that order; returns where each stands now.
std::vector<int> OrderTimeline(v1::IncidentFacts* facts);

}  // namespace interdict::index
