// Joins what the operator's plug-in extractor reads in a document to what is stored of it.
#pragma once

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "interdict/internal/v1/log_entry.pb.h"
#include "interdict/v1/ingest_service.pb.h"
#include "services/ingest/ingest_parts.h"

namespace interdict::ingest {

// With a plug-in configured: lets it read the submitted document, unless it has read it before, and adds its report set
// as an entry of its own after those in `entries`, its version to `known`, and the result to `response`. A known
// document that it reads only now turns the outcome into REEXTRACTED. Never fails: what went wrong is told in the
// result. The request id stays with the first entry, which counts the sighting.
void AddPluginReports(const IngestParts& parts, const v1::DocumentInput& input, const std::string& document_id,
                      absl::Time deadline, KnownDocument* known, std::vector<internal::v1::IntakeEntry>* entries,
                      v1::SubmitDocumentResponse* response);

}  // namespace interdict::ingest
