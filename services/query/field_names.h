// Errors of a shard name fields of the shard's request; the client sent another.
#pragma once

#include <string>

#include "absl/status/status.h"

namespace interdict::query {

// The error with `shard_name` replaced by `client_name` in the field and in the message; as it is if it names no such
// field. Reason and place stay.
absl::Status RenameField(const absl::Status& status, const std::string& shard_name, const std::string& client_name);

}  // namespace interdict::query
