// Under which texts an incident is found: the title, summary and values of its reports, the sentences that are quoted,
// the titles and texts of its documents.
#pragma once

#include <string_view>
#include <vector>

#include "interdict/internal/v1/stored.pb.h"

namespace interdict::index {

// Views into `reports`.
std::vector<std::string_view> IncidentTexts(const std::vector<internal::v1::StoredReport>& reports);

}  // namespace interdict::index
