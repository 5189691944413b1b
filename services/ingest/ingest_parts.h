// What the work of an ingest node needs, and the look-ups that its requests share.
#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "interdict/internal/v1/log_entry.pb.h"
#include "interdict/v1/ingest_service.pb.h"
#include "services/ingest/backpressure.h"
#include "services/ingest/check_facts.h"
#include "services/ingest/document_gate.h"
#include "services/ingest/extract.h"
#include "services/ingest/index_hints.h"
#include "services/ingest/ingest_node.h"
#include "services/ingest/intake_log.h"
#include "services/ingest/remote_extractor.h"
#include "services/ingest/source_grades.h"
#include "services/ingest/validate_submission.h"

namespace interdict::ingest {

// The parts of a node. Owns nothing; all are thread-safe and outlive the requests.
struct IngestParts {
  const IngestOptions* options = nullptr;
  const DocumentExtractor* extractor = nullptr;
  const SourceGrades* grades = nullptr;
  DocumentGate* gate = nullptr;
  IntakeLog* log = nullptr;
  IndexHints* index = nullptr;
  Backpressure* backpressure = nullptr;
  RemoteExtractor* plugin = nullptr;  // null: none is configured
};

// What process and index together know of a document and of a request id.
struct Found {
  KnownDocument document;
  UsedRequest request;  // document_id empty: not used
};

SubmissionLimits LimitsOf(const IngestParts& parts);

// Asks the index and adds what this process remembers. An index that cannot be asked, or does not answer within
// `hint_timeout`, is no error: then only the memory counts.
Found FindDocument(const IngestParts& parts, const std::string& document_id, const std::string& request_id,
                   absl::Time deadline);

// The index's answer, certain up to every acknowledged entry: where it does not know the document, waits until it has
// folded the log as it is now and asks again. UNAVAILABLE (INDEX_UNAVAILABLE, LOG_UNAVAILABLE), DEADLINE_EXCEEDED.
absl::StatusOr<internal::v1::LookUpDocumentResponse> LookUpForCertain(const IngestParts& parts,
                                                                      const std::string& document_id,
                                                                      const std::string& request_id, bool with_text,
                                                                      absl::Time deadline);

// INVALID_ARGUMENT if the request id was used for another document.
absl::Status CheckRequestUse(const UsedRequest& use, const std::string& document_id);

absl::Status DocumentRemovedError(const std::string& document_id);
absl::Status DocumentNotFoundError(const std::string& document_id);

// The metadata of a submission, as the log keeps it.
internal::v1::Submission MakeSubmission(const v1::DocumentInput& input);

// Extracts and stamps: names of document and reports, ordinals, extractor, grade of the source. Errors name fields
// below `prefix`.
absl::StatusOr<pipeline::Extraction> RunExtraction(const IngestParts& parts, const v1::DocumentInput& input,
                                                   const std::string& document_id, const std::string& prefix);

// Gives the reports of one extractor their names and ordinals.
std::string ReportName(const std::string& document_id, const v1::Extractor& extractor, uint32_t ordinal);

// Whether version `a` of an extractor is lower than `b`; an unreadable one is lower than any.
bool IsOlder(const std::string& a, const std::string& b);

}  // namespace interdict::ingest
