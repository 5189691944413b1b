// Everything that the stages made of one document, and how to cite it: what the last stages work on.
#pragma once

#include <string>
#include <vector>

#include "interdict/v1/incident.pb.h"
#include "services/ingest/pipeline/coreference/coreference.h"
#include "services/ingest/pipeline/frames/frames.h"
#include "services/ingest/pipeline/grouping/grouping.h"
#include "services/ingest/pipeline/mentions/mention.h"
#include "services/ingest/pipeline/normalise/dates.h"
#include "services/ingest/pipeline/normalise/quantities.h"

namespace interdict::pipeline {

struct Reading {
  const Knowledge& knowledge;
  std::string document;  // resource name
  std::string text_sha256;
  std::string published;  // EDTF, may be empty
  Page page;
  TokenizedText text;
  Mentions mentions;
  Coreference coreference;
  std::vector<DateMention> dates;
  std::vector<QuantityMention> quantities;
  Frames frames;
  std::vector<IncidentDraft> drafts;

  // Evidence for a byte span: quote, and its sentence of at most 1,000 bytes, cut at words around the quote.
  v1::Evidence Cite(uint32_t begin, uint32_t end) const;
  v1::Evidence CiteMention(const Mention& m) const { return Cite(m.begin, m.end); }
  v1::Evidence CiteTrigger(const TriggerHit& t) const {
    return Cite(text.tokens[t.first_token].begin, text.tokens[t.end_token - 1].end);
  }
  v1::Evidence CiteSentence(uint32_t sentence) const {
    return Cite(text.sentences[sentence].begin, text.sentences[sentence].end);
  }
};

// Sets how sure and how derived a value is, and adds a piece of evidence; for every fact message.
template <typename Fact>
void Support(Fact* fact, v1::Evidence evidence, float confidence, v1::Derivation derivation) {
  for (const v1::Evidence& e : fact->evidence())
    if (e.begin_byte() == evidence.begin_byte() && e.end_byte() == evidence.end_byte()) return;
  if (fact->evidence_size() >= 4) return;  // a reader needs the first few; more only swell the record
  *fact->add_evidence() = std::move(evidence);
  fact->set_confidence(confidence);
  fact->set_derivation(derivation);
}

}  // namespace interdict::pipeline
