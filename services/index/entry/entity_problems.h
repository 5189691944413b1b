// What makes decisions about mentions provably invalid, each by itself.
#pragma once

#include <string>

#include "interdict/internal/v1/log_entry.pb.h"

namespace interdict::index {

// The first thing that is wrong; empty for a valid event.
std::string ProblemOf(const internal::v1::MentionLinked& linked);

}  // namespace interdict::index
