// How far the law has gone with a party, from all that its tellings and the actions against it say.
#pragma once

#include <string>
#include <vector>

#include "interdict/v1/incident.pb.h"
#include "services/index/fold/merge_fields.h"

namespace interdict::index {

// Sets `standing`, `standing_date` and the alternatives of that field. `members` are the tellings of the party, `party`
// what they became; `actions` those of the merged record: an acquittal, a dismissal, an overturned conviction, a
// delisting or a court's finding that is done, dated and has the party's name as its target counts, too.
//
// The latest dated statement holds. Its date is `standing_date`, else the day on which the document was published.
//  * A statement without any date never beats one with a date.
//  * Suspected, charged, convicted go only forward: a later arrest does not undo a charge. An outcome (acquitted,
//    cleared, delisted) undoes them.
//  * A document that gives no date of its own for the standing does not undo an outcome: a retelling of the charge is
//    no new charge.
//  * On one day, and among undated statements, the later stage of the procedure holds, and among outcomes the one in
//    favour of the party: mentioned, suspected, charged, designated, convicted, delisted, cleared, acquitted.
//  * An overturned conviction leaves the party cleared, until something later says otherwise.
//  * Mentioned holds only where nothing else is said.
void MergeStanding(const Tellings& tellings, const std::vector<MemberValue>& members,
                   const google::protobuf::RepeatedPtrField<v1::Action>& actions, v1::Party* party);

}  // namespace interdict::index
