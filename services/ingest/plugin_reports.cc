#include "services/ingest/plugin_reports.h"

#include <utility>

namespace interdict::ingest {
namespace {

using internal::v1::IntakeEntry;

// Whether this version, or a higher one, of the extractor has read the document.
bool HasRead(const KnownDocument& known, const v1::Extractor& extractor) {
  const auto version = known.extractors.find(extractor.name());
  return version != known.extractors.end() && !IsOlder(version->second, extractor.version());
}

void SetKnown(const v1::Extractor& extractor, v1::PluginResult* result) {
  result->Clear();
  result->set_state(v1::PluginResult::STATE_KNOWN);
  *result->mutable_extractor() = extractor;
}

v1::Source SourceOf(const v1::Document& document, const v1::DocumentInput& input) {
  v1::Source source;
  source.set_document(document.name());
  source.set_title(document.title());
  source.set_publisher(document.publisher());
  source.set_url(input.url());
  source.set_published(document.published());
  *source.mutable_attribution_chain() = document.attribution_chain();
  source.set_reliability(document.reliability());
  return source;
}

}  // namespace

void AddPluginReports(const IngestParts& parts, const v1::DocumentInput& input, const std::string& document_id,
                      absl::Time deadline, KnownDocument* known, std::vector<IntakeEntry>* entries,
                      v1::SubmitDocumentResponse* response) {
  if (parts.plugin == nullptr) return;
  v1::PluginResult* result = response->mutable_plugin();
  const v1::Extractor last_seen = parts.plugin->last_seen();
  if (!last_seen.name().empty() && HasRead(*known, last_seen)) return SetKnown(last_seen, result);
  v1::Document document;
  if (entries->front().has_document_accepted()) {
    document = entries->front().document_accepted().document();
  } else {
    // A known document that the plug-in missed: its text is what the same bytes give again.
    auto extraction = RunExtraction(parts, input, document_id, "document");
    if (!extraction.ok()) {
      result->set_state(v1::PluginResult::STATE_FAILED);
      result->set_problem("the document's text could not be read again");
      return;
    }
    document = std::move(extraction->document);
  }
  PluginReading reading = parts.plugin->Read(document, input.url(), deadline);
  *result = std::move(reading.result);
  if (result->state() != v1::PluginResult::STATE_REPORTED) return;
  if (HasRead(*known, result->extractor())) return SetKnown(v1::Extractor(result->extractor()), result);
  if (response->outcome() == v1::SUBMISSION_OUTCOME_DUPLICATE)
    response->set_outcome(v1::SUBMISSION_OUTCOME_REEXTRACTED);
  known->extractors[result->extractor().name()] = result->extractor().version();
  auto* accepted = entries->emplace_back().mutable_reports_accepted();
  accepted->set_document_id(document_id);
  *accepted->mutable_source() = SourceOf(document, input);
  accepted->set_text(std::move(*document.mutable_text()));
  *accepted->mutable_report_set() = std::move(reading.reports);
}

}  // namespace interdict::ingest
