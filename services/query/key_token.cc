#include "services/query/key_token.h"

#include <string_view>

#include "absl/strings/escaping.h"
#include "services/server/status.h"
#include "storage/ids/ids.h"

namespace interdict::query {
namespace {

constexpr char kVersion = 'k';
constexpr size_t kHashBytes = 8;

std::string ShortHash(std::string_view bytes) { return ids::Sha256(bytes).substr(0, kHashBytes); }

absl::Status Mismatch() {
  return server::Error(absl::StatusCode::kInvalidArgument, "PAGE_TOKEN_MISMATCH",
                       "page_token is not one of an answer to these arguments: begin again without it",
                       {{"field", "page_token"}});
}

}  // namespace

std::string EncodeKeyToken(const std::string& arguments, const std::string& key) {
  const std::string body = std::string(1, kVersion) + ShortHash(arguments) + key;
  return absl::WebSafeBase64Escape(body + ShortHash(body));
}

absl::StatusOr<std::string> DecodeKeyToken(const std::string& token, const std::string& arguments) {
  if (token.empty()) return std::string();
  std::string bytes;
  if (!absl::WebSafeBase64Unescape(token, &bytes) || bytes.size() < 1 + 2 * kHashBytes) return Mismatch();
  const std::string body = bytes.substr(0, bytes.size() - kHashBytes);
  const bool good = ShortHash(body) == bytes.substr(body.size()) && body[0] == kVersion &&
                    body.substr(1, kHashBytes) == ShortHash(arguments);
  if (!good) return Mismatch();
  return body.substr(1 + kHashBytes);
}

}  // namespace interdict::query
