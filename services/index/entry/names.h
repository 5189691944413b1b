// Resource names and the raw ids in them: `documents/{64 hex}`, `documents/{64 hex}/reports/{32 hex}`, `incidents/{32
// hex}`.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace interdict::index {

// The two raw ids of a report's name.
struct ReportIds {
  std::string document;  // 32 bytes
  std::string report;    // 16 bytes
};

// INVALID_ARGUMENT unless the name has exactly that form.
absl::StatusOr<std::string> DocumentIdFromName(std::string_view name);
absl::StatusOr<ReportIds> ReportIdsFromName(std::string_view name);

// The reverse, from raw ids.
std::string DocumentName(std::string_view document_id);
std::string IncidentName(std::string_view incident_id);

}  // namespace interdict::index
