// Reads what an error tells a program besides its reason.
#pragma once

#include <string>

#include "absl/status/status.h"

namespace interdict::server {

// A value of the metadata of google.rpc.ErrorInfo; empty where the status has none of that key.
std::string MetadataOf(const absl::Status& status, const std::string& key);

}  // namespace interdict::server
