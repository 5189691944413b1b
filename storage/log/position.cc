#include "storage/log/position.h"

#include <string_view>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "interdict/internal/v1/log_entry.pb.h"
#include "storage/ids/ids.h"

namespace interdict::log {
namespace {

constexpr size_t kChecksumBytes = 4;
constexpr size_t kMaxTokenLength = 1 << 20;

std::string Checksum(std::string_view bytes) { return ids::Sha256(bytes).substr(0, kChecksumBytes); }

absl::Status Malformed() {
  return absl::InvalidArgumentError("position token is malformed: pass one as it was returned, or none");
}

// The serialised PositionToken inside `token`. Each content has exactly one spelling, so that a garbled one never
// passes.
absl::StatusOr<std::string> Unwrap(const std::string& token) {
  std::string bytes;
  if (token.size() > kMaxTokenLength || !absl::WebSafeBase64Unescape(token, &bytes)) return Malformed();
  if (bytes.size() < kChecksumBytes || absl::WebSafeBase64Escape(bytes) != token) return Malformed();
  std::string content = bytes.substr(0, bytes.size() - kChecksumBytes);
  if (Checksum(content) != bytes.substr(content.size())) return Malformed();
  return content;
}

}  // namespace

std::string EncodePositionToken(const std::string& log_id, const Positions& positions) {
  internal::v1::PositionToken token;
  token.set_log_id(log_id);
  for (const auto& [partition, sequence] : positions) {
    internal::v1::LogPosition* position = token.add_positions();
    position->set_log(ToString(partition.log));
    position->set_partition(partition.number);
    position->set_sequence(sequence);
  }
  const std::string content = token.SerializeAsString();
  return absl::WebSafeBase64Escape(content + Checksum(content));
}

absl::StatusOr<Positions> DecodePositionToken(const std::string& token, const std::string& log_id) {
  absl::StatusOr<std::string> content = Unwrap(token);
  if (!content.ok()) return content.status();
  internal::v1::PositionToken parsed;
  if (!parsed.ParseFromString(*content)) return Malformed();
  if (!log_id.empty() && parsed.log_id() != log_id) {
    return absl::InvalidArgumentError(absl::StrCat("position token belongs to another log (", parsed.log_id(),
                                                   ", this one is ", log_id, "): drop it and read without a position"));
  }
  Positions positions;
  for (const internal::v1::LogPosition& position : parsed.positions()) {
    absl::StatusOr<LogName> log = ParseLogName(position.log());
    if (!log.ok()) return Malformed();
    if (!positions.emplace(PartitionId{*log, position.partition()}, position.sequence()).second) return Malformed();
  }
  return positions;
}

absl::StatusOr<std::string> LogIdOfPositionToken(const std::string& token) {
  absl::StatusOr<std::string> content = Unwrap(token);
  if (!content.ok()) return content.status();
  internal::v1::PositionToken parsed;
  if (!parsed.ParseFromString(*content)) return Malformed();
  return parsed.log_id();
}

std::string ToString(const Positions& positions) {
  return absl::StrJoin(positions, " ", [](std::string* out, const Positions::value_type& position) {
    absl::StrAppend(out, ToString(position.first), "=", position.second);
  });
}

}  // namespace interdict::log
