// Page and resume tokens of searches: where each shard's list goes on, bound to the arguments that the list was made
// with.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace interdict::query {

// Where a hit stands in the order of its shard (internal.v1.SearchCursor).
struct HitPlace {
  double score = 0;
  int64_t value = 0;
  bool missing = false;  // no value
  uint64_t number = 0;

  bool operator==(const HitPlace&) const = default;
};

// Where one shard's list goes on.
struct ShardCursor {
  // Behind this hit; nullopt: from the first.
  std::optional<HitPlace> after;
  // Nothing follows in this shard.
  bool exhausted = false;

  bool operator==(const ShardCursor&) const = default;
};

// The token: base64url of a version, a hash of `arguments`, the cursors, and a checksum over all of it. Never empty.
// The checksum finds garbling; it is no signature, for a token gives no more than its owner may read anyway.
std::string EncodePageToken(const std::string& arguments, const std::vector<ShardCursor>& cursors);

// The reverse. INVALID_ARGUMENT (PAGE_TOKEN_MISMATCH): malformed, made with other arguments, or for another number of
// shards. `field` is the request's name for the token.
absl::StatusOr<std::vector<ShardCursor>> DecodePageToken(const std::string& token, const std::string& arguments,
                                                         size_t shards, const std::string& field = "page_token");

}  // namespace interdict::query
