#include "services/ingest/ingest_parts.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "google/protobuf/util/time_util.h"
#include "services/server/status.h"
#include "storage/ids/extractor_version.h"
#include "storage/ids/ids.h"

namespace interdict::ingest {

SubmissionLimits LimitsOf(const IngestParts& parts) {
  return {.max_content_bytes = parts.options->max_content_bytes,
          .max_reports = parts.options->max_reports,
          .now = parts.options->now()};
}

Found FindDocument(const IngestParts& parts, const std::string& document_id, const std::string& request_id,
                   absl::Time deadline) {
  Found found{.document = parts.gate->Recall(document_id), .request = parts.gate->RecallRequest(request_id)};
  if (!parts.backpressure->index_reachable()) return found;
  const absl::Time hint_deadline = std::min(deadline, absl::Now() + parts.options->hint_timeout);
  const auto hint = parts.index->LookUp(document_id, request_id, false, hint_deadline);
  if (!hint.ok()) return found;
  found.document.stored = found.document.stored || hint->known();
  found.document.removed = found.document.removed || hint->removed();
  for (const v1::Extractor& extractor : hint->extractors()) {
    std::string& version = found.document.extractors[extractor.name()];
    if (version.empty() || IsOlder(version, extractor.version())) version = extractor.version();
  }
  if (found.document.extraction_status == v1::EXTRACTION_STATUS_UNSPECIFIED) {
    found.document.extraction_status = hint->extraction_status();
  }
  if (found.request.document_id.empty() && !hint->request_document_id().empty()) {
    found.request = {.document_id = hint->request_document_id(),
                     .partition = hint->request_position().partition(),
                     .sequence = hint->request_position().sequence()};
  }
  return found;
}

absl::StatusOr<internal::v1::LookUpDocumentResponse> LookUpForCertain(const IngestParts& parts,
                                                                      const std::string& document_id,
                                                                      const std::string& request_id, bool with_text,
                                                                      absl::Time deadline) {
  auto hint = parts.index->LookUp(document_id, request_id, with_text, deadline);
  if (!hint.ok() || hint->known()) return hint;
  const auto end = parts.log->End(document_id);
  if (!end.ok()) return end.status();
  if (end->sequence == 0) return hint;  // nothing was ever stored
  if (auto status = parts.index->AwaitPosition(end->token, document_id, deadline); !status.ok()) return status;
  return parts.index->LookUp(document_id, request_id, with_text, deadline);
}

absl::Status CheckRequestUse(const UsedRequest& use, const std::string& document_id) {
  if (use.document_id.empty() || use.document_id == document_id) return absl::OkStatus();
  return server::InvalidField("request_id", "was used for other bytes; use a new id for each document");
}

absl::Status DocumentRemovedError(const std::string& document_id) {
  return server::Error(absl::StatusCode::kFailedPrecondition, "DOCUMENT_REMOVED",
                       absl::StrCat("documents/", document_id, " was taken down; its bytes may not be submitted again"),
                       {{"document", absl::StrCat("documents/", document_id)}});
}

absl::Status DocumentNotFoundError(const std::string& document_id) {
  return server::Error(absl::StatusCode::kNotFound, "DOCUMENT_NOT_FOUND",
                       absl::StrCat("there is no documents/", document_id, "; submit it first"),
                       {{"document", absl::StrCat("documents/", document_id)}});
}

internal::v1::Submission MakeSubmission(const v1::DocumentInput& input) {
  internal::v1::Submission submission;
  submission.set_url(input.url());
  submission.set_publisher(input.publisher());
  submission.set_external_id(input.external_id());
  if (input.has_fetch_time()) {
    submission.set_fetch_time_us(google::protobuf::util::TimeUtil::TimestampToMicroseconds(input.fetch_time()));
  }
  submission.set_tlp(input.tlp());
  submission.set_published(input.published());
  submission.set_content_type(input.content_type());
  return submission;
}

absl::StatusOr<pipeline::Extraction> RunExtraction(const IngestParts& parts, const v1::DocumentInput& input,
                                                   const std::string& document_id, const std::string& prefix) {
  auto extraction = parts.extractor->extract(input);
  if (!extraction.ok()) return ExplainExtractorError(extraction.status(), prefix);
  extraction->document.set_name("documents/" + document_id);
  extraction->document.set_reliability(parts.grades->Grade(input.url(), input.publisher()));
  for (size_t i = 0; i < extraction->reports.size(); ++i) {
    v1::Report& report = extraction->reports[i];
    report.set_ordinal(static_cast<uint32_t>(i));
    *report.mutable_extractor() = parts.extractor->stamp;
    report.set_name(ReportName(document_id, parts.extractor->stamp, report.ordinal()));
  }
  return extraction;
}

std::string ReportName(const std::string& document_id, const v1::Extractor& extractor, uint32_t ordinal) {
  return absl::StrCat("documents/", document_id, "/reports/",
                      ids::ReportId(document_id, extractor.name(), extractor.version(), ordinal));
}

bool IsOlder(const std::string& a, const std::string& b) {
  const auto version_a = ids::ParseExtractorVersion(a);
  const auto version_b = ids::ParseExtractorVersion(b);
  if (!version_b) return false;
  return !version_a || *version_a < *version_b;
}

}  // namespace interdict::ingest
