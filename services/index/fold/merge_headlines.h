// Merges title, summary and stage, which have no message of their own.
#pragma once

#include "interdict/v1/incident.pb.h"
#include "services/index/fold/merge_support.h"

namespace interdict::index {

// Title and summary each of the best report that has one: the most specific, then the best graded source, then the
// earliest. Specific is a report by the number of its named parties, named places, goods, conveyances, actions and
// laws, and by a date to the day.
void MergeTitleAndSummary(const Tellings& tellings, v1::IncidentFacts* into);

// How far the act came: planned or attempted tells less than foiled or completed; of two that exclude each other the
// one with better support. The others are alternatives of the `field_evidence`.
void MergeStage(const Tellings& tellings, v1::IncidentFacts* into);

}  // namespace interdict::index
