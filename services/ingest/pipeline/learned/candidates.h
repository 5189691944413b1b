// Candidates for the slots of an incident, each with the features by which the learned decisions judge it. What the
// rules say of a candidate is a feature among others.
#pragma once

#include <string>
#include <vector>

#include "services/ingest/pipeline/assemble/facts.h"
#include "services/ingest/pipeline/learned/features.h"

namespace interdict::pipeline {

// A state or region that the draft names, for any part of the route or the place of the incident.
struct PlaceCandidate {
  std::string code;
  std::vector<const Mention*> mentions;
  Features features;
};
// By code. `facts` holds the places that the rules found. Deterministic.
std::vector<PlaceCandidate> PlaceCandidates(const DraftView& view, const v1::IncidentFacts& facts);

// A participant that the draft mentions, for any role.
struct PartyCandidate {
  int participant = -1;  // index into Coreference::participants
  Features features;
};
// By participant. `facts` holds the parties that the rules found. Deterministic.
std::vector<PartyCandidate> PartyCandidates(const DraftView& view, const v1::IncidentFacts& facts);

// A date of the draft, for when the incident took place.
struct DateCandidate {
  const DateMention* date = nullptr;
  Features features;
};
// In text order. `facts` holds the date that the rules chose. Deterministic.
std::vector<DateCandidate> DateCandidates(const DraftView& view, const v1::IncidentFacts& facts);

// A whole text, for whether it reports an incident at all. `rules_hold` is what the rules say.
Features DescribeText(const Reading& reading, bool rules_hold);
// Whether a text that the rules turn away may be a report all the same: it tells of a seizure, a stop or an arrest and
// of illicit goods, and its words speak strongly for one. Labelled texts that report nothing are too few to learn this.
bool MayOverrule(const Features& text);

}  // namespace interdict::pipeline
