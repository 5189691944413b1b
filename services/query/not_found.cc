#include "services/query/not_found.h"

#include "absl/strings/str_cat.h"
#include "services/server/status.h"

namespace interdict::query {

absl::Status IncidentNotFound(const std::string& id) {
  return server::Error(absl::StatusCode::kNotFound, "INCIDENT_NOT_FOUND",
                       absl::StrCat("there is no incidents/", id, "; if it was just submitted, set `read_after`"),
                       {{"incident", absl::StrCat("incidents/", id)}});
}

absl::Status DocumentNotFound(const std::string& id) {
  return server::Error(absl::StatusCode::kNotFound, "DOCUMENT_NOT_FOUND",
                       absl::StrCat("there is no documents/", id, "; if it was just submitted, set `read_after`"),
                       {{"document", absl::StrCat("documents/", id)}});
}

}  // namespace interdict::query
