// Checks that every evidence of a report lies in its text and quotes it rightly.
#pragma once

#include <string>

#include "interdict/internal/v1/stored.pb.h"
#include "services/index/admin/problems.h"

namespace interdict::index {

// `what` names the report in the problems.
void VerifyEvidence(const internal::v1::StoredReport& report, const std::string& what, Problems* problems);

}  // namespace interdict::index
