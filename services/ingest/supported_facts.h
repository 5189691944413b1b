// Keeps of foreign facts what the text supports: the lenient twin of check_facts.h, which refuses the whole.
#pragma once

#include <cstdint>

#include "interdict/v1/incident.pb.h"
#include "services/ingest/check_facts.h"

namespace interdict::ingest {

// Drops spans that do not hold (outside the text, inside a character, a quote that differs, another document's), then
// values that no span is left for or that are no values of the contract, then the claims that speak of dropped values
// only; paths of the other claims are moved along. Fills what CheckAndFillFacts fills; what is left passes it. Returns
// how many values were dropped, a lone span not counted.
//
// Facts that tell of no incident any more (no offence, action, goods, and no party that is suspected) are cleared.
uint32_t KeepSupportedFacts(const EvidenceText& text, v1::IncidentFacts* facts);

}  // namespace interdict::ingest
