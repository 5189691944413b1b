#include "services/index/resolve/decide.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/index/entry/known_extractors.h"
#include "services/index/entry/names.h"
#include "services/index/resolve/pair_reports.h"
#include "storage/records/keys.h"

namespace interdict::index {
namespace {

using internal::v1::Decision;
using internal::v1::IntakeEntry;
using internal::v1::Reason;
using internal::v1::ReportPlaced;
using internal::v1::ReportSet;
using internal::v1::ResolvedDocument;
using internal::v1::ResolvedReport;

Reason MakeReason(const std::string& code, const std::string& detail, double score) {
  Reason reason;
  reason.set_code(code);
  reason.set_detail(detail);
  reason.set_score(score);
  return reason;
}

v1::Source SourceOf(const internal::v1::DocumentAccepted& accepted) {
  const v1::Document& document = accepted.document();
  v1::Source source;
  source.set_document(document.name());
  source.set_title(document.title());
  source.set_publisher(document.publisher());
  source.set_url(accepted.submission().url());
  source.set_published(document.published());
  *source.mutable_attribution_chain() = document.attribution_chain();
  source.set_reliability(document.reliability());
  return source;
}

// The share of the text that each of `reports` decisions carries.
std::string ShareOfText(const std::string& text, int reports) {
  const size_t share = kMaxDecisionTextBytes / std::max(1, reports);
  if (text.size() <= share) return text;
  size_t end = share;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end);
}

// The set of reports of one entry, being decided.
class SetDecider {
 public:
  SetDecider(const ParsedEntry& entry, const ReportSet& set, v1::Source source, const std::string& text)
      : entry_(entry), set_(set), source_(std::move(source)), text_(ShareOfText(text, set.reports_size())) {}

  absl::StatusOr<std::vector<Decision>> Decide(const ResolvedDocument& known, int64_t now_us, Resolver& resolver);

 private:
  void Split(const ResolvedDocument& known);
  Decision NewDecision() const {
    Decision decision;
    *decision.mutable_cause() = entry_.position();
    return decision;
  }
  ReportPlaced MakePlaced(const v1::Report& report) const {
    ReportPlaced placed;
    *placed.mutable_report() = report;
    *placed.mutable_report()->mutable_extractor() = set_.extractor();
    *placed.mutable_source() = source_;
    placed.mutable_source()->set_report(report.name());
    placed.set_text(text_);
    return placed;
  }
  Decision Replace(const v1::Report& report, const ResolvedReport& old, double overlap) const;
  absl::StatusOr<Decision> Start(const v1::Report& report, int64_t now_us, Resolver& resolver) const;
  Decision Withdraw(const ResolvedReport& old, const std::string& document_id) const;

  const ParsedEntry& entry_;
  const ReportSet& set_;
  const v1::Source source_;
  const std::string text_;
  std::vector<const v1::Report*> newer_;  // that do not stand yet
  std::vector<ResolvedReport> older_;     // of the same extractor, to be replaced or withdrawn
};

void SetDecider::Split(const ResolvedDocument& known) {
  older_.assign(known.reports().begin(), known.reports().end());
  older_.erase(
      std::remove_if(older_.begin(), older_.end(),
                     [&](const ResolvedReport& old) { return old.extractor_name() != set_.extractor().name(); }),
      older_.end());
  for (const v1::Report& report : set_.reports()) {
    const std::string id = records::HexFromId(ReportIdsFromName(report.name())->report);
    const auto standing =
        std::find_if(older_.begin(), older_.end(), [&](const ResolvedReport& old) { return old.report_id() == id; });
    if (standing == older_.end()) {
      newer_.push_back(&report);
    } else {
      older_.erase(standing);
    }
  }
}

Decision SetDecider::Replace(const v1::Report& report, const ResolvedReport& old, double overlap) const {
  Decision decision = NewDecision();
  ReportPlaced* placed = decision.mutable_report_placed();
  *placed = MakePlaced(report);
  placed->set_incident_id(old.incident_id());
  placed->set_incident_create_time_us(old.incident_create_time_us());
  placed->set_replaces_report_id(old.report_id());
  *placed->mutable_earlier_report_ids() = old.earlier_report_ids();
  placed->add_earlier_report_ids(old.report_id());
  *decision.add_reasons() =
      MakeReason("REPLACES_REPORT", "a newer version of the extractor found it in the same passages", overlap);
  return decision;
}

absl::StatusOr<Decision> SetDecider::Start(const v1::Report& report, int64_t now_us, Resolver& resolver) const {
  auto placement = resolver.Place({.report = &report, .source = &source_, .text = &text_, .now_us = now_us});
  if (!placement.ok()) return placement.status();
  Decision decision = NewDecision();
  ReportPlaced* placed = decision.mutable_report_placed();
  *placed = MakePlaced(report);
  placed->set_incident_id(placement->incident_id);
  placed->set_incident_create_time_us(placement->incident_create_time_us);
  decision.mutable_reasons()->Add(placement->reasons.begin(), placement->reasons.end());
  return decision;
}

Decision SetDecider::Withdraw(const ResolvedReport& old, const std::string& document_id) const {
  Decision decision = NewDecision();
  internal::v1::ReportWithdrawn* withdrawn = decision.mutable_report_withdrawn();
  withdrawn->set_incident_id(old.incident_id());
  withdrawn->set_incident_create_time_us(old.incident_create_time_us());
  withdrawn->set_report_id(old.report_id());
  withdrawn->set_document_id(document_id);
  *withdrawn->mutable_earlier_report_ids() = old.earlier_report_ids();
  *decision.add_reasons() =
      MakeReason("EXTRACTION_REPLACED",
                 absl::StrCat("version ", set_.extractor().version(), " of the extractor no longer finds it"), 1);
  return decision;
}

absl::StatusOr<std::vector<Decision>> SetDecider::Decide(const ResolvedDocument& known, int64_t now_us,
                                                         Resolver& resolver) {
  Split(known);
  const std::vector<ReportPair> pairs = PairReports(newer_, older_);
  std::vector<bool> older_paired(older_.size());
  std::vector<Decision> decisions;
  for (size_t n = 0; n < newer_.size(); ++n) {
    const auto pair = std::find_if(pairs.begin(), pairs.end(), [&](const ReportPair& p) { return p.newer == n; });
    if (pair != pairs.end()) {
      older_paired[pair->older] = true;
      decisions.push_back(Replace(*newer_[n], older_[pair->older], pair->overlap));
      continue;
    }
    auto decision = Start(*newer_[n], now_us, resolver);
    if (!decision.ok()) return decision.status();
    decisions.push_back(*std::move(decision));
  }
  for (size_t o = 0; o < older_.size(); ++o) {
    if (!older_paired[o]) decisions.push_back(Withdraw(older_[o], known.document_id()));
  }
  return decisions;
}

}  // namespace

absl::StatusOr<std::vector<Decision>> DecideReports(const ParsedEntry& entry, const ResolvedDocument& known,
                                                    int64_t now_us, Resolver& resolver) {
  const IntakeEntry& intake = *entry.intake;
  if (intake.event_case() == IntakeEntry::kDocumentAccepted) {
    const auto& accepted = intake.document_accepted();
    if (!IsNewer(accepted.report_set().extractor(), known.extractors())) return std::vector<Decision>();
    return SetDecider(entry, accepted.report_set(), SourceOf(accepted), accepted.document().text())
        .Decide(known, now_us, resolver);
  }
  if (intake.event_case() == IntakeEntry::kReportsAccepted) {
    const auto& accepted = intake.reports_accepted();
    if (!IsNewer(accepted.report_set().extractor(), known.extractors())) return std::vector<Decision>();
    return SetDecider(entry, accepted.report_set(), accepted.source(), accepted.text()).Decide(known, now_us, resolver);
  }
  return std::vector<Decision>();
}

std::vector<Decision> DecideErasures(const ParsedEntry& entry, const ResolvedDocument& known) {
  std::vector<Decision> decisions;
  for (const ResolvedReport& report : known.reports()) {
    Decision& decision = decisions.emplace_back();
    *decision.mutable_cause() = entry.position();
    internal::v1::ReportErased* erased = decision.mutable_report_erased();
    erased->set_incident_id(report.incident_id());
    erased->set_incident_create_time_us(report.incident_create_time_us());
    erased->set_report_id(report.report_id());
    erased->set_document_id(known.document_id());
    *erased->mutable_earlier_report_ids() = report.earlier_report_ids();
    *decision.add_reasons() = MakeReason("DOCUMENT_REMOVED", "its document was taken down", 1);
  }
  return decisions;
}

uint32_t IncidentPartition(const std::string& incident_id, uint32_t partitions) {
  uint64_t prefix = 0;  // ids are hashes: their beginning is evenly spread
  for (size_t i = 0; i < 8 && i < incident_id.size(); ++i) {
    const char digit = incident_id[i];
    prefix = prefix << 4 | static_cast<uint64_t>(digit <= '9' ? digit - '0' : digit - 'a' + 10);
  }
  return static_cast<uint32_t>(prefix % partitions);
}

const std::string& IncidentOf(const Decision& decision) {
  if (decision.has_report_placed()) return decision.report_placed().incident_id();
  if (decision.has_report_withdrawn()) return decision.report_withdrawn().incident_id();
  return decision.report_erased().incident_id();
}

}  // namespace interdict::index
