// How far: a sequence for each partition, and the opaque token that clients carry it in (`position`, `read_after`,
// `read_position`).
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "absl/status/statusor.h"
#include "storage/log/log.h"

namespace interdict::log {

// Partition to sequence; a partition that is not there counts as 0.
using Positions = std::map<PartitionId, uint64_t>;

// The token: base64url (no padding) of a serialised internal.v1.PositionToken with a checksum behind it. Never empty.
std::string EncodePositionToken(const std::string& log_id, const Positions& positions);

// The reverse. INVALID_ARGUMENT for a token that is malformed or whose log id is not `log_id` (empty `log_id`: any).
absl::StatusOr<Positions> DecodePositionToken(const std::string& token, const std::string& log_id);

// The log id inside a token, for one who has to make a new token of several. INVALID_ARGUMENT for a malformed token.
absl::StatusOr<std::string> LogIdOfPositionToken(const std::string& token);

// For a person: `intake/0=17 incidents/0=34`.
std::string ToString(const Positions& positions);

}  // namespace interdict::log
