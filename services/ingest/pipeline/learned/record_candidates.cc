#include "services/ingest/pipeline/learned/record_candidates.h"

#include "services/ingest/pipeline/learned/candidates.h"

namespace interdict::pipeline {

void RecordCandidates(const Reading& reading, const IncidentDraft& draft, const v1::Report& report, Trace* trace) {
  const DraftView view(reading, draft);
  const auto ordinal = static_cast<int>(report.ordinal());
  for (const PlaceCandidate& c : PlaceCandidates(view, report.facts()))
    trace->candidates.push_back({ordinal, "place", c.code, {}, "", c.features.all()});
  for (const PartyCandidate& c : PartyCandidates(view, report.facts())) {
    const Participant& p = reading.coreference.participants[static_cast<size_t>(c.participant)];
    TracedCandidate traced{ordinal, "party", PartyName(reading, p), {}, v1::PartyKind_Name(p.kind), c.features.all()};
    constexpr size_t kMostAliases = 8;
    for (uint32_t m : p.mentions)
      if (traced.aliases.size() < kMostAliases) traced.aliases.push_back(reading.mentions.all[m].text);
    trace->candidates.push_back(std::move(traced));
  }
  for (const DateCandidate& c : DateCandidates(view, report.facts()))
    trace->candidates.push_back({ordinal, "date", c.date->edtf, {}, "", c.features.all()});
}

}  // namespace interdict::pipeline
