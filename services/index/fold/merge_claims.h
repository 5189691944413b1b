// Merges who says what, and leads the paths of claims to where the values stand in the merged record.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "interdict/v1/incident.pb.h"
#include "services/index/fold/merge_parties.h"
#include "services/index/fold/merge_support.h"

namespace interdict::index {

// Where the values of each telling stand in the merged record: by name of the list, telling and index.
using ValuePlaces = std::map<std::string, std::vector<std::vector<int>>>;

// Fills `into->claims`. Claimants are named as the merged parties are. Claims of different reports are one if claimant,
// stance, facts, date and the one cited are the same; a claim about a claim stays alone. A path that leads nowhere in
// its report becomes one to the list.
void MergeClaims(const Tellings& tellings, const PartyNames& names, const ValuePlaces& places, v1::IncidentFacts* into);

}  // namespace interdict::index
