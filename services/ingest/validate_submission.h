// Checks of the requests of IngestService that need nothing but the request and the clock, one function a request.
// Errors are INVALID_ARGUMENT and name field and remedy.
#pragma once

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "interdict/v1/ingest_service.pb.h"

namespace interdict::ingest {

// What the checks depend on.
struct SubmissionLimits {
  size_t max_content_bytes = 16 << 20;
  size_t max_reports = 1000;
  absl::Time now;
};

absl::Status ValidateSubmitDocument(const v1::SubmitDocumentRequest& request, const SubmissionLimits& limits);
absl::Status ValidateExtractDocument(const v1::ExtractDocumentRequest& request, const SubmissionLimits& limits);
// All but the facts, which need the text: check_facts.h.
absl::Status ValidateSubmitReport(const v1::SubmitReportRequest& request, const SubmissionLimits& limits);
absl::Status ValidateRemoveDocument(const v1::RemoveDocumentRequest& request);

// Name and version of another extractor; the reserved name is refused. `field` is named in the error.
absl::Status ValidateExtractor(const std::string& field, const v1::Extractor& extractor);

// A request id, or none. The error names `request_id`.
absl::Status CheckRequestId(const std::string& id);

// The id of `documents/{document}`; `field` is named in the error.
absl::StatusOr<std::string> ParseDocumentName(const std::string& field, const std::string& name);

// The field that an error of the extractor names in front of its message ("document.content: …"), as a status with
// details; other statuses unchanged. `prefix` takes the place of `document`.
absl::Status ExplainExtractorError(const absl::Status& status, const std::string& prefix);

}  // namespace interdict::ingest
