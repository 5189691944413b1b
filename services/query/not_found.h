// Errors for names that lead nowhere.
#pragma once

#include <string>

#include "absl/status/status.h"

namespace interdict::query {

// NOT_FOUND with the reasons that clients are promised. Ids, not names.
absl::Status IncidentNotFound(const std::string& id);
absl::Status DocumentNotFound(const std::string& id);

}  // namespace interdict::query
