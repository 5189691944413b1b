// The candidates of an incident as the training of the learned decisions needs them.
#pragma once

#include "services/ingest/pipeline/assemble/facts.h"
#include "services/ingest/pipeline/trace/trace.h"

namespace interdict::pipeline {

// Adds the candidates of one report to the trace. The features are those of the rules only where the knowledge holds no
// learned decisions.
void RecordCandidates(const Reading& reading, const IncidentDraft& draft, const v1::Report& report, Trace* trace);

}  // namespace interdict::pipeline
