// Merges the dates of an incident: which one leads, and which stand beside it with those who tell them.
#pragma once

#include "interdict/v1/incident.pb.h"
#include "services/index/fold/merge_corrections.h"
#include "services/index/fold/merge_support.h"

namespace interdict::index {

// `occurred`. A date within another refines it, if both date the same (act, detection, response, or one does not say):
// the finest leads, with the spans of the coarser. Of dates that exclude each other leads, in this order:
//  1. one that no other corrects or replaces: `corrections` says what corrects; a finer date replaces a coarser one, if
//     all that tell it were published after all that tell the other, and not by a source two grades behind;
//  2. the date of the act before that of the detection, that before that of the response;
//  3. the one with better support (merge_support.h).
// The others are its alternatives, in that order. Nothing, if no telling has a date.
void MergeOccurred(const Tellings& tellings, Corrections* corrections, v1::IncidentFacts* into);

// `disclosed`: the same, but of dates that exclude each other the earliest leads.
void MergeDisclosed(const Tellings& tellings, v1::IncidentFacts* into);

}  // namespace interdict::index
