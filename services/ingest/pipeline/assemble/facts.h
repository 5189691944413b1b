// Last stage: from an incident's sentences and frames to the normalised facts of a report, each with its evidence.
#pragma once

#include <unordered_map>

#include "services/ingest/pipeline/assemble/reading.h"

namespace interdict::pipeline {

// A draft with look-ups that the builders share.
struct DraftView {
  const Reading& reading;
  const IncidentDraft& draft;
  std::vector<bool> in;              // by sentence
  std::vector<const Frame*> frames;  // of the draft's sentences
  std::vector<const Mention*> mentions;

  // What one sentence of the draft holds.
  struct SentenceView {
    std::vector<const Frame*> frames;
    std::vector<const Mention*> mentions;
    std::vector<TriggerHit> triggers;
  };
  std::unordered_map<uint32_t, SentenceView> by_sentence;

  DraftView(const Reading& r, const IncidentDraft& d);
  // Empty for a sentence that is not of the draft.
  const SentenceView& In(uint32_t sentence) const;
  bool Has(uint32_t sentence) const { return in[sentence]; }
  const Participant* ParticipantOf(const Mention& m) const;
  int ParticipantIndex(const Mention& m) const;
  // Whether an action of the type is told as done.
  bool Done(v1::ActionType type) const;
};

// The facts of one incident. Deterministic.
v1::IncidentFacts BuildFacts(const Reading& reading, const IncidentDraft& draft);

// The parts, in order of building; each fills its fields and reads those filled before.
void BuildParties(const DraftView& view, v1::IncidentFacts* facts);
void BuildPlaces(const DraftView& view, v1::IncidentFacts* facts);
void BuildGoods(const DraftView& view, v1::IncidentFacts* facts);
void BuildConveyances(const DraftView& view, v1::IncidentFacts* facts);
void BuildLegalBasis(const DraftView& view, v1::IncidentFacts* facts);
void BuildActions(const DraftView& view, v1::IncidentFacts* facts);
void BuildTimes(const DraftView& view, v1::IncidentFacts* facts);
void BuildOffences(const DraftView& view, v1::IncidentFacts* facts);
void BuildStage(const DraftView& view, v1::IncidentFacts* facts);
void BuildStandings(const DraftView& view, v1::IncidentFacts* facts);
void BuildTitleAndSummary(const DraftView& view, v1::IncidentFacts* facts);

// How telling a mention of goods is: 0 not at all, 1 a word for a class of goods, 2 goods in passing, 3 goods of which
// something is told.
int TellingOfGoods(const DraftView& view, const Mention& m);
// Whether the goods are called false: "imitation bearings".
bool IsCounterfeit(const DraftView& view, const Mention& m);

// The name of a participant as its party carries it.
std::string PartyName(const Reading& reading, const Participant& participant);

}  // namespace interdict::pipeline
