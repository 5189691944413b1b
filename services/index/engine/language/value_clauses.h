// What a comparison with one value means for each type of field.
#pragma once

#include "absl/status/statusor.h"
#include "services/index/engine/language/filter.h"
#include "services/index/engine/query.h"
#include "services/index/engine/schema/date_span.h"
#include "services/index/engine/schema/field_catalog.h"

namespace interdict::index {

// The clause for `field` `comparator` `value`; for kNotEqual the one for kEqual, which the caller negates. A value `*`
// matches where the field has any. INVALID_ARGUMENT: not a value of the field.
absl::StatusOr<QueryNode> ValueClause(const SearchField& field, FilterNode::Comparator comparator,
                                      const FilterValue& value);

// A date may lie, or must lie, within the span. Of several readings of one date one is enough for possibly, and
// certainly takes all; of several dates one is enough for both.
QueryNode PossiblyWithin(const SearchField& field, const DaySpan& span);
QueryNode CertainlyWithin(const SearchField& field, const DaySpan& span);

// The error for a value that is no date.
absl::Status NotADate(const FilterValue& value);

}  // namespace interdict::index
