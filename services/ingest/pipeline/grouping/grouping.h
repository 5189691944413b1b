// Eighth stage: which sentences and frames tell of the same incident. A text may tell of several, or of none.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "services/ingest/pipeline/grouping/sentence_facts.h"
#include "services/ingest/pipeline/learned/decisions.h"

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

// A sentence at which another case may open, with what the learned decision sees of it. Only the training asks for
// them.
struct OpeningCandidate {
  uint32_t sentence = 0;
  Features features;
};

// Groups. Deterministic. Sentences of general talk belong to no draft; a draft without illicit goods or act is dropped.
// Where another case opens is the learned decision "another", and the rules' where that was not learned. Fills
// `candidates`, if given.
Grouping GroupIncidents(const TextFacts& facts, const std::string& published, const Decisions& decisions,
                        std::vector<OpeningCandidate>* candidates = nullptr);

}  // namespace interdict::pipeline
