// Checks one evidence span against its text.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "interdict/v1/evidence.pb.h"
#include "services/ingest/check_facts.h"

namespace interdict::ingest {

// As CheckAndFillFacts, for one evidence.
absl::Status CheckAndFillEvidence(const std::string& path, const EvidenceText& text, v1::Evidence* evidence);

// The sentence around [begin, end) of `text`: never across a line end, at most 1,000 bytes, cut at a word around the
// span where it is longer. Empty if the span alone is longer than that.
std::string SentenceAround(const std::string& text, size_t begin, size_t end);

}  // namespace interdict::ingest
