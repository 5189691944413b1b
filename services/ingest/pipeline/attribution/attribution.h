// Ninth stage: who says it and how firmly. Claims with the facts that they cover; the status of the incident is
// computed from them.
#pragma once

#include <string>
#include <vector>

#include "services/ingest/pipeline/assemble/facts.h"

namespace interdict::pipeline {

// Fills `claims`. A claim covers the facts whose evidence lies in its sentences.
void BuildClaims(const DraftView& view, v1::IncidentFacts* facts);

// Fills `verification` from claims and actions, by the first rule that holds:
//   1. a court found it, or a plea of guilty, or a penalty paid         → CONFIRMED
//   2. an authority confirms a part                                     → PARTIALLY_CONFIRMED
//   3. anybody with knowledge denies, and no court has found             → DISPUTED
//   4. the text could not verify, and no authority acted                → UNVERIFIED
//   5. an authority seized, stopped, expelled or designated             → CONFIRMED
//   6. anything else (charged, suspected, told by media or one side)    → ALLEGED
void BuildVerification(const DraftView& view, v1::IncidentFacts* facts);

// Who reported before the page, nearest first: outlets that the text cites, the one that cites before the one cited.
std::vector<std::string> AttributionChain(const Reading& reading);

}  // namespace interdict::pipeline
