// Merges what was moved.
#pragma once

#include "interdict/v1/incident.pb.h"
#include "services/index/fold/merge_corrections.h"
#include "services/index/fold/merge_groups.h"
#include "services/index/fold/merge_support.h"

namespace interdict::index {

// Fills `into->goods`; the groups are in their order. Two goods of different reports are one if their categories agree,
// both or neither are parts, and their descriptions share at least half of the words of the shorter one. The fullest
// description stays. Amounts of one unit (or currency) agree if they differ by no more than half a percent, or a tenth
// where one is approximate; of those that do not, the one with better support leads, unless a later report corrects it,
// and the others stand as alternatives of `quantities` or `values`: `112 kg`.
Groups MergeGoods(const Tellings& tellings, Corrections* corrections, v1::IncidentFacts* into);

}  // namespace interdict::index
