#include "services/index/resolve/resolver_view.h"

#include <algorithm>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "services/index/entry/known_extractors.h"
#include "services/index/entry/names.h"
#include "services/index/resolve/evidence_spans.h"
#include "storage/records/keys.h"

namespace interdict::index {
namespace {

namespace family = records::family;
using internal::v1::Decision;
using internal::v1::IntakeEntry;
using internal::v1::LogPosition;
using internal::v1::ReportPlaced;
using internal::v1::ResolvedDocument;
using internal::v1::ResolvedReport;

constexpr std::string_view kResolverDocuments = "resolver_documents";
constexpr uint32_t kResolverSchemaVersion = 1;
constexpr log::ReadLimits kStepLimits = {.max_entries = 256, .max_bytes = 4 << 20};

std::string RawDocumentId(const std::string& hex) { return *records::IdFromHex(hex, records::kDocumentIdBytes); }

void Save(const ResolvedDocument& document, const std::string& document_id, records::Batch* batch) {
  batch->Put(kResolverDocuments, document_id, document.SerializeAsString());
}

// Keeps the entries ordered, each once.
void AddEntry(const LogPosition& position, ResolvedDocument& document) {
  const auto key = [](const LogPosition& p) { return std::make_tuple(p.log(), p.partition(), p.sequence()); };
  auto* entries = document.mutable_entries();
  const bool there =
      std::any_of(entries->begin(), entries->end(), [&](const LogPosition& p) { return key(p) == key(position); });
  if (there) return;
  *entries->Add() = position;
  std::sort(entries->begin(), entries->end(),
            [&](const LogPosition& a, const LogPosition& b) { return key(a) < key(b); });
}

void DropReport(const std::string& report_id, ResolvedDocument& document) {
  auto* reports = document.mutable_reports();
  reports->erase(std::remove_if(reports->begin(), reports->end(),
                                [&](const ResolvedReport& report) { return report.report_id() == report_id; }),
                 reports->end());
}

void NotePlaced(const ReportPlaced& placed, const LogPosition& position, ResolvedDocument& document) {
  AddEntry(position, document);
  for (const std::string& earlier : placed.earlier_report_ids()) DropReport(earlier, document);
  const std::string report_id = records::HexFromId(ReportIdsFromName(placed.report().name())->report);
  const auto& reports = document.reports();
  const bool there = std::any_of(reports.begin(), reports.end(),
                                 [&](const ResolvedReport& report) { return report.report_id() == report_id; });
  if (there) return;
  ResolvedReport* report = document.add_reports();
  report->set_report_id(report_id);
  report->set_incident_id(placed.incident_id());
  report->set_incident_create_time_us(placed.incident_create_time_us());
  report->set_extractor_name(placed.report().extractor().name());
  const std::vector<uint32_t> spans = EvidenceSpans(placed.report());
  report->mutable_spans()->Add(spans.begin(), spans.end());
  *report->mutable_position() = position;
  *report->mutable_earlier_report_ids() = placed.earlier_report_ids();
}

absl::Status NoteDecision(const ParsedEntry& entry, const records::Reader& reader, records::Batch* batch) {
  const Decision& decision = *entry.decision;
  if (decision.event_case() == Decision::kWatermark) {
    for (const LogPosition& decided : decision.watermark().decided()) {
      const std::string key = records::WatermarkMetaKey(entry.partition, {log::LogName::kIntake, decided.partition()});
      auto before = GetNumber(reader, key);
      if (!before.ok()) return before.status();
      if (decided.sequence() > *before) PutNumber(batch, key, decided.sequence());
    }
    return absl::OkStatus();
  }
  std::string document_id;
  std::string gone;
  if (decision.event_case() == Decision::kReportPlaced) {
    document_id = ReportIdsFromName(decision.report_placed().report().name())->document;
  } else if (decision.event_case() == Decision::kReportWithdrawn) {
    document_id = RawDocumentId(decision.report_withdrawn().document_id());
    gone = decision.report_withdrawn().report_id();
  } else {
    document_id = RawDocumentId(decision.report_erased().document_id());
    gone = decision.report_erased().report_id();
  }
  auto document = LoadResolved(reader, document_id);
  if (!document.ok()) return document.status();
  if (gone.empty()) {
    NotePlaced(decision.report_placed(), entry.position(), *document);
  } else {
    DropReport(gone, *document);
    const bool withdrawn = decision.event_case() == Decision::kReportWithdrawn;
    const auto& earlier =
        withdrawn ? decision.report_withdrawn().earlier_report_ids() : decision.report_erased().earlier_report_ids();
    for (const std::string& id : earlier) DropReport(id, *document);
  }
  Save(*document, document_id, batch);
  return absl::OkStatus();
}

absl::Status NoteIntake(const ParsedEntry& entry, const records::Reader& reader, records::Batch* batch) {
  const IntakeEntry& intake = *entry.intake;
  if (intake.event_case() == IntakeEntry::kDocumentSighted) return absl::OkStatus();
  const std::string document_id = DocumentOf(entry);
  if (document_id.empty()) return absl::OkStatus();
  auto document = LoadResolved(reader, document_id);
  if (!document.ok()) return document.status();
  if (document->removed()) return absl::OkStatus();
  if (intake.event_case() == IntakeEntry::kDocumentRemoved) {
    document->set_removed(true);
    document->clear_entries();
    document->clear_extractors();
  } else {
    const auto& set = intake.event_case() == IntakeEntry::kDocumentAccepted ? intake.document_accepted().report_set()
                                                                            : intake.reports_accepted().report_set();
    AddEntry(entry.position(), *document);
    NoteExtractor(set.extractor(), document->mutable_extractors());
  }
  Save(*document, document_id, batch);
  return absl::OkStatus();
}

}  // namespace

std::string DocumentOf(const ParsedEntry& entry) {
  if (!entry.intake.has_value()) return "";
  switch (entry.intake->event_case()) {
    case IntakeEntry::kDocumentAccepted:
      return *DocumentIdFromName(entry.intake->document_accepted().document().name());
    case IntakeEntry::kDocumentSighted:
      return RawDocumentId(entry.intake->document_sighted().document_id());
    case IntakeEntry::kReportsAccepted:
      return RawDocumentId(entry.intake->reports_accepted().document_id());
    case IntakeEntry::kDocumentRemoved:
      return RawDocumentId(entry.intake->document_removed().document_id());
    default:  // of no document
      break;
  }
  return "";
}

absl::StatusOr<ResolvedDocument> LoadResolved(const records::Reader& reader, const std::string& document_id) {
  auto value = reader.Get(kResolverDocuments, document_id);
  if (!value.ok()) return value.status();
  ResolvedDocument document;
  if (value->has_value() && !document.ParseFromString(**value)) {
    return absl::DataLossError("a record of resolver_documents is not readable: delete the resolver's folder");
  }
  document.set_document_id(records::HexFromId(document_id));
  return document;
}

absl::Status NoteEntry(const ParsedEntry& entry, const records::Reader& reader, records::Batch* batch) {
  absl::Status status;
  if (entry.intake.has_value()) status = NoteIntake(entry, reader, batch);
  if (entry.decision.has_value()) status = NoteDecision(entry, reader, batch);
  if (status.ok()) PutNumber(batch, records::PositionMetaKey(entry.partition), entry.sequence);
  return status;
}

ResolverView::ResolverView(std::unique_ptr<records::Store> store, log::LogReader* log, log::LogIdentity identity)
    : store_(std::move(store)), log_(log), identity_(std::move(identity)) {}

absl::StatusOr<std::unique_ptr<ResolverView>> ResolverView::Open(const std::string& path, log::LogReader* log) {
  auto identity = log->Identity();
  if (!identity.ok()) return identity.status();
  records::StoreOptions options;
  options.families = {std::string(kResolverDocuments)};
  options.schema_version = kResolverSchemaVersion;
  options.block_cache_bytes = 16 << 20;
  options.write_buffer_bytes = 8 << 20;
  auto store = records::Store::Open(path, options);
  if (!store.ok()) return store.status();
  absl::Status status = BindToLog(store->get(), log, *identity, path);
  if (!status.ok()) return status;
  return std::unique_ptr<ResolverView>(new ResolverView(*std::move(store), log, *std::move(identity)));
}

absl::StatusOr<log::Positions> ResolverView::Positions() const { return ReadPositions(*store_->Snapshot(), identity_); }

absl::StatusOr<Watermarks> ResolverView::DecidedIn() const { return ReadWatermarks(*store_->Snapshot(), identity_); }

absl::Status ResolverView::CatchUp() {
  for (uint32_t i = 0; i < identity_.incident_partitions; ++i) {
    absl::Status status = Follow({log::LogName::kIncidents, i}, UINT64_MAX);
    if (!status.ok()) return status;
  }
  auto watermarks = DecidedIn();
  if (!watermarks.ok()) return watermarks.status();
  for (uint32_t q = 0; q < identity_.intake_partitions; ++q) {
    const log::PartitionId intake = {log::LogName::kIntake, q};
    absl::Status status = Follow(intake, DecidedEverywhere(*watermarks, identity_, intake));
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status ResolverView::Follow(log::PartitionId partition, uint64_t up_to) {
  while (true) {
    auto after = GetNumber(*store_->Snapshot(), records::PositionMetaKey(partition));
    if (!after.ok()) return after.status();
    if (*after >= up_to) return absl::OkStatus();
    auto entries = log_->Read(partition, *after, kStepLimits);
    if (!entries.ok()) return entries.status();
    records::Batch batch;
    const auto base = store_->Snapshot();
    const records::OverlayReader reader(base.get(), &batch);
    for (const log::Entry& entry : *entries) {
      if (entry.sequence > up_to) break;
      auto parsed = ParseEntry(partition, entry);
      if (!parsed.ok()) return parsed.status();
      absl::Status status = NoteEntry(*parsed, reader, &batch);
      if (!status.ok()) return status;
    }
    if (batch.empty()) return absl::OkStatus();
    absl::Status status = store_->Commit(batch, /*durable=*/false);
    if (!status.ok()) return status;
  }
}

}  // namespace interdict::index
