#include "services/index/fold/incident_fold.h"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "interdict/internal/v1/stored.pb.h"
#include "services/index/entry/names.h"
#include "services/index/entry/reasons.h"
#include "services/index/entry/timestamps.h"
#include "services/index/fold/entity_fold.h"
#include "services/index/fold/incident_rows.h"
#include "services/index/fold/judgement_fold.h"
#include "services/index/fold/meta.h"
#include "storage/ids/ids.h"
#include "storage/records/keys.h"

namespace interdict::index {
namespace {

namespace family = records::family;
using internal::v1::Decision;
using internal::v1::FormerReport;
using internal::v1::ReportPlaced;
using internal::v1::StoredIncident;
using internal::v1::StoredReport;
using v1::Incident;
using v1::Revision;

std::string IncidentId(const std::string& hex) { return *records::IdFromHex(hex, records::kIncidentIdBytes); }
std::string ReportId(const std::string& hex) { return *records::IdFromHex(hex, records::kReportIdBytes); }
std::string DocumentId(const std::string& hex) { return *records::IdFromHex(hex, records::kDocumentIdBytes); }

std::string ReportName(const std::string& document_hex, const std::string& report_hex) {
  return absl::StrCat("documents/", document_hex, "/reports/", report_hex);
}

// What becomes of a report's row when the report stands no longer.
enum class Afterlife { kFormer, kErased };

// One decision on an incident being applied.
class DecisionStep {
 public:
  DecisionStep(const ParsedEntry& entry, const NumberSpace& numbers, const records::Reader& reader,
               records::Batch* batch, ChangedIncidents* incidents, NameChanges* names, const std::string& incident_hex,
               int64_t create_time_us)
      : entry_(entry),
        numbers_(numbers),
        reader_(reader),
        batch_(*batch),
        incidents_(*incidents),
        names_(names),
        incident_id_(IncidentId(incident_hex)),
        create_time_us_(create_time_us) {}

  absl::Status Place(const ReportPlaced& placed);
  // Of ReportWithdrawn and ReportErased.
  template <typename Event>
  absl::Status TakeBack(const Event& event, Afterlife afterlife) {
    const std::string document_id = DocumentId(event.document_id());
    absl::Status status = TakeEarlier(document_id, event.earlier_report_ids(), afterlife);
    if (status.ok()) status = Take(document_id, ReportId(event.report_id()), afterlife);
    if (!status.ok()) return status;
    const bool erased = afterlife == Afterlife::kErased;
    Revision* revision = StartRevision(erased ? Revision::CHANGE_REPORT_ERASED : Revision::CHANGE_REPORT_WITHDRAWN);
    revision->set_report(ReportName(event.document_id(), event.report_id()));
    erases_ = erased;
    return Recompute(erased ? Incident::STATE_REMOVED : Incident::STATE_WITHDRAWN);
  }
  absl::Status Move(const internal::v1::ReportMoved& moved);
  absl::Status Judge(const internal::v1::IncidentJudged& judged);
  absl::Status Redirect(const internal::v1::IncidentRedirected& redirected);

 private:
  absl::Status Take(const std::string& document_id, const std::string& report_id, Afterlife afterlife);
  absl::Status TakeEarlier(const std::string& document_id,
                           const google::protobuf::RepeatedPtrField<std::string>& report_ids, Afterlife afterlife) {
    absl::Status status;
    for (int i = 0; status.ok() && i < report_ids.size(); ++i) {
      status = Take(document_id, ReportId(report_ids[i]), afterlife);
    }
    return status;
  }
  absl::Status EraseFormer(const std::string& report_id);
  absl::Status EraseRevisions(const std::string& report_name);
  Revision* StartRevision(Revision::Change change);
  absl::Status AssignNumber(StoredIncident& stored);
  absl::Status Renumber(StoredIncident& stored);
  void SetRedirections(const Incident& before, const std::vector<std::string>& to_ids);
  absl::Status Recompute(Incident::State state_if_empty);
  void Store(ChangedIncident& changed);

  const ParsedEntry& entry_;
  const NumberSpace numbers_;
  const records::Reader& reader_;
  records::Batch& batch_;
  ChangedIncidents& incidents_;
  NameChanges* const names_;
  const std::string incident_id_;
  const int64_t create_time_us_;
  internal::v1::StoredRevision revision_;
  int standing_change_ = 0;  // reports that came less reports that went
  bool erases_ = false;
};

absl::Status DecisionStep::Place(const ReportPlaced& placed) {
  const ReportIds ids = *ReportIdsFromName(placed.report().name());
  auto before = reader_.Get(family::kReports, records::ReportKey(incident_id_, ids.report));
  if (!before.ok()) return before.status();
  if (before->has_value()) return absl::OkStatus();  // a decision written twice counts once
  absl::Status status = TakeEarlier(ids.document, placed.earlier_report_ids(), Afterlife::kFormer);
  if (!status.ok()) return status;
  Revision* revision =
      StartRevision(placed.earlier_report_ids().empty() || standing_change_ == 0 ? Revision::CHANGE_REPORT_ADDED
                                                                                 : Revision::CHANGE_REPORT_REPLACED);
  revision->set_report(placed.report().name());
  StoredReport stored;
  *stored.mutable_report() = placed.report();
  *stored.mutable_source() = placed.source();
  stored.set_text(placed.text());
  *stored.mutable_position() = entry_.position();
  *stored.mutable_reasons() = entry_.decision->reasons();
  // Entries from before there was an order: that of the entry that caused them.
  *stored.mutable_order() = placed.has_order() ? placed.order() : entry_.decision->cause();
  stored.set_order_ordinal(placed.has_order() ? placed.order_ordinal() : placed.report().ordinal());
  stored.set_from_time_us(entry_.append_time_us);
  const ReportRowKeys keys(incident_id_, ids.report, stored);
  batch_.Put(family::kReports, keys.report, stored.SerializeAsString());
  batch_.Put(family::kReportOrder, keys.order, "");
  batch_.Put(family::kReportOrder, keys.reverse_order, "");
  batch_.Put(family::kDocumentReports, records::DocumentReportKey(ids.document, ids.report, incident_id_),
             incident_id_);
  ++standing_change_;
  return Recompute(Incident::STATE_WITHDRAWN);
}

// Takes a report's row away, if it is there.
absl::Status DecisionStep::Take(const std::string& document_id, const std::string& report_id, Afterlife afterlife) {
  if (afterlife == Afterlife::kErased) {
    absl::Status status = EraseFormer(report_id);
    if (status.ok()) {
      status = EraseRevisions(ReportName(records::HexFromId(document_id), records::HexFromId(report_id)));
    }
    if (!status.ok()) return status;
  }
  EntityNames entities(reader_, &batch_, names_);
  absl::Status dropped = DropMentions(report_id, incident_id_, reader_, &batch_, &entities);
  if (!dropped.ok()) return dropped;
  auto value = reader_.Get(family::kReports, records::ReportKey(incident_id_, report_id));
  if (!value.ok()) return value.status();
  if (!value->has_value()) return absl::OkStatus();
  FormerReport former;
  if (!former.mutable_report()->ParseFromString(**value)) {
    return absl::DataLossError(absl::StrCat("a report of ", IncidentName(incident_id_), " is not readable"));
  }
  const ReportRowKeys keys(incident_id_, report_id, former.report());
  batch_.Delete(family::kReports, keys.report);
  batch_.Delete(family::kReportOrder, keys.order);
  batch_.Delete(family::kReportOrder, keys.reverse_order);
  --standing_change_;
  batch_.Delete(family::kDocumentReports, records::DocumentReportKey(document_id, report_id, incident_id_));
  if (afterlife == Afterlife::kErased) return absl::OkStatus();
  former.set_until_sequence(entry_.sequence);
  former.set_until_time_us(entry_.append_time_us);
  batch_.Put(family::kFormerReports,
             records::FormerReportKey(incident_id_, report_id, former.report().position().sequence()),
             former.SerializeAsString());
  return absl::OkStatus();
}

absl::Status DecisionStep::EraseFormer(const std::string& report_id) {
  std::vector<std::string> keys;
  const std::unique_ptr<records::Cursor> cursor =
      reader_.Scan(family::kFormerReports, records::ReportKey(incident_id_, report_id));
  for (; cursor->Valid(); cursor->Next()) keys.emplace_back(cursor->key());
  if (!cursor->status().ok()) return cursor->status();
  for (const std::string& key : keys) batch_.Delete(family::kFormerReports, key);
  return absl::OkStatus();
}

// The decisions that placed the report are blanked in the log: whoever comes later never sees them, and what was made
// of them must go here too.
absl::Status DecisionStep::EraseRevisions(const std::string& report_name) {
  std::vector<std::string> keys;
  const std::unique_ptr<records::Cursor> cursor = reader_.Scan(family::kRevisions, incident_id_);
  for (; cursor->Valid(); cursor->Next()) {
    internal::v1::StoredRevision stored;
    if (!stored.ParseFromArray(cursor->value().data(), static_cast<int>(cursor->value().size()))) {
      return absl::DataLossError(absl::StrCat("a revision of ", IncidentName(incident_id_), " is not readable"));
    }
    const Revision& revision = stored.revision();
    const bool placed =
        revision.change() == Revision::CHANGE_REPORT_ADDED || revision.change() == Revision::CHANGE_REPORT_REPLACED;
    if (placed && revision.report() == report_name) keys.emplace_back(cursor->key());
  }
  if (!cursor->status().ok()) return cursor->status();
  for (const std::string& key : keys) batch_.Delete(family::kRevisions, key);
  return absl::OkStatus();
}

absl::Status DecisionStep::Move(const internal::v1::ReportMoved& moved) {
  absl::Status status = Take(DocumentId(moved.document_id()), ReportId(moved.report_id()), Afterlife::kFormer);
  if (!status.ok()) return status;
  Revision* revision = StartRevision(Revision::CHANGE_REPORT_MOVED);
  revision->set_report(ReportName(moved.document_id(), moved.report_id()));
  if (!moved.to_incident_id().empty()) revision->add_incidents(absl::StrCat("incidents/", moved.to_incident_id()));
  return Recompute(Incident::STATE_WITHDRAWN);
}

absl::Status DecisionStep::Judge(const internal::v1::IncidentJudged& judged) {
  Revision* revision = StartRevision(judged.has_note() ? Revision::CHANGE_JUDGED : Revision::CHANGE_JUDGEMENT_UNDONE);
  revision->set_judgement(absl::StrCat("judgements/", judged.judgement_id()));
  absl::Status status = FoldIncidentJudged(entry_, judged, incident_id_, reader_, &batch_);
  return status.ok() ? Recompute(Incident::STATE_WITHDRAWN) : status;
}

absl::Status DecisionStep::Redirect(const internal::v1::IncidentRedirected& redirected) {
  auto changed = incidents_.Find(incident_id_);
  if (!changed.ok()) return changed.status();
  const Incident before = (*changed)->stored.incident();
  // A report has come back meanwhile, by a decision that was written again.
  if (before.state() == Incident::STATE_ACTIVE) return absl::OkStatus();
  const auto& to = redirected.to_incident_ids();
  Revision* revision = StartRevision(to.size() == 1 ? Revision::CHANGE_MERGED : Revision::CHANGE_SPLIT);
  Incident incident;
  incident.set_state(to.size() == 1 ? Incident::STATE_MERGED : Incident::STATE_SPLIT);
  std::vector<std::string> to_ids;
  for (const std::string& hex : to) {
    to_ids.push_back(IncidentId(hex));
    const std::string name = absl::StrCat("incidents/", hex);
    revision->add_incidents(name);
    if (to.size() == 1) {
      incident.set_merged_into(name);
    } else {
      incident.add_split_into(name);
    }
  }
  SetRedirections(before, to_ids);
  *(*changed)->stored.mutable_incident() = std::move(incident);
  Store(**changed);
  return absl::OkStatus();
}

Revision* DecisionStep::StartRevision(Revision::Change change) {
  Revision* revision = revision_.mutable_revision();
  revision->set_change(change);
  *revision->mutable_time() = TimestampFromMicros(entry_.append_time_us);
  AddMatchReasons(entry_.decision->reasons(), revision->mutable_reasons());
  for (const v1::MatchReason& reason : revision->reasons()) {
    if (!reason.judgement().empty()) revision->set_judgement(reason.judgement());
  }
  return revision;
}

absl::Status DecisionStep::AssignNumber(StoredIncident& stored) {
  if (stored.number() != 0) return absl::OkStatus();
  auto number = TakeNumber(reader_, &batch_, kNextNumberKey, kIncidentCountKey, numbers_.NumberAt(entry_.sequence));
  if (!number.ok()) return number.status();
  stored.set_number(*number);
  return absl::OkStatus();
}

// What is erased is not there for a replica that folds the log later: the number is that of the first report which is
// still known, standing or not, or none.
absl::Status DecisionStep::Renumber(StoredIncident& stored) {
  auto counted = GetNumber(reader_, kNextNumberKey);
  if (!counted.ok()) return counted.status();
  if (*counted != 0 || stored.number() == 0) return absl::OkStatus();
  auto first = FirstSequence(reader_, incident_id_);
  if (!first.ok()) return first.status();
  stored.set_number(first->has_value() ? numbers_.NumberAt(**first) : 0);
  return absl::OkStatus();
}

// What leads to where: the rows by which a surviving incident knows the names that were merged into it.
void DecisionStep::SetRedirections(const Incident& before, const std::vector<std::string>& to_ids) {
  std::vector<std::string> old(before.split_into().begin(), before.split_into().end());
  if (!before.merged_into().empty()) old.push_back(before.merged_into());
  for (const std::string& name : old) {
    auto id = records::IdFromHex(std::string_view(name).substr(name.find('/') + 1), records::kIncidentIdBytes);
    if (id.ok()) batch_.Delete(family::kMergedFrom, records::ReportKey(*id, incident_id_));
  }
  for (const std::string& id : to_ids) batch_.Put(family::kMergedFrom, records::ReportKey(id, incident_id_), "");
}

// Has the record made anew from the reports that stand and what is judged.
absl::Status DecisionStep::Recompute(Incident::State state_if_empty) {
  auto changed = incidents_.Find(incident_id_);
  if (!changed.ok()) return changed.status();
  StoredIncident& stored = (*changed)->stored;
  if (erases_) {
    if (absl::Status status = Renumber(stored); !status.ok()) return status;
  }
  Incident& incident = *stored.mutable_incident();
  const int count = static_cast<int>(incident.report_count()) + standing_change_;
  incident.set_report_count(static_cast<uint32_t>(count));
  if (count == 0) {
    // A name that leads elsewhere goes on leading there.
    const bool leads = incident.state() == Incident::STATE_MERGED || incident.state() == Incident::STATE_SPLIT;
    if (!leads) incident.set_state(state_if_empty);
  } else {
    SetRedirections(incident, {});
    incident.set_state(Incident::STATE_ACTIVE);
    incident.clear_merged_into();
    incident.clear_split_into();
    if (absl::Status status = AssignNumber(stored); !status.ok()) return status;
  }
  Store(**changed);
  return absl::OkStatus();
}

void DecisionStep::Store(ChangedIncident& changed) {
  changed.changed = true;
  changed.create_time_us = create_time_us_;
  changed.update_time_us = entry_.append_time_us;
  batch_.Put(family::kRevisions, records::RevisionKey(incident_id_, entry_.sequence), revision_.SerializeAsString());
}

absl::Status Advance(const ParsedEntry& entry, const internal::v1::Watermark& watermark, const records::Reader& reader,
                     records::Batch* batch) {
  for (const internal::v1::LogPosition& decided : watermark.decided()) {
    const std::string key = records::WatermarkMetaKey(entry.partition, {log::LogName::kIntake, decided.partition()});
    auto before = GetNumber(reader, key);
    if (!before.ok()) return before.status();
    if (decided.sequence() > *before) PutNumber(batch, key, decided.sequence());
  }
  return absl::OkStatus();
}

}  // namespace

std::string IncidentEtag(v1::Incident incident) {
  incident.clear_etag();
  return ids::Sha256Hex(incident.SerializeAsString()).substr(0, 16);
}

absl::Status FoldDecision(const ParsedEntry& entry, const NumberSpace& numbers, const records::Reader& reader,
                          records::Batch* batch, ChangedIncidents* incidents, NameChanges* names, bool* erases) {
  const Decision& decision = *entry.decision;
  const auto step = [&](const auto& event) {
    return DecisionStep(entry, numbers, reader, batch, incidents, names, event.incident_id(),
                        event.incident_create_time_us());
  };
  switch (decision.event_case()) {
    case Decision::kReportPlaced:
      return step(decision.report_placed()).Place(decision.report_placed());
    case Decision::kReportWithdrawn:
      return step(decision.report_withdrawn()).TakeBack(decision.report_withdrawn(), Afterlife::kFormer);
    case Decision::kReportErased:
      *erases = true;
      return step(decision.report_erased()).TakeBack(decision.report_erased(), Afterlife::kErased);
    case Decision::kReportMoved:
      return step(decision.report_moved()).Move(decision.report_moved());
    case Decision::kIncidentJudged:
      return step(decision.incident_judged()).Judge(decision.incident_judged());
    case Decision::kIncidentRedirected:
      return step(decision.incident_redirected()).Redirect(decision.incident_redirected());
    case Decision::kMentionLinked: {
      EntityNames entities(reader, batch, names);
      return FoldMention(entry, IncidentId(decision.mention_linked().incident_id()), reader, batch, &entities);
    }
    case Decision::kJudgementDecided:
      return FoldJudgementDecided(decision.judgement_decided(), reader, batch);
    case Decision::kSuggestionMade:
      return FoldSuggestion(entry, decision.suggestion_made(), reader, batch);
    case Decision::kGroupsJoined:  // concerns the resolver alone
      return absl::OkStatus();
    case Decision::kWatermark:
      return Advance(entry, decision.watermark(), reader, batch);
    case Decision::EVENT_NOT_SET:
      break;
  }
  return absl::InternalError("a decision without an event reached the fold");
}

}  // namespace interdict::index
