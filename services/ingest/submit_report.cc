#include "services/ingest/submit_report.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "services/server/status.h"
#include "storage/ids/ids.h"

namespace interdict::ingest {
namespace {

using internal::v1::IntakeEntry;
using internal::v1::ReportSet;

// How large a report set may grow with its quotes filled: it must fit into messages.
constexpr size_t kMaxReportSetBytes = 16 << 20;

// What the call is about.
struct Subject {
  std::string document_id;
  KnownDocument known;
  UsedRequest request;
  std::string text;
  v1::Source source;      // of a stored document
  v1::Document document;  // of a new one
};

void ReadHint(internal::v1::LookUpDocumentResponse hint, Subject* subject) {
  subject->known.stored = hint.known();
  subject->known.removed = hint.removed();
  subject->known.extraction_status = hint.extraction_status();
  for (const v1::Extractor& extractor : hint.extractors()) {
    subject->known.extractors[extractor.name()] = extractor.version();
  }
  if (!hint.request_document_id().empty()) {
    subject->request = {.document_id = hint.request_document_id(),
                        .partition = hint.request_position().partition(),
                        .sequence = hint.request_position().sequence()};
  }
  subject->text = std::move(*hint.mutable_text());
  subject->source = std::move(*hint.mutable_source());
}

// Looks the document up; a new one is read for its text, and the reports of that reading dropped.
absl::StatusOr<Subject> FindSubject(const IngestParts& parts, const v1::SubmitReportRequest& request,
                                    const std::string& document_id, const server::CallContext& call) {
  Subject subject{.document_id = document_id};
  auto hint = LookUpForCertain(parts, document_id, request.request_id(), true, call.deadline);
  if (!hint.ok()) return hint.status();
  ReadHint(*std::move(hint), &subject);
  if (parts.gate->Recall(document_id).removed) subject.known.removed = true;
  if (subject.known.removed) return DocumentRemovedError(document_id);
  if (subject.request.document_id.empty()) subject.request = parts.gate->RecallRequest(request.request_id());
  if (auto status = CheckRequestUse(subject.request, document_id); !status.ok()) return status;
  if (subject.known.stored) return subject;
  if (!request.has_input()) return DocumentNotFoundError(document_id);
  auto extraction = RunExtraction(parts, request.input(), document_id, "input");
  if (!extraction.ok()) return extraction.status();
  subject.document = std::move(extraction->document);
  subject.document.set_extraction_status(v1::EXTRACTION_STATUS_UNSPECIFIED);
  subject.text = subject.document.text();
  return subject;
}

absl::StatusOr<ReportSet> MakeReportSet(const v1::SubmitReportRequest& request, const Subject& subject) {
  const EvidenceText text{.document = "documents/" + subject.document_id,
                          .text = subject.text,
                          .text_sha256 = ids::Sha256Hex(subject.text)};
  ReportSet set;
  *set.mutable_extractor() = request.extractor();
  size_t bytes = 0;
  for (int i = 0; i < request.facts_size(); ++i) {
    v1::Report* report = set.add_reports();
    report->set_ordinal(static_cast<uint32_t>(i));
    *report->mutable_extractor() = request.extractor();
    report->set_name(ReportName(subject.document_id, request.extractor(), report->ordinal()));
    *report->mutable_facts() = request.facts(i);
    const std::string path = absl::StrCat("facts[", i, "]");
    if (auto status = CheckAndFillFacts(path, text, report->mutable_facts()); !status.ok()) return status;
    bytes += report->ByteSizeLong();
    if (bytes > kMaxReportSetBytes) {
      return server::InvalidField(path, absl::StrCat("with quotes filled the facts have more than ", kMaxReportSetBytes,
                                                     " bytes; mark shorter spans"));
    }
  }
  return set;
}

// DUPLICATE and REPLAYED: nothing is stored but, for a known document handed in again, its sighting.
absl::StatusOr<v1::SubmitReportResponse> AnswerKnown(const IngestParts& parts, const v1::SubmitReportRequest& request,
                                                     const Subject& subject, v1::SubmitReportResponse response,
                                                     const server::CallContext& call) {
  const bool replayed = !subject.request.document_id.empty();
  response.set_outcome(replayed ? v1::SUBMISSION_OUTCOME_REPLAYED : v1::SUBMISSION_OUTCOME_DUPLICATE);
  absl::StatusOr<IntakePosition> position = IntakePosition();
  if (replayed) {
    position = parts.log->At(subject.request.partition, subject.request.sequence);
  } else if (request.has_input()) {
    IntakeEntry sighting;
    sighting.set_request_id(request.request_id());
    sighting.mutable_document_sighted()->set_document_id(subject.document_id);
    *sighting.mutable_document_sighted()->mutable_submission() = MakeSubmission(request.input());
    position = parts.log->Append(subject.document_id, {std::move(sighting)}, call.deadline);
    if (position.ok()) {
      parts.gate->RememberRequest(request.request_id(), {subject.document_id, position->partition, position->sequence});
    }
  } else {
    position = parts.log->End(subject.document_id);
  }
  if (!position.ok()) return position.status();
  response.set_position(position->token);
  return response;
}

// One entry for a new document; for a known one its sighting, if it was handed in, and the reports.
std::vector<IntakeEntry> MakeEntries(const v1::SubmitReportRequest& request, Subject subject, ReportSet set) {
  std::vector<IntakeEntry> entries;
  if (!subject.known.stored) {
    auto* accepted = entries.emplace_back().mutable_document_accepted();
    accepted->set_content(request.input().content());
    *accepted->mutable_document() = std::move(subject.document);
    *accepted->mutable_submission() = MakeSubmission(request.input());
    *accepted->mutable_report_set() = std::move(set);
  } else {
    if (request.has_input()) {
      auto* sighted = entries.emplace_back().mutable_document_sighted();
      sighted->set_document_id(subject.document_id);
      *sighted->mutable_submission() = MakeSubmission(request.input());
    }
    auto* accepted = entries.emplace_back().mutable_reports_accepted();
    accepted->set_document_id(subject.document_id);
    subject.source.set_document("documents/" + subject.document_id);
    *accepted->mutable_source() = std::move(subject.source);
    accepted->set_text(std::move(subject.text));
    *accepted->mutable_report_set() = std::move(set);
  }
  // Only on the last: on both, the second would look like a repetition of the first.
  entries.back().set_request_id(request.request_id());
  return entries;
}

absl::Status CheckNotSuperseded(const v1::Extractor& extractor, const KnownDocument& known) {
  const auto version = known.extractors.find(extractor.name());
  if (version == known.extractors.end() || !IsOlder(extractor.version(), version->second)) return absl::OkStatus();
  return server::Error(absl::StatusCode::kFailedPrecondition, "EXTRACTOR_SUPERSEDED",
                       absl::StrCat("version ", version->second, " of this extractor has reported on the document; ",
                                    "send the reports of a higher version"),
                       {{"extractor", extractor.name()}, {"version", version->second}});
}

}  // namespace

absl::StatusOr<v1::SubmitReportResponse> SubmitReport(const IngestParts& parts, const v1::SubmitReportRequest& request,
                                                      const server::CallContext& call) {
  if (auto status = ValidateSubmitReport(request, LimitsOf(parts)); !status.ok()) return status;
  if (!request.validate_only()) {
    if (auto status = parts.backpressure->Check(); !status.ok()) return status;
  }
  const std::string document_id = request.has_input() ? ids::DocumentId(request.input().content())
                                                      : *ParseDocumentName("document", request.document());
  const auto pass = parts.gate->Enter(document_id, request.request_id(), call.deadline);
  if (!pass.ok()) return pass.status();
  auto subject = FindSubject(parts, request, document_id, call);
  if (!subject.ok()) return subject.status();

  v1::SubmitReportResponse response;
  response.set_document("documents/" + document_id);
  for (int i = 0; i < request.facts_size(); ++i) {
    response.add_reports(ReportName(document_id, request.extractor(), static_cast<uint32_t>(i)));
  }
  // What this process wrote since the index folded.
  for (const auto& [name, version] : parts.gate->Recall(document_id).extractors) {
    std::string& known = subject->known.extractors[name];
    if (known.empty() || IsOlder(known, version)) known = version;
  }
  auto set = MakeReportSet(request, *subject);
  if (!set.ok()) return set.status();
  if (auto status = CheckNotSuperseded(request.extractor(), subject->known); !status.ok()) return status;
  if (request.validate_only()) {
    response.set_outcome(v1::SUBMISSION_OUTCOME_VALIDATED);
    return response;
  }
  const auto version = subject->known.extractors.find(request.extractor().name());
  const bool duplicate =
      version != subject->known.extractors.end() && !IsOlder(version->second, request.extractor().version());
  if (!subject->request.document_id.empty() || duplicate) {
    return AnswerKnown(parts, request, *subject, std::move(response), call);
  }
  if (auto status = server::CheckNotOver(call); !status.ok()) return status;
  KnownDocument known = subject->known;
  response.set_outcome(known.extractors.count(request.extractor().name()) > 0 ? v1::SUBMISSION_OUTCOME_REEXTRACTED
                                                                              : v1::SUBMISSION_OUTCOME_ACCEPTED);
  const auto position =
      parts.log->Append(document_id, MakeEntries(request, *std::move(subject), *std::move(set)), call.deadline);
  if (!position.ok()) return position.status();
  known.stored = true;
  known.extractors[request.extractor().name()] = request.extractor().version();
  parts.gate->Remember(document_id, known);
  parts.gate->RememberRequest(request.request_id(), {document_id, position->partition, position->sequence});
  response.set_position(position->token);
  return response;
}

}  // namespace interdict::ingest
