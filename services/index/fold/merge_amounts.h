// Merges quantities and amounts of money that several tellings give for the same goods.
#pragma once

#include <vector>

#include "services/index/fold/merge_corrections.h"
#include "services/index/fold/merge_fields.h"

namespace interdict::index {

// Sets `quantities` and `values` of `into`, and the alternatives of these fields; see merge_goods.h. `members` are
// Goods.
void MergeAmounts(const Tellings& tellings, const std::vector<MemberValue>& members, Corrections* corrections,
                  v1::Goods* into);

}  // namespace interdict::index
