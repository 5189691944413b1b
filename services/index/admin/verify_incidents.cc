#include <memory>

#include "absl/strings/str_cat.h"
#include "interdict/internal/v1/stored.pb.h"
#include "services/index/admin/record_walk.h"
#include "services/index/admin/verify_evidence.h"
#include "services/index/admin/verify_records.h"
#include "services/index/entry/names.h"
#include "services/index/fold/incident_fold.h"
#include "services/index/fold/incident_rows.h"
#include "storage/ids/ids.h"
#include "storage/records/keys.h"

namespace interdict::index {
namespace {

namespace family = records::family;
using internal::v1::StoredDocument;
using internal::v1::StoredIncident;
using internal::v1::StoredReport;

absl::Status CheckListed(const records::Reader& reader, std::string_view key, const StoredIncident& stored,
                         const std::string& name, Problems* problems) {
  auto listed = reader.Get(family::kIncidentNumbers, records::NumberKey(stored.number()));
  if (!listed.ok()) return listed.status();
  const bool active = stored.incident().state() == v1::Incident::STATE_ACTIVE;
  const bool there = stored.number() != 0 && listed->has_value() && **listed == key;
  if (active && !there) problems->Add(absl::StrCat(name, ": incident_numbers does not list it"));
  if (!active && there) problems->Add(absl::StrCat(name, ": incident_numbers lists it, though it is not active"));
  const bool leads_on =
      stored.incident().state() == v1::Incident::STATE_MERGED || stored.incident().state() == v1::Incident::STATE_SPLIT;
  const bool has_targets = !stored.incident().merged_into().empty() || stored.incident().split_into_size() > 0;
  if (leads_on != has_targets) problems->Add(absl::StrCat(name, ": its state and where it leads do not agree"));
  const std::unique_ptr<records::Cursor> reports = reader.Scan(family::kReports, key);
  if (active != reports->Valid()) {
    problems->Add(
        absl::StrCat(name, active ? ": is active, but no report of it is there" : ": is not active, but has reports"));
  }
  uint32_t count = 0;
  for (; reports->Valid(); reports->Next()) ++count;
  if (count != stored.incident().report_count()) {
    problems->Add(
        absl::StrCat(name, ": counts ", stored.incident().report_count(), " report(s), but ", count, " are there"));
  }
  return reports->status();
}

absl::Status CheckIncident(const records::Reader& reader, std::string_view key, std::string_view value,
                           Problems* problems) {
  const std::string name = IncidentName(key);
  StoredIncident stored;
  if (!stored.ParseFromString(std::string(value))) {
    problems->Add(absl::StrCat(name, ": record is not readable"));
    return absl::OkStatus();
  }
  if (stored.incident().name() != name) problems->Add(absl::StrCat(name, ": record bears another name"));
  if (stored.incident().etag() != IncidentEtag(stored.incident())) {
    problems->Add(absl::StrCat(name, ": etag is not that of the record"));
  }
  for (const v1::Source& source : stored.incident().sources()) {
    const auto ids = ReportIdsFromName(source.report());
    auto report = ids.ok() ? Find<StoredReport>(reader, family::kReports, records::ReportKey(key, ids->report))
                           : absl::StatusOr<std::optional<StoredReport>>(std::optional<StoredReport>());
    if (!report.ok()) return report.status();
    if (!report->has_value()) problems->Add(absl::StrCat(name, ": its source ", source.report(), " is missing"));
  }
  return CheckListed(reader, key, stored, name, problems);
}

void CheckReportItself(const StoredReport& stored, const ReportIds& ids, std::string_view report_id,
                       const std::string& what, Problems* problems) {
  const v1::Report& report = stored.report();
  if (ids.report != report_id) problems->Add(absl::StrCat(what, ": record bears another name"));
  const std::string expected = ids::ReportId(records::HexFromId(ids.document), report.extractor().name(),
                                             report.extractor().version(), report.ordinal());
  if (records::HexFromId(ids.report) != expected) {
    problems->Add(absl::StrCat(what, ": id does not follow from document, extractor, version and ordinal"));
  }
  VerifyEvidence(stored, what, problems);
}

absl::Status CheckReport(const records::Reader& reader, bool folds_agree, std::string_view key, std::string_view value,
                         Problems* problems) {
  const std::string_view incident_id = key.substr(0, records::kIncidentIdBytes);
  const std::string_view report_id = key.substr(incident_id.size());
  const std::string what = absl::StrCat("report ", records::HexFromId(report_id), " of ", IncidentName(incident_id));
  StoredReport stored;
  const bool readable = stored.ParseFromString(std::string(value));
  const auto ids = ReportIdsFromName(stored.report().name());
  if (!readable || !ids.ok()) {
    problems->Add(absl::StrCat(what, ": record is not readable"));
    return absl::OkStatus();
  }
  CheckReportItself(stored, *ids, report_id, what, problems);
  auto incident = Find<StoredIncident>(reader, family::kIncidents, incident_id);
  if (!incident.ok()) return incident.status();
  if (!incident->has_value()) problems->Add(absl::StrCat(what, ": the incident is missing"));
  auto back = reader.Get(family::kDocumentReports, records::DocumentReportKey(ids->document, ids->report, incident_id));
  if (!back.ok()) return back.status();
  if (!back->has_value() || **back != incident_id) {
    problems->Add(absl::StrCat(what, ": document_reports does not lead to it"));
  }
  const ReportRowKeys keys(std::string(incident_id), ids->report, stored);
  for (const std::string& order_key : {keys.order, keys.reverse_order}) {
    auto listed = reader.Get(family::kReportOrder, order_key);
    if (!listed.ok()) return listed.status();
    if (!listed->has_value()) problems->Add(absl::StrCat(what, ": report_order does not list it"));
  }
  if (!folds_agree) return absl::OkStatus();
  auto document = Find<StoredDocument>(reader, family::kDocuments, ids->document);
  if (!document.ok()) return document.status();
  if (!document->has_value() || (*document)->document().state() == v1::Document::STATE_REMOVED) {
    problems->Add(absl::StrCat(what, ": its document is missing or was taken down"));
  }
  return absl::OkStatus();
}

absl::Status CheckDocumentReport(const records::Reader& reader, std::string_view key, std::string_view value,
                                 Problems* problems) {
  const std::string_view report_id = key.substr(records::kDocumentIdBytes, records::kReportIdBytes);
  auto report = Find<StoredReport>(reader, family::kReports, records::ReportKey(value, report_id));
  if (!report.ok()) return report.status();
  if (!report->has_value()) {
    problems->Add(absl::StrCat("document_reports: report ", records::HexFromId(report_id), " of ", IncidentName(value),
                               " is missing"));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status VerifyIncidents(const records::Reader& reader, bool folds_agree, Problems* problems, uint64_t* records) {
  absl::Status status = ForEachRecord(reader, family::kIncidents, records, [&](auto key, auto value) {
    return CheckIncident(reader, key, value, problems);
  });
  if (!status.ok()) return status;
  status = ForEachRecord(reader, family::kReports, records, [&](auto key, auto value) {
    if (key.size() == records::kIncidentIdBytes + records::kReportIdBytes) {
      return CheckReport(reader, folds_agree, key, value, problems);
    }
    problems->Add("reports: a key is malformed");
    return absl::OkStatus();
  });
  if (!status.ok()) return status;
  return ForEachRecord(reader, family::kDocumentReports, records, [&](auto key, auto value) {
    if (key.size() == records::kDocumentIdBytes + records::kReportIdBytes + records::kIncidentIdBytes) {
      return CheckDocumentReport(reader, key, value, problems);
    }
    problems->Add("document_reports: a key is malformed");
    return absl::OkStatus();
  });
}

}  // namespace interdict::index
