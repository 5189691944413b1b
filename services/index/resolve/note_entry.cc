#include "services/index/resolve/note_entry.h"

#include <algorithm>
#include <tuple>
#include <utility>
#include <vector>

#include "services/index/entry/known_extractors.h"
#include "services/index/entry/names.h"
#include "services/index/fold/entity_fold.h"
#include "services/index/fold/meta.h"
#include "services/index/resolve/entities/entity_keys.h"
#include "services/index/resolve/evidence_spans.h"
#include "services/index/resolve/view_rows.h"
#include "storage/records/keys.h"

namespace interdict::index {
namespace {

using internal::v1::Decision;
using internal::v1::IntakeEntry;
using internal::v1::LogPosition;
using internal::v1::ReportPlaced;
using internal::v1::ResolvedDocument;
using internal::v1::ResolvedGroup;
using internal::v1::ResolvedIncident;
using internal::v1::ResolvedJudgement;
using internal::v1::ResolvedLine;
using internal::v1::ResolvedReport;
using Ids = google::protobuf::RepeatedPtrField<std::string>;

bool Holds(const Ids& ids, const std::string& id) { return std::find(ids.begin(), ids.end(), id) != ids.end(); }

void AddId(const std::string& id, Ids* ids) {
  if (!Holds(*ids, id)) *ids->Add() = id;
}

void DropId(const std::string& id, Ids* ids) { ids->erase(std::remove(ids->begin(), ids->end(), id), ids->end()); }

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

std::string IncidentLineKey(const std::string& incident_id, const ResolvedLine& line, const std::string& line_id) {
  return view::GroupLineKey(incident_id, line, line_id);
}

// One decision being noted.
class Note {
 public:
  Note(const ParsedEntry& entry, const Resolver& resolver, const records::Reader& reader, records::Batch* batch)
      : entry_(entry), resolver_(resolver), reader_(reader), batch_(*batch) {}

  absl::Status Placed(const ReportPlaced& placed);
  // A report that stands no longer, and is no longer made; `erased`: its text is gone too.
  absl::Status TakenBack(const std::string& document_hex, const std::string& report_id, const std::string& incident_id,
                         const Ids& earlier, bool erased);
  absl::Status Moved(const internal::v1::ReportMoved& moved);
  absl::Status Judgement(const internal::v1::JudgementDecided& decided);
  absl::Status Shown(const internal::v1::IncidentJudged& judged);
  absl::Status Suggested(const internal::v1::SuggestionMade& made);
  absl::Status Joined(const internal::v1::GroupsJoined& joined);
  absl::Status Redirected(const internal::v1::IncidentRedirected& redirected);
  absl::Status Mentioned(const internal::v1::MentionLinked& linked);
  absl::Status Watermark(const internal::v1::Watermark& watermark);

 private:
  absl::Status PlaceLine(const ReportPlaced& placed, const std::string& line_id, const std::string& report_id);
  absl::Status StartLine(const ReportPlaced& placed, const std::string& line_id, ResolvedLine* line);
  absl::Status EnterGroup(const std::string& group_id, int64_t create_time_us, const ResolvedLine& line,
                          const std::string& line_id);
  absl::Status EndLine(const std::string& line_id, ResolvedLine* line);
  absl::Status DropMentionsOf(const Ids& report_ids, const std::string& group_id);
  absl::Status NoteIncident(const std::string& incident_id, int64_t create_time_us);
  void Save(std::string_view family, const std::string& key, const google::protobuf::MessageLite& message) {
    batch_.Put(family, key, message.SerializeAsString());
  }
  void SaveLine(const std::string& line_id, const ResolvedLine& line) {
    Save(view::kLines, view::RawId(line_id), line);
  }

  const ParsedEntry& entry_;
  const Resolver& resolver_;
  const records::Reader& reader_;
  records::Batch& batch_;
};

absl::Status Note::Placed(const ReportPlaced& placed) {
  const ReportIds ids = *ReportIdsFromName(placed.report().name());
  const std::string report_id = records::HexFromId(ids.report);
  const Ids& earlier = placed.earlier_report_ids();
  const std::string line_id = earlier.empty() ? report_id : earlier.Get(0);
  auto document = view::LoadDocument(reader_, ids.document);
  if (!document.ok()) return document.status();
  AddEntry(entry_.position(), *document);
  for (const std::string& id : earlier) DropReport(id, *document);
  AddId(line_id, document->mutable_line_ids());
  const auto& reports = document->reports();
  const bool there = std::any_of(reports.begin(), reports.end(),
                                 [&](const ResolvedReport& report) { return report.report_id() == report_id; });
  if (!there) {
    ResolvedReport* report = document->add_reports();
    report->set_report_id(report_id);
    report->set_line_id(line_id);
    report->set_extractor_name(placed.report().extractor().name());
    const std::vector<uint32_t> spans = EvidenceSpans(placed.report());
    report->mutable_spans()->Add(spans.begin(), spans.end());
    *report->mutable_earlier_report_ids() = earlier;
  }
  Save(view::kDocuments, ids.document, *document);
  absl::Status status = PlaceLine(placed, line_id, report_id);
  return status.ok() ? NoteIncident(placed.incident_id(), placed.incident_create_time_us()) : status;
}

absl::Status Note::PlaceLine(const ReportPlaced& placed, const std::string& line_id, const std::string& report_id) {
  auto loaded = view::LoadLine(reader_, line_id);
  if (!loaded.ok()) return loaded.status();
  ResolvedLine line;
  if (loaded->has_value()) line = **std::move(loaded);
  if (line.document_id().empty()) {
    if (absl::Status status = StartLine(placed, line_id, &line); !status.ok()) return status;
  }
  if (line.report_id() != report_id) {
    // What it is compared by is that of the report that stands.
    const bool in_group = !line.report_id().empty();
    const std::string features = resolver_.Features(placed.report(), placed.source(), placed.text());
    auto group = view::CurrentGroup(reader_, line.group_id());
    if (!group.ok()) return group.status();
    absl::Status status;
    if (in_group) status = resolver_.Remove(line.features(), *group, line_id, reader_, &batch_);
    if (status.ok()) status = DropMentionsOf(placed.earlier_report_ids(), *group);
    if (status.ok()) status = resolver_.Add(features, *group, line_id, reader_, &batch_);
    if (!status.ok()) return status;
    // The reports before it stand nowhere any more.
    for (const std::string& incident : line.incident_ids()) {
      batch_.Delete(view::kIncidentLines, IncidentLineKey(incident, line, line_id));
    }
    line.clear_incident_ids();
    line.set_features(features);
    line.set_report_id(report_id);
    for (const std::string& id : placed.earlier_report_ids()) AddId(id, line.mutable_all_report_ids());
    AddId(report_id, line.mutable_all_report_ids());
  }
  AddId(placed.incident_id(), line.mutable_incident_ids());
  AddId(placed.incident_id(), line.mutable_all_incident_ids());
  *line.mutable_position() = entry_.position();
  batch_.Put(view::kIncidentLines, IncidentLineKey(placed.incident_id(), line, line_id), "");
  SaveLine(line_id, line);
  return absl::OkStatus();
}

absl::Status Note::StartLine(const ReportPlaced& placed, const std::string& line_id, ResolvedLine* line) {
  line->set_document_id(records::HexFromId(ReportIdsFromName(placed.report().name())->document));
  // Entries from before there were groups: each incident is one.
  line->set_group_id(placed.group_id().empty() ? placed.incident_id() : placed.group_id());
  *line->mutable_order() = placed.has_order() ? placed.order() : entry_.decision->cause();
  line->set_order_ordinal(placed.has_order() ? placed.order_ordinal() : placed.report().ordinal());
  return EnterGroup(line->group_id(), placed.incident_create_time_us(), *line, line_id);
}

// The line is listed under its group, and under the group that its own is part of.
absl::Status Note::EnterGroup(const std::string& group_id, int64_t create_time_us, const ResolvedLine& line,
                              const std::string& line_id) {
  auto group = view::LoadGroup(reader_, group_id);
  if (!group.ok()) return group.status();
  if (!group->has_value()) {
    ResolvedGroup fresh;
    fresh.set_create_time_us(create_time_us);
    Save(view::kGroups, view::RawId(group_id), fresh);
  }
  auto current = view::CurrentGroup(reader_, group_id);
  if (!current.ok()) return current.status();
  batch_.Put(view::kGroupLines, view::GroupLineKey(*current, line, line_id), "");
  auto judgements = view::IdsUnder(reader_, view::kLineJudgements, line_id);
  if (!judgements.ok()) return judgements.status();
  for (const std::string& id : *judgements) {
    batch_.Put(view::kGroupJudgements, view::RawId(*current) + view::RawId(id), "");
  }
  return absl::OkStatus();
}

absl::Status Note::TakenBack(const std::string& document_hex, const std::string& report_id,
                             const std::string& incident_id, const Ids& earlier, bool erased) {
  const std::string raw = view::RawDocumentId(document_hex);
  auto document = view::LoadDocument(reader_, raw);
  if (!document.ok()) return document.status();
  DropReport(report_id, *document);
  for (const std::string& id : earlier) DropReport(id, *document);
  const std::string line_id = earlier.empty() ? report_id : earlier.Get(0);
  auto line = view::LoadLine(reader_, line_id);
  if (!line.ok()) return line.status();
  if (line->has_value()) {
    DropId(incident_id, (*line)->mutable_incident_ids());
    batch_.Delete(view::kIncidentLines, IncidentLineKey(incident_id, **line, line_id));
    if (absl::Status status = EndLine(line_id, &**line); !status.ok()) return status;
    if (erased) DropId(incident_id, (*line)->mutable_all_incident_ids());
    if ((*line)->all_incident_ids().empty()) {
      DropId(line_id, document->mutable_line_ids());
      batch_.Delete(view::kLines, view::RawId(line_id));
    } else {
      SaveLine(line_id, **line);
    }
  }
  Save(view::kDocuments, raw, *document);
  return absl::OkStatus();
}

// No report stands for the line: it is in no group.
absl::Status Note::EndLine(const std::string& line_id, ResolvedLine* line) {
  if (line->report_id().empty()) return absl::OkStatus();
  auto group = view::CurrentGroup(reader_, line->group_id());
  if (!group.ok()) return group.status();
  absl::Status status = resolver_.Remove(line->features(), *group, line_id, reader_, &batch_);
  if (status.ok()) status = DropMentionsOf(line->all_report_ids(), *group);
  if (!status.ok()) return status;
  batch_.Delete(view::kGroupLines, view::GroupLineKey(*group, *line, line_id));
  line->clear_report_id();
  line->clear_features();
  return absl::OkStatus();
}

absl::Status Note::Moved(const internal::v1::ReportMoved& moved) {
  auto document = view::LoadDocument(reader_, view::RawDocumentId(moved.document_id()));
  if (!document.ok()) return document.status();
  for (const std::string& line_id : document->line_ids()) {
    auto line = view::LoadLine(reader_, line_id);
    if (!line.ok()) return line.status();
    if (!line->has_value() || !Holds((*line)->all_report_ids(), moved.report_id())) continue;
    DropId(moved.incident_id(), (*line)->mutable_incident_ids());
    batch_.Delete(view::kIncidentLines, IncidentLineKey(moved.incident_id(), **line, line_id));
    SaveLine(line_id, **line);
  }
  return absl::OkStatus();
}

absl::Status Note::NoteIncident(const std::string& incident_id, int64_t create_time_us) {
  auto before = view::LoadIncident(reader_, incident_id);
  if (!before.ok()) return before.status();
  if (before->has_value() && (*before)->redirected_to().empty()) return absl::OkStatus();
  ResolvedIncident incident;
  incident.set_create_time_us(create_time_us);
  Save(view::kIncidents, view::RawId(incident_id), incident);
  return absl::OkStatus();
}

absl::Status Note::Judgement(const internal::v1::JudgementDecided& decided) {
  const std::string& name = decided.judgement().name();
  const std::string id = name.substr(name.find('/') + 1);
  auto before = view::LoadJudgement(reader_, id);
  if (!before.ok()) return before.status();
  ResolvedJudgement row;
  if (before->has_value()) row = **std::move(before);
  *row.mutable_decided() = decided;
  Save(view::kJudgements, view::RawId(id), row);
  for (const internal::v1::AnchorList& list : decided.anchors()) {
    for (const internal::v1::Anchor& anchor : list.anchors()) {
      batch_.Put(view::kLineJudgements, view::RawId(anchor.line_id()) + view::RawId(id), "");
      auto line = view::LoadLine(reader_, anchor.line_id());
      if (!line.ok()) return line.status();
      if (!line->has_value()) continue;
      auto group = view::CurrentGroup(reader_, (*line)->group_id());
      if (!group.ok()) return group.status();
      batch_.Put(view::kGroupJudgements, view::RawId(*group) + view::RawId(id), "");
    }
  }
  return absl::OkStatus();
}

absl::Status Note::Shown(const internal::v1::IncidentJudged& judged) {
  auto before = view::LoadJudgement(reader_, judged.judgement_id());
  if (!before.ok()) return before.status();
  ResolvedJudgement row;
  if (before->has_value()) row = **std::move(before);
  if (judged.has_note()) {
    AddId(judged.incident_id(), row.mutable_shown_in());
    row.set_shown_overruled(judged.note().overruled());
  } else {
    DropId(judged.incident_id(), row.mutable_shown_in());
  }
  Save(view::kJudgements, view::RawId(judged.judgement_id()), row);
  return absl::OkStatus();
}

absl::Status Note::Suggested(const internal::v1::SuggestionMade& made) {
  const bool ordered = made.group_id() < made.other_group_id();
  const std::string& low = ordered ? made.group_id() : made.other_group_id();
  const std::string& high = ordered ? made.other_group_id() : made.group_id();
  auto before = view::LoadSuggestion(reader_, low, high);
  if (!before.ok()) return before.status();
  internal::v1::ResolvedSuggestion row;
  if (before->has_value()) row = **std::move(before);
  if (made.score() > 0) {
    row.set_score(made.score());
    row.set_incident_id(made.incident_id());
    row.set_other_incident_id(made.other_incident_id());
    *row.mutable_reasons() = entry_.decision->reasons();
  } else {
    row.clear_incident_id();
    row.clear_other_incident_id();
  }
  Save(view::kSuggestions, view::RawId(low) + view::RawId(high), row);
  batch_.Put(view::kSuggestions, view::RawId(high) + view::RawId(low), "");
  return absl::OkStatus();
}

absl::Status Note::Joined(const internal::v1::GroupsJoined& joined) {
  auto into = view::CurrentGroup(reader_, joined.into_group_id());
  if (!into.ok()) return into.status();
  auto from = view::LoadGroup(reader_, joined.group_id());
  if (!from.ok()) return from.status();
  ResolvedGroup row = from->has_value() ? **std::move(from) : ResolvedGroup();
  if (!row.joined_into().empty() || *into == joined.group_id()) return absl::OkStatus();
  auto lines = view::IdsUnder(reader_, view::kGroupLines, joined.group_id());
  if (!lines.ok()) return lines.status();
  absl::Status status = resolver_.Join(joined.group_id(), *into, reader_, &batch_);
  if (status.ok()) status = MoveMentions(view::RawId(joined.group_id()), view::RawId(*into), reader_, &batch_);
  if (!status.ok()) return status;
  row.set_joined_into(*into);
  Save(view::kGroups, view::RawId(joined.group_id()), row);
  for (const std::string& line_id : *lines) {
    auto line = view::LoadLine(reader_, line_id);
    if (!line.ok()) return line.status();
    if (!line->has_value()) continue;
    batch_.Delete(view::kGroupLines, view::GroupLineKey(joined.group_id(), **line, line_id));
    batch_.Put(view::kGroupLines, view::GroupLineKey(*into, **line, line_id), "");
  }
  auto judgements = view::IdsUnder(reader_, view::kGroupJudgements, joined.group_id());
  if (!judgements.ok()) return judgements.status();
  for (const std::string& id : *judgements) {
    batch_.Put(view::kGroupJudgements, view::RawId(*into) + view::RawId(id), "");
  }
  return absl::OkStatus();
}

absl::Status Note::Redirected(const internal::v1::IncidentRedirected& redirected) {
  ResolvedIncident incident;
  incident.set_create_time_us(redirected.incident_create_time_us());
  *incident.mutable_redirected_to() = redirected.to_incident_ids();
  Save(view::kIncidents, view::RawId(redirected.incident_id()), incident);
  return absl::OkStatus();
}

absl::Status Note::Mentioned(const internal::v1::MentionLinked& linked) {
  const std::string raw = view::RawDocumentId(linked.document_id());
  auto document = view::LoadDocument(reader_, raw);
  if (!document.ok()) return document.status();
  AddEntry(entry_.position(), *document);
  Save(view::kDocuments, raw, *document);
  auto group = view::CurrentGroup(reader_, linked.group_id());
  if (!group.ok()) return group.status();
  EntityKeyRows keys(&batch_);
  return FoldMention(entry_, view::RawId(*group), reader_, &batch_, &keys);
}

absl::Status Note::DropMentionsOf(const Ids& report_ids, const std::string& group_id) {
  EntityKeyRows keys(&batch_);
  for (const std::string& id : report_ids) {
    absl::Status status = DropMentions(view::RawId(id), view::RawId(group_id), reader_, &batch_, &keys);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status Note::Watermark(const internal::v1::Watermark& watermark) {
  for (const LogPosition& decided : watermark.decided()) {
    const std::string key = records::WatermarkMetaKey(entry_.partition, {log::LogName::kIntake, decided.partition()});
    auto before = GetNumber(reader_, key);
    if (!before.ok()) return before.status();
    if (decided.sequence() > *before) PutNumber(&batch_, key, decided.sequence());
  }
  return absl::OkStatus();
}

absl::Status NoteDecision(const ParsedEntry& entry, const Resolver& resolver, const records::Reader& reader,
                          records::Batch* batch) {
  const Decision& decision = *entry.decision;
  Note note(entry, resolver, reader, batch);
  switch (decision.event_case()) {
    case Decision::kReportPlaced:
      return note.Placed(decision.report_placed());
    case Decision::kReportWithdrawn: {
      const auto& event = decision.report_withdrawn();
      return note.TakenBack(event.document_id(), event.report_id(), event.incident_id(), event.earlier_report_ids(),
                            /*erased=*/false);
    }
    case Decision::kReportErased: {
      const auto& event = decision.report_erased();
      return note.TakenBack(event.document_id(), event.report_id(), event.incident_id(), event.earlier_report_ids(),
                            /*erased=*/true);
    }
    case Decision::kReportMoved:
      return note.Moved(decision.report_moved());
    case Decision::kJudgementDecided:
      return note.Judgement(decision.judgement_decided());
    case Decision::kIncidentJudged:
      return note.Shown(decision.incident_judged());
    case Decision::kSuggestionMade:
      return note.Suggested(decision.suggestion_made());
    case Decision::kGroupsJoined:
      return note.Joined(decision.groups_joined());
    case Decision::kIncidentRedirected:
      return note.Redirected(decision.incident_redirected());
    case Decision::kMentionLinked:
      return note.Mentioned(decision.mention_linked());
    case Decision::kWatermark:
      return note.Watermark(decision.watermark());
    case Decision::EVENT_NOT_SET:
      break;
  }
  return absl::InternalError("a decision without an event reached the resolver's view");
}

absl::Status NoteIntake(const ParsedEntry& entry, const records::Reader& reader, records::Batch* batch) {
  const IntakeEntry& intake = *entry.intake;
  if (intake.event_case() == IntakeEntry::kDocumentSighted) return absl::OkStatus();
  const std::string document_id = DocumentOf(entry);
  if (document_id.empty()) return absl::OkStatus();
  auto document = view::LoadDocument(reader, document_id);
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
  batch->Put(view::kDocuments, document_id, document->SerializeAsString());
  return absl::OkStatus();
}

}  // namespace

std::string DocumentOf(const ParsedEntry& entry) {
  if (!entry.intake.has_value()) return "";
  switch (entry.intake->event_case()) {
    case IntakeEntry::kDocumentAccepted:
      return *DocumentIdFromName(entry.intake->document_accepted().document().name());
    case IntakeEntry::kDocumentSighted:
      return view::RawDocumentId(entry.intake->document_sighted().document_id());
    case IntakeEntry::kReportsAccepted:
      return view::RawDocumentId(entry.intake->reports_accepted().document_id());
    case IntakeEntry::kDocumentRemoved:
      return view::RawDocumentId(entry.intake->document_removed().document_id());
    default:  // judgements, and nothing
      return "";
  }
}

absl::Status NoteEntry(const ParsedEntry& entry, const Resolver& resolver, const records::Reader& reader,
                       records::Batch* batch) {
  absl::Status status;
  if (entry.intake.has_value()) status = NoteIntake(entry, reader, batch);
  if (entry.decision.has_value()) status = NoteDecision(entry, resolver, reader, batch);
  if (status.ok()) PutNumber(batch, records::PositionMetaKey(entry.partition), entry.sequence);
  return status;
}

}  // namespace interdict::index
