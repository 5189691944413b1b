// Merges the reports of an incident into its record. Values that say the same become one with the evidence of all;
// values that contradict stand side by side: nothing is decided away.
#pragma once

#include <cstdint>
#include <vector>

#include "interdict/internal/v1/stored.pb.h"
#include "interdict/v1/incident.pb.h"

namespace interdict::index {

// `reports` stand and are in the order in which they were decided; at least one. Sets facts and sources, nothing else.
// Title and summary are those of the first report that has one; of several dates the first is kept (of disclosures the
// earliest) with the others as alternatives. Claims' paths are rewritten to where the values stand in the merged
// record.
v1::Incident MergeReports(const std::vector<internal::v1::StoredReport>& reports);

// How many origins the sources have: the last of the chain of attribution, else the publisher, else the document
// itself. Spelling (case, diacritics, punctuation) does not count. At least 1.
uint32_t CountOrigins(const std::vector<internal::v1::StoredReport>& reports);

}  // namespace interdict::index
