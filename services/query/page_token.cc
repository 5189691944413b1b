#include "services/query/page_token.h"

#include <string_view>

#include "absl/strings/escaping.h"
#include "services/server/status.h"
#include "storage/ids/ids.h"

namespace interdict::query {
namespace {

// Layout: version (1 byte), hash of the arguments (8), for each shard exhausted (1) and number (8, big-endian),
// checksum (8).
constexpr char kVersion = 1;
constexpr size_t kHashBytes = 8;
constexpr size_t kCursorBytes = 9;
constexpr size_t kHeadBytes = 1 + kHashBytes;

std::string ShortHash(std::string_view bytes) { return ids::Sha256(bytes).substr(0, kHashBytes); }

void AppendNumber(uint64_t number, std::string& out) {
  for (int shift = 56; shift >= 0; shift -= 8) out.push_back(static_cast<char>(number >> shift));
}

uint64_t ReadNumber(std::string_view bytes) {
  uint64_t number = 0;
  for (size_t i = 0; i < 8; ++i) number = number << 8 | static_cast<unsigned char>(bytes[i]);
  return number;
}

absl::Status Mismatch(const std::string& problem) {
  return server::Error(absl::StatusCode::kInvalidArgument, "PAGE_TOKEN_MISMATCH", "page_token: " + problem,
                       {{"field", "page_token"}});
}

}  // namespace

std::string EncodePageToken(const std::string& arguments, const std::vector<ShardCursor>& cursors) {
  std::string bytes(1, kVersion);
  bytes += ShortHash(arguments);
  for (const ShardCursor& cursor : cursors) {
    bytes.push_back(cursor.exhausted ? 1 : 0);
    AppendNumber(cursor.before_number, bytes);
  }
  bytes += ShortHash(bytes);
  std::string token;
  absl::WebSafeBase64Escape(bytes, &token);
  return token;
}

absl::StatusOr<std::vector<ShardCursor>> DecodePageToken(const std::string& token, const std::string& arguments,
                                                         size_t shards) {
  std::string bytes;
  if (!absl::WebSafeBase64Unescape(token, &bytes) || absl::WebSafeBase64Escape(bytes) != token ||
      bytes.size() < kHeadBytes + kHashBytes || (bytes.size() - kHeadBytes - kHashBytes) % kCursorBytes != 0 ||
      bytes[0] != kVersion) {
    return Mismatch("is none that this server gave; leave it empty to start from the first page");
  }
  const std::string_view all(bytes);
  const std::string_view body = all.substr(0, bytes.size() - kHashBytes);
  if (ShortHash(body) != all.substr(body.size())) {
    return Mismatch(
        "is garbled; hand back `next_page_token` unchanged, or leave it empty to start from the first page");
  }
  if (ShortHash(arguments) != body.substr(1, kHashBytes)) {
    return Mismatch("belongs to other arguments; keep all arguments as they were, or leave it empty to start anew");
  }
  if ((body.size() - kHeadBytes) / kCursorBytes != shards) {
    return Mismatch("the number of shards has changed since; leave it empty to start from the first page");
  }
  std::vector<ShardCursor> cursors;
  for (size_t at = kHeadBytes; at < body.size(); at += kCursorBytes) {
    cursors.push_back({.before_number = ReadNumber(body.substr(at + 1, 8)), .exhausted = body[at] != 0});
  }
  return cursors;
}

}  // namespace interdict::query
