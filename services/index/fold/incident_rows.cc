#include "services/index/fold/incident_rows.h"

#include <algorithm>
#include <memory>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "storage/records/keys.h"

namespace interdict::index {
namespace {

namespace family = records::family;
using internal::v1::FormerReport;
using internal::v1::StoredIncident;
using internal::v1::StoredIncidentJudgement;
using internal::v1::StoredReport;

absl::Status Unreadable(std::string_view of) {
  return absl::DataLossError(absl::StrCat("a record of ", std::string(of), " is not readable"));
}

template <typename Message>
absl::StatusOr<std::vector<Message>> LoadAll(const records::Reader& reader, std::string_view of,
                                             const std::string& prefix) {
  std::vector<Message> rows;
  const std::unique_ptr<records::Cursor> cursor = reader.Scan(of, prefix);
  for (; cursor->Valid(); cursor->Next()) {
    if (!rows.emplace_back().ParseFromArray(cursor->value().data(), static_cast<int>(cursor->value().size()))) {
      return Unreadable(of);
    }
  }
  if (!cursor->status().ok()) return cursor->status();
  return rows;
}

// Ids of the reports that stand, from one end, at most `limit`.
absl::StatusOr<std::vector<std::string>> IdsFrom(const records::Reader& reader, const std::string& incident_id,
                                                 bool latest_first, size_t limit) {
  std::vector<std::string> ids;
  const std::unique_ptr<records::Cursor> cursor =
      reader.Scan(family::kReportOrder, records::ReportOrderPrefix(incident_id, latest_first));
  for (; cursor->Valid() && ids.size() < limit; cursor->Next()) {
    std::string& id = ids.emplace_back(cursor->key().substr(cursor->key().size() - records::kReportIdBytes));
    if (!latest_first) continue;
    for (char& c : id) c = static_cast<char>(~c);
  }
  if (!cursor->status().ok()) return cursor->status();
  return ids;
}

absl::StatusOr<StoredReport> LoadReport(const records::Reader& reader, const std::string& incident_id,
                                        const std::string& report_id) {
  auto value = reader.Get(family::kReports, records::ReportKey(incident_id, report_id));
  if (!value.ok()) return value.status();
  StoredReport report;
  if (!value->has_value() || !report.ParseFromString(**value)) return Unreadable(family::kReports);
  return report;
}

// Order of a report among those of its incident.
auto OrderOf(const StoredReport& report) {
  return std::make_tuple(report.order().partition(), report.order().sequence(), report.order_ordinal(),
                         report.report().name());
}

void KeepFirstAndLatest(std::vector<StoredReport>& reports) {
  if (reports.size() <= kFirstReports + kLatestReports) return;
  reports.erase(reports.begin() + kFirstReports, reports.end() - kLatestReports);
}

bool Holds(uint64_t from_sequence, int64_t from_us, uint64_t until_sequence, int64_t until_us, const PastPoint& point) {
  const bool begun = from_sequence <= point.sequence && from_us <= point.time_us;
  const bool ended = until_sequence != 0 && until_sequence <= point.sequence && until_us <= point.time_us;
  return begun && !ended;
}

void SortJudgements(std::vector<StoredIncidentJudgement>& judgements) {
  std::sort(judgements.begin(), judgements.end(), [](const auto& a, const auto& b) {
    return std::make_tuple(a.order(), a.note().judgement()) < std::make_tuple(b.order(), b.note().judgement());
  });
}

}  // namespace

ReportRowKeys::ReportRowKeys(const std::string& incident_id, const std::string& report_id, const StoredReport& stored)
    : report(records::ReportKey(incident_id, report_id)) {
  const std::string place =
      records::ReportOrder(stored.order().partition(), stored.order().sequence(), stored.order_ordinal());
  order = records::ReportOrderKey(incident_id, place, report_id);
  reverse_order = records::ReverseReportOrderKey(incident_id, place, report_id);
}

absl::StatusOr<std::optional<StoredIncident>> LoadIncident(const records::Reader& reader,
                                                           const std::string& incident_id) {
  auto value = reader.Get(family::kIncidents, incident_id);
  if (!value.ok()) return value.status();
  if (!value->has_value()) return std::optional<StoredIncident>();
  StoredIncident stored;
  if (!stored.ParseFromString(**value)) return Unreadable(family::kIncidents);
  return std::optional<StoredIncident>(std::move(stored));
}

absl::StatusOr<std::vector<StoredReport>> LoadReports(const records::Reader& reader, const std::string& incident_id) {
  auto ids = IdsFrom(reader, incident_id, /*latest_first=*/false, kFirstReports + kLatestReports + 1);
  if (!ids.ok()) return ids.status();
  if (ids->size() > kFirstReports + kLatestReports) {
    auto latest = IdsFrom(reader, incident_id, /*latest_first=*/true, kLatestReports);
    if (!latest.ok()) return latest.status();
    ids->resize(kFirstReports);
    ids->insert(ids->end(), latest->rbegin(), latest->rend());
  }
  std::vector<StoredReport> reports;
  for (const std::string& id : *ids) {
    auto report = LoadReport(reader, incident_id, id);
    if (!report.ok()) return report.status();
    reports.push_back(*std::move(report));
  }
  return reports;
}

absl::StatusOr<std::vector<StoredIncidentJudgement>> LoadIncidentJudgements(const records::Reader& reader,
                                                                            const std::string& incident_id) {
  return LoadIncidentJudgementsAt(reader, incident_id, PastPoint());
}

absl::StatusOr<std::vector<StoredReport>> LoadReportsAt(const records::Reader& reader, const std::string& incident_id,
                                                        const PastPoint& point) {
  auto standing = LoadAll<StoredReport>(reader, family::kReports, incident_id);
  if (!standing.ok()) return standing.status();
  auto former = LoadAll<FormerReport>(reader, family::kFormerReports, incident_id);
  if (!former.ok()) return former.status();
  std::vector<StoredReport> reports;
  for (StoredReport& report : *standing) {
    if (!Holds(report.position().sequence(), report.from_time_us(), 0, 0, point)) continue;
    reports.push_back(std::move(report));
  }
  for (FormerReport& gone : *former) {
    const StoredReport& report = gone.report();
    if (!Holds(report.position().sequence(), report.from_time_us(), gone.until_sequence(), gone.until_time_us(), point))
      continue;
    reports.push_back(std::move(*gone.mutable_report()));
  }
  std::sort(reports.begin(), reports.end(),
            [](const StoredReport& a, const StoredReport& b) { return OrderOf(a) < OrderOf(b); });
  KeepFirstAndLatest(reports);
  return reports;
}

absl::StatusOr<std::vector<StoredIncidentJudgement>> LoadIncidentJudgementsAt(const records::Reader& reader,
                                                                              const std::string& incident_id,
                                                                              const PastPoint& point) {
  auto all = LoadAll<StoredIncidentJudgement>(reader, family::kIncidentJudgements, incident_id);
  if (!all.ok()) return all.status();
  std::vector<StoredIncidentJudgement> held;
  for (StoredIncidentJudgement& row : *all) {
    if (!Holds(row.from_sequence(), row.from_time_us(), row.until_sequence(), row.until_time_us(), point)) continue;
    held.push_back(std::move(row));
  }
  SortJudgements(held);
  return held;
}

absl::StatusOr<std::optional<uint64_t>> FirstSequence(const records::Reader& reader, const std::string& incident_id) {
  auto standing = LoadAll<StoredReport>(reader, family::kReports, incident_id);
  if (!standing.ok()) return standing.status();
  auto former = LoadAll<FormerReport>(reader, family::kFormerReports, incident_id);
  if (!former.ok()) return former.status();
  std::optional<uint64_t> first;
  const auto note = [&first](const StoredReport& report) {
    first = std::min(first.value_or(UINT64_MAX), report.position().sequence());
  };
  for (const StoredReport& report : *standing) note(report);
  for (const FormerReport& gone : *former) note(gone.report());
  return first;
}

}  // namespace interdict::index
