// Merges the reports of an incident into its record, field by field, by the rules of docs/merging.md. Values that say
// the same become one with the evidence of all; values that contradict stand side by side: nothing is decided away.
#pragma once

#include <cstdint>
#include <vector>

#include "interdict/internal/v1/stored.pb.h"
#include "interdict/v1/incident.pb.h"

namespace interdict::index {

// `reports` stand and are in the order in which they were decided; at least one. Sets facts and sources, nothing else.
// Pure: the same reports make the same record, whatever their order, but for that of the sources. Meant for up to 128
// reports: the work grows with the square of their number in the worst case.
v1::Incident MergeReports(const std::vector<internal::v1::StoredReport>& reports);

// How many origins the sources have, see FindOrigins in merge_sources.h. At least 1.
uint32_t CountOrigins(const std::vector<internal::v1::StoredReport>& reports);

}  // namespace interdict::index
