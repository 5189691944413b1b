// From what users write to what the engine runs: words are analysed, fields found, values checked against their types.
// Every clause keeps its place in the source.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "services/index/engine/language/filter.h"
#include "services/index/engine/language/text_query.h"
#include "services/index/engine/query.h"
#include "services/index/engine/schema/field_catalog.h"

namespace interdict::index {

// Words that hold neither letter nor digit are left out. INVALID_ARGUMENT: nothing is left; a prefix or fuzzy word that
// the analyser cuts into several.
absl::StatusOr<QueryNode> CompileText(const TextNode& node, const FieldCatalog& catalog);

// INVALID_ARGUMENT: a field that is not there (near names are listed), a value of the wrong type, a comparator or
// function that the field does not take.
absl::StatusOr<QueryNode> CompileFilter(const FilterNode& node, const FieldCatalog& catalog);

// `relevance`, or a field with ` asc` (as without) or ` desc` behind it.
absl::StatusOr<Order> ParseOrder(std::string_view order_by, const FieldCatalog& catalog);

// What to count by; dates by year, month or day, `kValue`: by day. INVALID_ARGUMENT: not there, or not countable.
absl::StatusOr<FacetDimension> CompileFacet(std::string_view field, FacetDimension::Of bucket,
                                            const FieldCatalog& catalog);

}  // namespace interdict::index
