// Page tokens of lists that go on behind a key.
#pragma once

#include <string>

#include "absl/status/statusor.h"

namespace interdict::query {

// base64url of a version, a hash of `arguments`, the key, and a checksum. Never empty.
std::string EncodeKeyToken(const std::string& arguments, const std::string& key);

// The reverse; empty for an empty token. INVALID_ARGUMENT (PAGE_TOKEN_MISMATCH): malformed, or made with other
// arguments.
absl::StatusOr<std::string> DecodeKeyToken(const std::string& token, const std::string& arguments);

}  // namespace interdict::query
