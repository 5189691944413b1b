// Eighth stage: which sentences and frames tell of the same incident. A text may tell of several, or of none.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "services/ingest/pipeline/frames/frames.h"
#include "services/ingest/pipeline/normalise/dates.h"

namespace interdict::pipeline {

// An incident in the making: its sentences in text order. `main` is the one that the headline tells.
struct IncidentDraft {
  std::vector<uint32_t> sentences;
  bool main = false;
};

// What the stage hands on.
struct Grouping {
  std::vector<IncidentDraft> drafts;  // those that stand by the rules
  // The whole story as one draft: for a text that reports an incident though no draft stands by the rules.
  IncidentDraft fallback;
};

// Groups. Deterministic. Sentences of general talk belong to no draft; a draft without illicit goods or act is dropped.
Grouping GroupIncidents(const Page& page, const TokenizedText& text, const Mentions& mentions,
                        const Coreference& coreference, const Frames& frames, const std::vector<DateMention>& dates,
                        const std::string& published);

}  // namespace interdict::pipeline
