// Page tokens of SearchIncidents: where each shard's list goes on, bound to the arguments that the list was made with.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace interdict::query {

// Where one shard's list goes on.
struct ShardCursor {
  // Only incidents with a lower number; 0: from the newest.
  uint64_t before_number = 0;
  // Nothing follows in this shard.
  bool exhausted = false;

  bool operator==(const ShardCursor&) const = default;
};

// The token: base64url of a version, a hash of `arguments`, the cursors, and a checksum over all of it. Never empty.
// The checksum finds garbling; it is no signature, for a token gives no more than its owner may read anyway.
std::string EncodePageToken(const std::string& arguments, const std::vector<ShardCursor>& cursors);

// The reverse. INVALID_ARGUMENT (PAGE_TOKEN_MISMATCH): malformed, made with other arguments, or for another number of
// shards.
absl::StatusOr<std::vector<ShardCursor>> DecodePageToken(const std::string& token, const std::string& arguments,
                                                         size_t shards);

}  // namespace interdict::query
