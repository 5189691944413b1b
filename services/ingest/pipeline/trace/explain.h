// Joins the values of a report with what made them: for each its sentence, the rules behind it, and what lost.
#pragma once

#include <string>
#include <vector>

#include "interdict/v1/incident.pb.h"
#include "services/ingest/pipeline/trace/trace.h"

namespace interdict::pipeline {

// One value of a report.
struct ExplainedValue {
  std::string slot;   // kind of value: `goods`, `place`, `stage`…
  std::string path;   // in IncidentFacts: `goods[0]`, `stage`
  std::string value;  // in words
  double confidence = 0;
  std::string derivation;  // stated, normalised, inferred
  std::vector<v1::Evidence> evidence;
  std::vector<std::string> made_by;  // “words” ← what: rule
  std::vector<std::string>
      lost;  // other readings, and findings at the same words or of the same slot that were not taken
};

struct ExplainedReport {
  std::vector<ExplainedValue> values;
  // Goods, parties, places and frames of the incident's sentences that came to no value.
  std::vector<std::string> left_out;
};

// `incident` is the ordinal of the report that the facts are of. Deterministic.
ExplainedReport Explain(const v1::IncidentFacts& facts, size_t incident, const std::string& text, const Trace& trace);

}  // namespace interdict::pipeline
