// How firmly the merged record stands: its status from the claims of all reports, and its grades.
#pragma once

#include "interdict/v1/incident.pb.h"
#include "services/index/fold/merge_support.h"

namespace interdict::index {

// Sets `into->verification`; the rest of `into` is merged, its actions in order of time. The first that holds:
//  1. CONFIRMED: a plea, conviction or sentence that no later acquittal or overturning of the same target undid.
//  2. CONFIRMED or DISPUTED: a report that stands as confirmed, or an authority that confirms. Disputed only if another
//     authority denies it in another report; the denial of an accused does not count.
//  3. PARTIALLY_CONFIRMED or DISPUTED: the same for a part.
//  4. DISPUTED: a report that stands as disputed, an acquittal, or a denial by a party with knowledge (an authority,
//     one who took part, a spokesperson).
//  5. ALLEGED: somebody asserts it.
//  6. UNVERIFIED.
// The statuses of the reports that it is not stay as alternatives, with their spans. Reliability is the grade of the
// best source, F if none is graded. Credibility (1 to 6): confirmed 2, partially confirmed and alleged 3, disputed 4,
// unverified 6; two independent origins or more raise it by a step (unverified to 3); sources of grade D or E only
// lower it by a step, not below 5.
void MergeVerification(const Tellings& tellings, uint32_t origins, v1::IncidentFacts* into);

}  // namespace interdict::index
