#include "services/index/stored_incidents.h"

#include <algorithm>
#include <memory>
#include <tuple>

#include "storage/records/keys.h"

namespace interdict::index {

namespace family = records::family;
using internal::v1::StoredIncident;
using internal::v1::StoredReport;

absl::StatusOr<std::optional<StoredIncident>> LoadIncident(const records::Reader& reader,
                                                           const std::string& incident_id) {
  auto value = reader.Get(family::kIncidents, incident_id);
  if (!value.ok()) return value.status();
  if (!value->has_value()) return std::optional<StoredIncident>();
  StoredIncident stored;
  if (!stored.ParseFromString(**value)) return absl::DataLossError("a record of incidents is not readable");
  return std::optional<StoredIncident>(std::move(stored));
}

absl::StatusOr<std::vector<StoredReport>> LoadReports(const records::Reader& reader, const std::string& incident_id) {
  std::vector<StoredReport> reports;
  const std::unique_ptr<records::Cursor> cursor = reader.Scan(family::kReports, incident_id);
  for (; cursor->Valid(); cursor->Next()) {
    if (!reports.emplace_back().ParseFromString(std::string(cursor->value()))) {
      return absl::DataLossError("a record of reports is not readable");
    }
  }
  if (!cursor->status().ok()) return cursor->status();
  std::sort(reports.begin(), reports.end(), [](const StoredReport& a, const StoredReport& b) {
    return std::make_tuple(a.position().partition(), a.position().sequence()) <
           std::make_tuple(b.position().partition(), b.position().sequence());
  });
  return reports;
}

}  // namespace interdict::index
