#include "services/ingest/pipeline/assemble/facts.h"

#include "services/ingest/pipeline/attribution/attribution.h"

namespace interdict::pipeline {

DraftView::DraftView(const Reading& r, const IncidentDraft& d)
    : reading(r), draft(d), in(r.text.sentences.size(), false) {
  for (uint32_t s : d.sentences) in[s] = true;
  for (const Frame& f : r.frames.all) {
    if (!in[f.trigger.sentence]) continue;
    frames.push_back(&f);
    by_sentence[f.trigger.sentence].frames.push_back(&f);
  }
  for (const Mention& m : r.mentions.all) {
    if (!in[m.sentence]) continue;
    mentions.push_back(&m);
    by_sentence[m.sentence].mentions.push_back(&m);
  }
  for (const TriggerHit& t : r.mentions.triggers)
    if (in[t.sentence]) by_sentence[t.sentence].triggers.push_back(t);
}

const DraftView::SentenceView& DraftView::In(uint32_t sentence) const {
  static const SentenceView* const kEmpty = new SentenceView();
  const auto found = by_sentence.find(sentence);
  return found == by_sentence.end() ? *kEmpty : found->second;
}

int DraftView::ParticipantIndex(const Mention& m) const {
  return reading.coreference.participant_of[static_cast<size_t>(&m - reading.mentions.all.data())];
}

const Participant* DraftView::ParticipantOf(const Mention& m) const {
  const int index = ParticipantIndex(m);
  return index < 0 ? nullptr : &reading.coreference.participants[static_cast<size_t>(index)];
}

bool DraftView::Done(v1::ActionType type) const {
  for (const Frame* f : frames)
    if (f->kind == FrameKind::kAction && f->action == type && f->status == v1::ACTION_STATUS_DONE) return true;
  return false;
}

v1::IncidentFacts BuildFacts(const Reading& reading, const IncidentDraft& draft) {
  const DraftView view(reading, draft);
  v1::IncidentFacts facts;
  BuildTitleAndSummary(view, &facts);
  BuildStage(view, &facts);
  BuildParties(view, &facts);
  BuildActions(view, &facts);
  BuildTimes(view, &facts);
  BuildPlaces(view, &facts);
  BuildGoods(view, &facts);
  BuildConveyances(view, &facts);
  BuildLegalBasis(view, &facts);
  BuildOffences(view, &facts);
  BuildStandings(view, &facts);
  BuildClaims(view, &facts);
  BuildVerification(view, &facts);
  return facts;
}

}  // namespace interdict::pipeline
