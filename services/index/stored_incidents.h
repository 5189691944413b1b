// Incidents and their reports as records of the store.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "interdict/internal/v1/stored.pb.h"
#include "storage/records/store.h"

namespace interdict::index {

// By raw id; nullopt if there is none. DATA_LOSS: not readable.
absl::StatusOr<std::optional<internal::v1::StoredIncident>> LoadIncident(const records::Reader& reader,
                                                                         const std::string& incident_id);

// The reports of an incident in the order in which they were decided.
absl::StatusOr<std::vector<internal::v1::StoredReport>> LoadReports(const records::Reader& reader,
                                                                    const std::string& incident_id);

}  // namespace interdict::index
