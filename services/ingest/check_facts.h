// Checks the facts of SubmitReport against the text that they speak of, and fills what the server fills.
#pragma once

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "interdict/v1/incident.pb.h"

namespace interdict::ingest {

// The text that evidence refers to.
struct EvidenceText {
  std::string document;     // resource name
  std::string text;         // main text, UTF-8
  std::string text_sha256;  // of `text`, hexadecimal
};

// Longest span, and how many bytes a report may grow to with its quotes filled.
inline constexpr size_t kMaxSpanBytes = 10'000;

// Checks one incident's facts: spans inside the text and on character boundaries, quotes that equal it, evidence on
// every value, enum values, codes, dates and categories of the vocabulary, claim paths that exist. Fills document,
// text_sha256, quote and sentence of every evidence, and start and end of times. `path` names the facts in errors
// (`facts[0]`). INVALID_ARGUMENT names field and remedy; the facts are then half filled.
absl::Status CheckAndFillFacts(const std::string& path, const EvidenceText& text, v1::IncidentFacts* facts);

}  // namespace interdict::ingest
