#include "services/ingest/submit_document.h"

#include <utility>
#include <vector>

#include "services/ingest/plugin_reports.h"
#include "services/server/status.h"
#include "storage/ids/ids.h"

namespace interdict::ingest {
namespace {

using internal::v1::IntakeEntry;

// The first answer again; what was extracted then is not told (ingest_service.proto).
absl::StatusOr<v1::SubmitDocumentResponse> Replay(const IngestParts& parts, const Found& found,
                                                  v1::SubmitDocumentResponse response, bool validate_only) {
  response.set_outcome(v1::SUBMISSION_OUTCOME_REPLAYED);
  response.set_extraction_status(found.document.extraction_status);
  if (validate_only) return response;
  auto position = parts.log->At(found.request.partition, found.request.sequence);
  if (!position.ok()) return position.status();
  response.set_position(position->token);
  return response;
}

// Whether the node's extractor, or a newer one, has read the document.
bool IsRead(const KnownDocument& document, const v1::Extractor& stamp) {
  const auto version = document.extractors.find(stamp.name());
  return version != document.extractors.end() && !IsOlder(version->second, stamp.version());
}

// Fills the entry that the document's state asks for, and the answer that goes with it.
absl::Status MakeEntry(const IngestParts& parts, const v1::SubmitDocumentRequest& request,
                       const std::string& document_id, KnownDocument* known, IntakeEntry* entry,
                       v1::SubmitDocumentResponse* response) {
  entry->set_request_id(request.request_id());
  if (known->stored && IsRead(*known, parts.extractor->stamp)) {
    auto* sighted = entry->mutable_document_sighted();
    sighted->set_document_id(document_id);
    *sighted->mutable_submission() = MakeSubmission(request.document());
    response->set_outcome(v1::SUBMISSION_OUTCOME_DUPLICATE);
    response->set_extraction_status(known->extraction_status);
    return absl::OkStatus();
  }
  auto extraction = RunExtraction(parts, request.document(), document_id, "document");
  if (!extraction.ok()) return extraction.status();
  response->set_outcome(known->stored ? v1::SUBMISSION_OUTCOME_REEXTRACTED : v1::SUBMISSION_OUTCOME_ACCEPTED);
  response->set_extraction_status(extraction->document.extraction_status());
  known->stored = true;
  known->extraction_status = extraction->document.extraction_status();
  known->extractors[parts.extractor->stamp.name()] = parts.extractor->stamp.version();
  auto* accepted = entry->mutable_document_accepted();
  accepted->set_content(request.document().content());
  *accepted->mutable_submission() = MakeSubmission(request.document());
  *accepted->mutable_document() = std::move(extraction->document);
  *accepted->mutable_report_set()->mutable_extractor() = parts.extractor->stamp;
  for (v1::Report& report : extraction->reports) {
    response->add_reports(report.name());
    *accepted->mutable_report_set()->add_reports() = std::move(report);
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<v1::SubmitDocumentResponse> SubmitDocument(const IngestParts& parts,
                                                          const v1::SubmitDocumentRequest& request,
                                                          const server::CallContext& call) {
  if (auto status = ValidateSubmitDocument(request, LimitsOf(parts)); !status.ok()) return status;
  if (!request.validate_only()) {
    if (auto status = parts.backpressure->Check(); !status.ok()) return status;
  }
  const std::string document_id = ids::DocumentId(request.document().content());
  const auto pass = parts.gate->Enter(document_id, request.request_id(), call.deadline);
  if (!pass.ok()) return pass.status();
  Found found = FindDocument(parts, document_id, request.request_id(), call.deadline);
  if (found.document.removed) return DocumentRemovedError(document_id);
  if (auto status = CheckRequestUse(found.request, document_id); !status.ok()) return status;

  v1::SubmitDocumentResponse response;
  response.set_document("documents/" + document_id);
  if (!found.request.document_id.empty()) return Replay(parts, found, std::move(response), request.validate_only());

  std::vector<IntakeEntry> entries(1);
  auto made = MakeEntry(parts, request, document_id, &found.document, &entries.front(), &response);
  if (!made.ok()) return made;
  if (request.validate_only()) {
    response.set_outcome(v1::SUBMISSION_OUTCOME_VALIDATED);
    return response;
  }
  AddPluginReports(parts, request.document(), document_id, call.deadline, &found.document, &entries, &response);
  if (auto status = server::CheckNotOver(call); !status.ok()) return status;
  const auto position = parts.log->Append(document_id, entries, call.deadline);
  if (!position.ok()) return position.status();
  parts.gate->Remember(document_id, found.document);
  parts.gate->RememberRequest(request.request_id(), {document_id, position->partition, position->sequence});
  response.set_position(position->token);
  return response;
}

absl::StatusOr<v1::ExtractDocumentResponse> ExtractDocument(const IngestParts& parts,
                                                            const v1::ExtractDocumentRequest& request,
                                                            const server::CallContext& call) {
  if (auto status = ValidateExtractDocument(request, LimitsOf(parts)); !status.ok()) return status;
  auto extraction = RunExtraction(parts, request.document(), ids::DocumentId(request.document().content()), "document");
  if (!extraction.ok()) return extraction.status();
  v1::ExtractDocumentResponse response;
  if (parts.plugin != nullptr) {
    PluginReading reading = parts.plugin->Read(extraction->document, request.document().url(), call.deadline);
    *response.mutable_plugin() = std::move(reading.result);
    *response.mutable_plugin_reports() = std::move(*reading.reports.mutable_reports());
  }
  *response.mutable_document() = std::move(extraction->document);
  for (v1::Report& report : extraction->reports) *response.add_reports() = std::move(report);
  *response.mutable_extractor() = parts.extractor->stamp;
  return response;
}

absl::StatusOr<v1::RemoveDocumentResponse> RemoveDocument(const IngestParts& parts,
                                                          const v1::RemoveDocumentRequest& request,
                                                          const server::CallContext& call) {
  if (auto status = ValidateRemoveDocument(request); !status.ok()) return status;
  const auto document_id = ParseDocumentName("name", request.name());
  if (!document_id.ok()) return document_id.status();
  const auto pass = parts.gate->Enter(*document_id, "", call.deadline);
  if (!pass.ok()) return pass.status();
  KnownDocument known = parts.gate->Recall(*document_id);
  if (!known.stored && !known.removed) {
    const auto hint = LookUpForCertain(parts, *document_id, "", false, call.deadline);
    if (!hint.ok()) return hint.status();
    if (!hint->known()) return DocumentNotFoundError(*document_id);
    known.removed = hint->removed();
  }
  v1::RemoveDocumentResponse response;
  if (request.validate_only()) return response;
  if (known.removed) {
    const auto end = parts.log->End(*document_id);
    if (!end.ok()) return end.status();
    response.set_position(end->token);
    return response;
  }
  IntakeEntry entry;
  entry.mutable_document_removed()->set_document_id(*document_id);
  entry.mutable_document_removed()->set_reason(request.reason());
  const auto position = parts.log->Append(*document_id, {std::move(entry)}, call.deadline);
  if (!position.ok()) return position.status();
  known.removed = true;
  parts.gate->Remember(*document_id, known);
  response.set_position(position->token);
  return response;
}

}  // namespace interdict::ingest
