#include "services/query/page_token.h"

#include <bit>
#include <cmath>
#include <string_view>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "services/server/status.h"
#include "storage/ids/ids.h"

namespace interdict::query {
namespace {

// Layout: version (1 byte), hash of the arguments (8), for each shard flags (1) and, if one says so, score, value and
// number (8 each, big-endian); checksum (8).
constexpr char kVersion = 2;
constexpr size_t kHashBytes = 8;
constexpr size_t kHeadBytes = 1 + kHashBytes;
constexpr size_t kPlaceBytes = 24;
constexpr unsigned kExhausted = 1;
constexpr unsigned kHasPlace = 2;
constexpr unsigned kMissing = 4;

std::string ShortHash(std::string_view bytes) { return ids::Sha256(bytes).substr(0, kHashBytes); }

void AppendNumber(uint64_t number, std::string& out) {
  for (int shift = 56; shift >= 0; shift -= 8) out.push_back(static_cast<char>(number >> shift));
}

uint64_t ReadNumber(std::string_view bytes) {
  uint64_t number = 0;
  for (size_t i = 0; i < 8; ++i) number = number << 8 | static_cast<unsigned char>(bytes[i]);
  return number;
}

void AppendCursor(const ShardCursor& cursor, std::string& out) {
  unsigned flags = cursor.exhausted ? kExhausted : 0;
  if (cursor.after) flags |= kHasPlace | (cursor.after->missing ? kMissing : 0);
  out.push_back(static_cast<char>(flags));
  if (!cursor.after) return;
  AppendNumber(std::bit_cast<uint64_t>(cursor.after->score), out);
  AppendNumber(static_cast<uint64_t>(cursor.after->value), out);
  AppendNumber(cursor.after->number, out);
}

// Takes a cursor off the front; nullopt if there is none.
std::optional<ShardCursor> ReadCursor(std::string_view& bytes) {
  const auto flags = static_cast<unsigned char>(bytes.front());
  bytes.remove_prefix(1);
  ShardCursor cursor;
  cursor.exhausted = (flags & kExhausted) != 0;
  if ((flags & kHasPlace) == 0) return cursor;
  if (bytes.size() < kPlaceBytes) return std::nullopt;
  cursor.after = HitPlace{.score = std::bit_cast<double>(ReadNumber(bytes)),
                          .value = static_cast<int64_t>(ReadNumber(bytes.substr(8))),
                          .missing = (flags & kMissing) != 0,
                          .number = ReadNumber(bytes.substr(16))};
  bytes.remove_prefix(kPlaceBytes);
  if (!std::isfinite(cursor.after->score)) return std::nullopt;
  return cursor;
}

absl::Status Mismatch(const std::string& field, const std::string& problem) {
  return server::Error(absl::StatusCode::kInvalidArgument, "PAGE_TOKEN_MISMATCH", absl::StrCat(field, ": ", problem),
                       {{"field", field}});
}

}  // namespace

std::string EncodePageToken(const std::string& arguments, const std::vector<ShardCursor>& cursors) {
  std::string bytes(1, kVersion);
  bytes += ShortHash(arguments);
  for (const ShardCursor& cursor : cursors) AppendCursor(cursor, bytes);
  bytes += ShortHash(bytes);
  std::string token;
  absl::WebSafeBase64Escape(bytes, &token);
  return token;
}

absl::StatusOr<std::vector<ShardCursor>> DecodePageToken(const std::string& token, const std::string& arguments,
                                                         size_t shards, const std::string& field) {
  constexpr char kUnknown[] = "is none that this server gave; leave it empty to start from the first";
  std::string bytes;
  if (!absl::WebSafeBase64Unescape(token, &bytes) || absl::WebSafeBase64Escape(bytes) != token ||
      bytes.size() < kHeadBytes + kHashBytes || bytes[0] != kVersion) {
    return Mismatch(field, kUnknown);
  }
  const std::string_view all(bytes);
  const std::string_view body = all.substr(0, bytes.size() - kHashBytes);
  if (ShortHash(body) != all.substr(body.size())) {
    return Mismatch(field, "is garbled; hand it back unchanged, or leave it empty to start from the first");
  }
  if (ShortHash(arguments) != body.substr(1, kHashBytes)) {
    return Mismatch(field,
                    "belongs to other arguments; keep all arguments as they were, or leave it empty to start anew");
  }
  std::vector<ShardCursor> cursors;
  for (std::string_view rest = body.substr(kHeadBytes); !rest.empty();) {
    const auto cursor = ReadCursor(rest);
    if (!cursor) return Mismatch(field, kUnknown);
    cursors.push_back(*cursor);
  }
  if (cursors.size() != shards) {
    return Mismatch(field, "the number of shards has changed since; leave it empty to start from the first");
  }
  return cursors;
}

}  // namespace interdict::query
