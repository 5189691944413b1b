// The rows of one incident in the store: the reports that stand and those that stood, what was judged, and what changed
// it. Written by the fold of the incident log, read by it and by whoever reads records.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "interdict/internal/v1/stored.pb.h"
#include "storage/records/store.h"

namespace interdict::index {

// Of an incident with many reports the record shows, and is merged from, so many of its first and of its latest: the
// work of one more report has a bound.
inline constexpr size_t kFirstReports = 64;
inline constexpr size_t kLatestReports = 64;

// By raw id; nullopt if there is none. DATA_LOSS: not readable. So all of these.
absl::StatusOr<std::optional<internal::v1::StoredIncident>> LoadIncident(const records::Reader& reader,
                                                                         const std::string& incident_id);

// The reports that stand, in order: all, or the first and the latest.
absl::StatusOr<std::vector<internal::v1::StoredReport>> LoadReports(const records::Reader& reader,
                                                                    const std::string& incident_id);

// The judgements that hold on an incident, in order.
absl::StatusOr<std::vector<internal::v1::StoredIncidentJudgement>> LoadIncidentJudgements(
    const records::Reader& reader, const std::string& incident_id);

// A point of the history of an incident's partition.
struct PastPoint {
  uint64_t sequence = UINT64_MAX;  // what decisions up to it said
  int64_t time_us = INT64_MAX;     // and what was decided up to it
};

// The same as it was then, as far as its text was not taken down since.
absl::StatusOr<std::vector<internal::v1::StoredReport>> LoadReportsAt(const records::Reader& reader,
                                                                      const std::string& incident_id,
                                                                      const PastPoint& point);
absl::StatusOr<std::vector<internal::v1::StoredIncidentJudgement>> LoadIncidentJudgementsAt(
    const records::Reader& reader, const std::string& incident_id, const PastPoint& point);

// The least sequence of an entry that placed a report of the incident, be it standing or not; nullopt: there is none.
absl::StatusOr<std::optional<uint64_t>> FirstSequence(const records::Reader& reader, const std::string& incident_id);

// Keys of `report` among the standing reports of an incident.
struct ReportRowKeys {
  ReportRowKeys(const std::string& incident_id, const std::string& report_id, const internal::v1::StoredReport& report);
  std::string report;
  std::string order;
  std::string reverse_order;
};

}  // namespace interdict::index
