// What makes the entries of a reference list's import provably invalid, each by itself.
#pragma once

#include <string>
#include <string_view>

#include "interdict/internal/v1/log_entry.pb.h"

namespace interdict::index {

// `a-z 0-9 -`, 1 to 64 of them.
bool IsListId(std::string_view id);

// The first thing that is wrong; empty for a valid event.
std::string ProblemOf(const internal::v1::ListChunk& chunk);
std::string ProblemOf(const internal::v1::ListPublished& published);

}  // namespace interdict::index
