// What makes an entry provably invalid: rules over the entry alone, the same on every replica and for ever.
#pragma once

#include <string>

#include "interdict/internal/v1/log_entry.pb.h"

namespace interdict::index {

// The first thing that is wrong, without any text of a document; empty for a valid entry.
std::string ProblemOf(const internal::v1::IntakeEntry& entry);
std::string ProblemOf(const internal::v1::Decision& decision);

}  // namespace interdict::index
