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

// Groups. Deterministic. Sentences of general talk belong to no draft; a draft without illicit goods or act is dropped.
std::vector<IncidentDraft> GroupIncidents(const Page& page, const TokenizedText& text, const Mentions& mentions,
                                          const Coreference& coreference, const Frames& frames,
                                          const std::vector<DateMention>& dates, const std::string& published);

}  // namespace interdict::pipeline
