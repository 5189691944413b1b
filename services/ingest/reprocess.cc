#include "services/ingest/reprocess.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "services/ingest/plugin_reports.h"
#include "services/server/status.h"

namespace interdict::ingest {
namespace {

using internal::v1::DocumentAccepted;
using internal::v1::IntakeEntry;

// What was handed in then.
v1::DocumentInput InputOf(const DocumentAccepted& accepted) {
  v1::DocumentInput input;
  input.set_content(accepted.content());
  input.set_content_type(accepted.submission().content_type());
  input.set_url(accepted.submission().url());
  input.set_publisher(accepted.submission().publisher());
  input.set_published(accepted.submission().published());
  input.set_external_id(accepted.submission().external_id());
  input.set_tlp(accepted.submission().tlp());
  return input;
}

// What is known for certain of a document: by the index, and by this process since.
absl::StatusOr<KnownDocument> Recall(const IngestParts& parts, const std::string& document_id, absl::Time deadline) {
  KnownDocument known = parts.gate->Recall(document_id);
  if (known.removed) return known;
  const auto hint = LookUpForCertain(parts, document_id, "", /*with_text=*/false, deadline);
  if (!hint.ok()) return hint.status();
  known.stored = known.stored || hint->known();
  known.removed = hint->removed();
  for (const v1::Extractor& extractor : hint->extractors()) {
    std::string& version = known.extractors[extractor.name()];
    if (version.empty() || IsOlder(version, extractor.version())) version = extractor.version();
  }
  return known;
}

}  // namespace

absl::Status ReprocessRun::Begin(const v1::ReprocessDocumentsRequest& request) {
  validate_only_ = request.validate_only();
  auto ends = parts_.log->Ends();
  if (!ends.ok()) return ends.status();
  until_ = *std::move(ends);
  if (!request.resume_token().empty()) {
    auto at = parts_.log->DecodeToken("resume_token", request.resume_token());
    if (!at.ok()) return at.status();
    at_ = *std::move(at);
  }
  uint64_t total = 0;
  for (const auto& [partition, end] : until_) {
    total += end;
    if (at_[partition] <= end) continue;
    return server::InvalidField("resume_token",
                                absl::StrCat("stands behind the end of ", log::ToString(partition),
                                             "; give a token that ReprocessDocuments has answered with"));
  }
  told_.set_total_count(total);
  return absl::OkStatus();
}

absl::StatusOr<v1::ReprocessDocumentsResponse> ReprocessRun::Next(absl::Duration duration,
                                                                  const server::CallContext& call) {
  const absl::Time stop = absl::Now() + duration;
  while (absl::Now() < stop) {
    if (auto status = server::CheckNotOver(call); !status.ok()) return status;
    if (next_entry_ == entries_.size()) {
      auto more = Refill();
      if (!more.ok()) return more.status();
      if (!*more) {
        told_.set_done(true);
        break;
      }
    }
    if (!validate_only_ && !parts_.backpressure->Check().ok()) {
      absl::SleepFor(std::min(parts_.options->status_interval, stop - absl::Now()));
      continue;
    }
    const log::Entry& entry = entries_[next_entry_];
    if (auto status = Examine(entry, call); !status.ok()) return status;
    at_[partition_] = entry.sequence;
    told_.set_examined_count(told_.examined_count() + 1);
    ++next_entry_;
  }
  auto token = parts_.log->EncodeToken(at_);
  if (!token.ok()) return token.status();
  told_.set_resume_token(*std::move(token));
  return told_;
}

absl::StatusOr<bool> ReprocessRun::Refill() {
  for (const auto& [partition, end] : until_) {
    if (at_[partition] >= end) continue;
    auto entries = parts_.log->Read(partition.number, at_[partition]);
    if (!entries.ok()) return entries.status();
    entries_ = *std::move(entries);
    while (!entries_.empty() && entries_.back().sequence > end) entries_.pop_back();
    next_entry_ = 0;
    partition_ = partition;
    return !entries_.empty();
  }
  return false;
}

absl::Status ReprocessRun::Examine(const log::Entry& raw, const server::CallContext& call) {
  IntakeEntry entry;
  // What is erased, or cannot be read, the index has skipped as well: nothing of it is stored.
  if (raw.erased || !entry.ParseFromString(raw.payload) || !entry.has_document_accepted()) return absl::OkStatus();
  const DocumentAccepted& accepted = entry.document_accepted();
  const auto document_id = ParseDocumentName("document.name", accepted.document().name());
  if (!document_id.ok()) return absl::OkStatus();
  const auto pass = parts_.gate->Enter(*document_id, "", call.deadline);
  if (!pass.ok()) return pass.status();
  auto known = Recall(parts_, *document_id, call.deadline);
  if (!known.ok()) return known.status();
  const v1::Extractor& stamp = parts_.extractor->stamp;
  const std::string version = known->extractors[stamp.name()];
  const bool up_to_date = !version.empty() && !IsOlder(version, stamp.version());
  // A later entry has the reports that stand.
  const bool superseded = IsOlder(accepted.report_set().extractor().version(), version);
  if (!known->stored || known->removed || up_to_date || superseded) {
    told_.set_skipped_count(told_.skipped_count() + 1);
    return absl::OkStatus();
  }
  if (!validate_only_) return ReadAgain(accepted, *document_id, *std::move(known), call);
  told_.set_reprocessed_count(told_.reprocessed_count() + 1);
  return absl::OkStatus();
}

absl::Status ReprocessRun::ReadAgain(const DocumentAccepted& before, const std::string& document_id,
                                     KnownDocument known, const server::CallContext& call) {
  const v1::DocumentInput input = InputOf(before);
  auto extraction = RunExtraction(parts_, input, document_id, "document");
  if (!extraction.ok()) {
    Fail(document_id, extraction.status());
    return absl::OkStatus();
  }
  known.extraction_status = extraction->document.extraction_status();
  known.extractors[parts_.extractor->stamp.name()] = parts_.extractor->stamp.version();
  std::vector<IntakeEntry> entries(1);
  DocumentAccepted* accepted = entries.front().mutable_document_accepted();
  accepted->set_content(before.content());
  *accepted->mutable_submission() = before.submission();
  *accepted->mutable_document() = std::move(extraction->document);
  accepted->set_read_again(true);
  *accepted->mutable_report_set()->mutable_extractor() = parts_.extractor->stamp;
  for (v1::Report& report : extraction->reports) *accepted->mutable_report_set()->add_reports() = std::move(report);
  v1::SubmitDocumentResponse plugin;  // what the plug-in did is counted by its own metrics
  AddPluginReports(parts_, input, document_id, call.deadline, &known, &entries, &plugin);
  const auto position = parts_.log->Append(document_id, entries, call.deadline);
  if (!position.ok()) return position.status();
  parts_.gate->Remember(document_id, known);
  told_.set_reprocessed_count(told_.reprocessed_count() + 1);
  told_.set_position(position->token);
  return absl::OkStatus();
}

void ReprocessRun::Fail(const std::string& document_id, const absl::Status& why) {
  told_.set_failed_count(told_.failed_count() + 1);
  if (told_.problem().empty()) told_.set_problem(absl::StrCat("documents/", document_id, ": ", why.message()));
}

}  // namespace interdict::ingest
