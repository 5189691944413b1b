// What `interdict extract --explain` and `--html` write: why each value of a document's reports stands there, for a
// person who checks it.
#pragma once

#include <ostream>
#include <string>

#include "services/ingest/pipeline/pipeline.h"
#include "services/ingest/pipeline/trace/trace.h"

namespace interdict::cli {

// For the terminal: each value with its sentence, what made it, what lost, and the time per stage.
void WriteExplanation(std::ostream& out, const pipeline::Extraction& extraction, const pipeline::Trace& trace);

// One self-contained HTML page (no script, nothing loaded): the text with the spans of the values coloured by slot and
// marked by incident, a legend, and the values beside it. `origin` is the name of the input. Everything that comes from
// the document is escaped.
void WriteExplanationPage(std::ostream& out, const std::string& origin, const pipeline::Extraction& extraction,
                          const pipeline::Trace& trace);

// Replaces the five characters that mean something in HTML text and attributes.
std::string EscapeHtml(const std::string& text);

}  // namespace interdict::cli
