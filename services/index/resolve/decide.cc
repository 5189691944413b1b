#include "services/index/resolve/decide.h"

#include <algorithm>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "services/index/entry/known_extractors.h"
#include "services/index/entry/names.h"
#include "services/index/resolve/component.h"
#include "services/index/resolve/entities/entity_resolver.h"
#include "services/index/resolve/pair_reports.h"
#include "services/index/resolve/view_rows.h"
#include "storage/ids/ids.h"
#include "storage/records/keys.h"

namespace interdict::index {
namespace {

using internal::v1::Decision;
using internal::v1::IntakeEntry;
using internal::v1::Reason;
using internal::v1::ReportPlaced;
using internal::v1::ReportSet;
using internal::v1::ResolvedDocument;
using internal::v1::ResolvedLine;
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

// When an incident was created, as far as the view knows.
absl::StatusOr<int64_t> CreateTimeOf(const std::string& incident_id, const records::Reader& view) {
  auto incident = view::LoadIncident(view, incident_id);
  if (!incident.ok()) return incident.status();
  return incident->has_value() ? (*incident)->create_time_us() : 0;
}

// Judgements that speak of a group whose lines have changed may have lost their reports, or a retracted one is back.
absl::Status SettleIfJudged(const std::string& group_id, const Reason& why, const SettleOptions& options,
                            const Resolver& resolver, DecisionSink& sink) {
  auto current = view::CurrentGroup(sink.view(), group_id);
  if (!current.ok()) return current.status();
  auto judged = IsJudged(*current, sink.view());
  if (!judged.ok()) return judged.status();
  return *judged ? Settle({*current}, "", why, options, resolver, sink) : absl::OkStatus();
}

// The set of reports of one entry, being decided.
class SetDecider {
 public:
  SetDecider(const ParsedEntry& entry, const ReportSet& set, v1::Source source, const std::string& text,
             const SettleOptions& options, const Resolver& resolver, DecisionSink& sink)
      : entry_(entry),
        set_(set),
        source_(std::move(source)),
        text_(ShareOfText(text, set.reports_size())),
        options_(options),
        resolver_(resolver),
        sink_(sink) {}

  absl::Status Decide(const ResolvedDocument& known, int64_t now_us);

 private:
  void Split(const ResolvedDocument& known);
  ReportPlaced MakePlaced(const v1::Report& report) const {
    ReportPlaced placed;
    *placed.mutable_report() = report;
    *placed.mutable_report()->mutable_extractor() = set_.extractor();
    *placed.mutable_source() = source_;
    placed.mutable_source()->set_report(report.name());
    placed.set_text(text_);
    return placed;
  }
  absl::Status Place(Decision decision);
  absl::Status Replace(const v1::Report& report, const ResolvedReport& old, double overlap);
  absl::Status Start(const v1::Report& report, int64_t now_us);
  absl::StatusOr<LinePlace> PlaceInGroup(const MemberLine& line);
  absl::Status JoinGroups(const std::string& group_id, const std::vector<std::string>& others);
  absl::Status Suggest(const std::string& group_id, const AlikeGroup& alike);
  absl::Status Withdraw(const ResolvedReport& old, const std::string& document_id);

  const ParsedEntry& entry_;
  const ReportSet& set_;
  const v1::Source source_;
  const std::string text_;
  const SettleOptions& options_;
  const Resolver& resolver_;
  DecisionSink& sink_;
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

// Says who the parties of a report are, then places it.
absl::Status SetDecider::Place(Decision decision) {
  const ReportPlaced& placed = decision.report_placed();
  const ReportIds ids = *ReportIdsFromName(placed.report().name());
  auto group = view::CurrentGroup(sink_.view(), placed.group_id());
  if (!group.ok()) return group.status();
  auto mentions = ResolveEntities({.report = &placed.report(),
                                   .document_id = records::HexFromId(ids.document),
                                   .report_id = records::HexFromId(ids.report),
                                   .incident_id = placed.incident_id(),
                                   .group_id = *group,
                                   .published = placed.source().published()},
                                  sink_.view());
  if (!mentions.ok()) return mentions.status();
  for (EntityDecision& mention : *mentions) {
    Decision linked;
    *linked.mutable_mention_linked() = std::move(mention.linked);
    linked.mutable_reasons()->Assign(mention.reasons.begin(), mention.reasons.end());
    if (absl::Status status = sink_.Emit(std::move(linked)); !status.ok()) return status;
  }
  return sink_.Emit(std::move(decision));
}

absl::Status SetDecider::Replace(const v1::Report& report, const ResolvedReport& old, double overlap) {
  auto line = view::LoadLine(sink_.view(), old.line_id());
  if (!line.ok()) return line.status();
  if (!line->has_value() || (*line)->all_incident_ids().empty()) {
    return absl::DataLossError("a line of reports is missing in the resolver's view: delete the resolver's folder");
  }
  // Where the older one stands; one that a judgement retracts goes back to where it was and is retracted again.
  const auto& standing = (*line)->incident_ids();
  const std::string incident_id = *(standing.empty() ? (*line)->all_incident_ids().rbegin() : standing.rbegin());
  auto created = CreateTimeOf(incident_id, sink_.view());
  if (!created.ok()) return created.status();
  Decision decision;
  ReportPlaced* placed = decision.mutable_report_placed();
  *placed = MakePlaced(report);
  placed->set_incident_id(incident_id);
  placed->set_incident_create_time_us(*created);
  placed->set_replaces_report_id(old.report_id());
  *placed->mutable_earlier_report_ids() = old.earlier_report_ids();
  placed->add_earlier_report_ids(old.report_id());
  placed->set_group_id((*line)->group_id());
  *placed->mutable_order() = (*line)->order();
  placed->set_order_ordinal((*line)->order_ordinal());
  const Reason why =
      MakeReason("REPLACES_REPORT", "a newer version of the extractor found it in the same passages", overlap);
  *decision.add_reasons() = why;
  const std::string group_id = (*line)->group_id();
  absl::Status status = Place(std::move(decision));
  return status.ok() ? SettleIfJudged(group_id, why, options_, resolver_, sink_) : status;
}

absl::StatusOr<LinePlace> SetDecider::PlaceInGroup(const MemberLine& line) {
  auto judged = IsJudged(line.group_id, sink_.view());
  if (!judged.ok()) return judged.status();
  if (*judged) return PlaceOfNewLine(line, resolver_, sink_.view());
  auto group = view::LoadGroup(sink_.view(), line.group_id);
  if (!group.ok()) return group.status();
  return LinePlace{line.group_id, group->has_value() ? (*group)->create_time_us() : 0};
}

absl::Status SetDecider::Start(const v1::Report& report, int64_t now_us) {
  const std::string report_id = records::HexFromId(ReportIdsFromName(report.name())->report);
  const std::string features = resolver_.Features(report, source_, text_);
  auto verdict = resolver_.Decide(features, sink_.view());
  if (!verdict.ok()) return verdict.status();
  const bool founds = verdict->group_id.empty();
  MemberLine line;
  line.line_id = report_id;
  line.group_id = founds ? ids::IncidentId(report_id) : verdict->group_id;
  line.row.set_report_id(report_id);
  line.row.set_features(features);
  *line.row.mutable_order() = entry_.position();
  line.row.set_order_ordinal(report.ordinal());
  line.order = view::OrderOf(line.row);
  LinePlace place = {line.group_id, now_us};
  if (!founds) {
    auto in_group = PlaceInGroup(line);
    if (!in_group.ok()) return in_group.status();
    place = *std::move(in_group);
  }
  Decision decision;
  ReportPlaced* placed = decision.mutable_report_placed();
  *placed = MakePlaced(report);
  placed->set_incident_id(place.incident_id);
  placed->set_incident_create_time_us(place.create_time_us);
  placed->set_group_id(line.group_id);
  *placed->mutable_order() = line.row.order();
  placed->set_order_ordinal(line.row.order_ordinal());
  decision.mutable_reasons()->Add(verdict->reasons.begin(), verdict->reasons.end());
  absl::Status status = Place(std::move(decision));
  if (status.ok()) status = JoinGroups(line.group_id, verdict->same_groups);
  for (size_t i = 0; status.ok() && i < verdict->alike.size(); ++i) status = Suggest(line.group_id, verdict->alike[i]);
  return status;
}

// Several groups are one: the oldest keeps its name.
absl::Status SetDecider::JoinGroups(const std::string& group_id, const std::vector<std::string>& others) {
  for (const std::string& other : others) {
    std::vector<std::tuple<int64_t, std::string, std::string>> pair;  // created, first report, id
    for (const std::string& id : {group_id, other}) {
      auto current = view::CurrentGroup(sink_.view(), id);
      if (!current.ok()) return current.status();
      auto group = view::LoadGroup(sink_.view(), *current);
      if (!group.ok()) return group.status();
      auto first = view::FirstOrder(sink_.view(), *current);
      if (!first.ok()) return first.status();
      pair.emplace_back(group->has_value() ? (*group)->create_time_us() : 0, *first, *current);
    }
    if (std::get<2>(pair[0]) == std::get<2>(pair[1])) continue;
    std::sort(pair.begin(), pair.end());
    const std::string& into = std::get<2>(pair[0]);
    Decision decision;
    decision.mutable_groups_joined()->set_group_id(std::get<2>(pair[1]));
    decision.mutable_groups_joined()->set_into_group_id(into);
    const Reason why = MakeReason("INCIDENTS_JOINED", "a report that belongs to both shows that they are one", 1);
    *decision.add_reasons() = why;
    absl::Status status = sink_.Emit(std::move(decision));
    if (status.ok()) status = Settle({into}, "", why, options_, resolver_, sink_);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status SetDecider::Suggest(const std::string& group_id, const AlikeGroup& alike) {
  auto one = view::CurrentGroup(sink_.view(), group_id);
  if (!one.ok()) return one.status();
  auto other = view::CurrentGroup(sink_.view(), alike.group_id);
  if (!other.ok()) return other.status();
  if (*one == *other) return absl::OkStatus();
  auto before = view::LoadSuggestion(sink_.view(), std::min(*one, *other), std::max(*one, *other));
  if (!before.ok()) return before.status();
  if (before->has_value() && (*before)->score() >= alike.score) return absl::OkStatus();
  std::vector<std::tuple<int64_t, std::string>> pair;
  for (const std::string& group : {*one, *other}) {
    auto incident = IncidentOfGroup(group, sink_.view());
    if (!incident.ok()) return incident.status();
    if (incident->empty()) return absl::OkStatus();
    auto created = CreateTimeOf(*incident, sink_.view());
    if (!created.ok()) return created.status();
    pair.emplace_back(*created, *incident);
  }
  if (std::get<1>(pair[0]) == std::get<1>(pair[1])) return absl::OkStatus();
  std::sort(pair.begin(), pair.end());
  Decision decision;
  internal::v1::SuggestionMade* made = decision.mutable_suggestion_made();
  made->set_incident_id(std::get<1>(pair[0]));
  made->set_other_incident_id(std::get<1>(pair[1]));
  made->set_score(alike.score);
  made->set_group_id(*one);
  made->set_other_group_id(*other);
  *decision.add_reasons() = alike.reason;
  absl::Status status = sink_.Emit(std::move(decision));
  // A judgement that parts the two closes the suggestion again.
  return status.ok() ? SettleIfJudged(*one, alike.reason, options_, resolver_, sink_) : status;
}

absl::Status SetDecider::Withdraw(const ResolvedReport& old, const std::string& document_id) {
  auto line = view::LoadLine(sink_.view(), old.line_id());
  if (!line.ok()) return line.status();
  if (!line->has_value()) return absl::OkStatus();
  std::vector<std::string> incidents((*line)->incident_ids().begin(), (*line)->incident_ids().end());
  if (incidents.empty() && !(*line)->all_incident_ids().empty()) incidents = {*(*line)->all_incident_ids().rbegin()};
  const Reason why =
      MakeReason("EXTRACTION_REPLACED",
                 absl::StrCat("version ", set_.extractor().version(), " of the extractor no longer finds it"), 1);
  for (const std::string& incident : incidents) {
    auto created = CreateTimeOf(incident, sink_.view());
    if (!created.ok()) return created.status();
    Decision decision;
    internal::v1::ReportWithdrawn* withdrawn = decision.mutable_report_withdrawn();
    withdrawn->set_incident_id(incident);
    withdrawn->set_incident_create_time_us(*created);
    withdrawn->set_report_id(old.report_id());
    withdrawn->set_document_id(document_id);
    *withdrawn->mutable_earlier_report_ids() = old.earlier_report_ids();
    *decision.add_reasons() = why;
    if (absl::Status status = sink_.Emit(std::move(decision)); !status.ok()) return status;
  }
  return SettleIfJudged((*line)->group_id(), why, options_, resolver_, sink_);
}

absl::Status SetDecider::Decide(const ResolvedDocument& known, int64_t now_us) {
  Split(known);
  const std::vector<ReportPair> pairs = PairReports(newer_, older_);
  std::vector<bool> older_paired(older_.size());
  absl::Status status;
  for (size_t n = 0; status.ok() && n < newer_.size(); ++n) {
    const auto pair = std::find_if(pairs.begin(), pairs.end(), [&](const ReportPair& p) { return p.newer == n; });
    if (pair != pairs.end()) {
      older_paired[pair->older] = true;
      status = Replace(*newer_[n], older_[pair->older], pair->overlap);
    } else {
      status = Start(*newer_[n], now_us);
    }
  }
  for (size_t o = 0; status.ok() && o < older_.size(); ++o) {
    if (!older_paired[o]) status = Withdraw(older_[o], known.document_id());
  }
  return status;
}

}  // namespace

absl::Status DecideReports(const ParsedEntry& entry, const ResolvedDocument& known, int64_t now_us,
                           const SettleOptions& options, const Resolver& resolver, DecisionSink& sink) {
  const IntakeEntry& intake = *entry.intake;
  if (intake.event_case() == IntakeEntry::kDocumentAccepted) {
    const auto& accepted = intake.document_accepted();
    if (!IsNewer(accepted.report_set().extractor(), known.extractors())) return absl::OkStatus();
    return SetDecider(entry, accepted.report_set(), SourceOf(accepted), accepted.document().text(), options, resolver,
                      sink)
        .Decide(known, now_us);
  }
  if (intake.event_case() == IntakeEntry::kReportsAccepted) {
    const auto& accepted = intake.reports_accepted();
    if (!IsNewer(accepted.report_set().extractor(), known.extractors())) return absl::OkStatus();
    return SetDecider(entry, accepted.report_set(), accepted.source(), accepted.text(), options, resolver, sink)
        .Decide(known, now_us);
  }
  return absl::OkStatus();
}

absl::Status DecideErasures(const ResolvedDocument& known, const SettleOptions& options, const Resolver& resolver,
                            DecisionSink& sink) {
  const Reason why = MakeReason("DOCUMENT_REMOVED", "its document was taken down", 1);
  for (const std::string& line_id : known.line_ids()) {
    auto line = view::LoadLine(sink.view(), line_id);
    if (!line.ok()) return line.status();
    if (!line->has_value()) continue;
    const auto& reports = (*line)->all_report_ids();
    for (const std::string& incident : (*line)->all_incident_ids()) {
      auto created = CreateTimeOf(incident, sink.view());
      if (!created.ok()) return created.status();
      Decision decision;
      internal::v1::ReportErased* erased = decision.mutable_report_erased();
      erased->set_incident_id(incident);
      erased->set_incident_create_time_us(*created);
      erased->set_report_id(*reports.rbegin());
      erased->set_document_id(known.document_id());
      erased->mutable_earlier_report_ids()->Assign(reports.begin(), reports.end() - 1);
      *decision.add_reasons() = why;
      if (absl::Status status = sink.Emit(std::move(decision)); !status.ok()) return status;
    }
    if (absl::Status status = SettleIfJudged((*line)->group_id(), why, options, resolver, sink); !status.ok()) {
      return status;
    }
  }
  return absl::OkStatus();
}

std::string PartitionedBy(const Decision& decision) {
  switch (decision.event_case()) {
    case Decision::kReportPlaced:
      return decision.report_placed().incident_id();
    case Decision::kReportWithdrawn:
      return decision.report_withdrawn().incident_id();
    case Decision::kReportErased:
      return decision.report_erased().incident_id();
    case Decision::kReportMoved:
      return decision.report_moved().incident_id();
    case Decision::kIncidentJudged:
      return decision.incident_judged().incident_id();
    case Decision::kIncidentRedirected:
      return decision.incident_redirected().incident_id();
    case Decision::kSuggestionMade:
      // The last of a pair holds, so all of them need one order; which of the two is named first may change.
      return std::min(decision.suggestion_made().incident_id(), decision.suggestion_made().other_incident_id());
    case Decision::kGroupsJoined:
      return decision.groups_joined().group_id();
    case Decision::kMentionLinked:
      return decision.mention_linked().incident_id();
    case Decision::kJudgementDecided:
      return JudgementId(decision.judgement_decided().judgement());
    case Decision::kWatermark:
    case Decision::EVENT_NOT_SET:
      break;
  }
  return "";
}

}  // namespace interdict::index
