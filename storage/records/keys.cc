#include "storage/records/keys.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace interdict::records {
namespace {

template <typename Integer>
std::string BigEndian(Integer value) {
  std::string bytes(sizeof(Integer), '\0');
  for (size_t i = sizeof(Integer); i-- > 0; value >>= 8) bytes[i] = static_cast<char>(value & 0xFF);
  return bytes;
}

bool IsLowerHex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }

std::string Join(std::string_view first, std::string_view second) {
  std::string key(first);
  key.append(second);
  return key;
}

}  // namespace

std::string BigEndian32(uint32_t value) { return BigEndian(value); }
std::string BigEndian64(uint64_t value) { return BigEndian(value); }

absl::StatusOr<std::string> IdFromHex(std::string_view hex, size_t bytes) {
  bool good = hex.size() == 2 * bytes;
  for (const char c : hex) good = good && IsLowerHex(c);
  if (!good) {
    return absl::InvalidArgumentError(absl::StrCat("an id has ", 2 * bytes, " lower-case hexadecimal digits"));
  }
  return absl::HexStringToBytes(std::string(hex));
}

std::string HexFromId(std::string_view id) { return absl::BytesToHexString(std::string(id)); }

std::string SightingKey(std::string_view document_id, std::string_view url) { return Join(document_id, url); }

std::string UrlPrefix(std::string_view url) {
  std::string key(url);
  key.push_back('\0');
  return key;
}

std::string UrlKey(std::string_view url, uint32_t partition, uint64_t sequence) {
  return UrlPrefix(url) + BigEndian32(partition) + BigEndian64(sequence);
}

std::string RequestPrefix(std::string_view request_id) {
  std::string prefix(request_id);
  prefix.push_back('\0');
  return prefix;
}

std::string RequestKey(std::string_view request_id, std::string_view document_id) {
  return RequestPrefix(request_id).append(document_id);
}

std::string ReportKey(std::string_view incident_id, std::string_view report_id) { return Join(incident_id, report_id); }

std::string DocumentReportKey(std::string_view document_id, std::string_view report_id, std::string_view incident_id) {
  return Join(document_id, report_id).append(incident_id);
}

std::string ReportOrder(uint32_t partition, uint64_t sequence, uint32_t ordinal) {
  return BigEndian32(partition) + BigEndian64(sequence) + BigEndian32(ordinal);
}

std::string ReportOrderPrefix(std::string_view incident_id, bool reverse) {
  std::string key(incident_id);
  key.push_back(reverse ? '\1' : '\0');
  return key;
}

std::string ReportOrderKey(std::string_view incident_id, std::string_view order, std::string_view report_id) {
  return ReportOrderPrefix(incident_id, false).append(order).append(report_id);
}

std::string ReverseReportOrderKey(std::string_view incident_id, std::string_view order, std::string_view report_id) {
  std::string key = ReportOrderPrefix(incident_id, true);
  for (const char c : order) key.push_back(static_cast<char>(~c));
  for (const char c : report_id) key.push_back(static_cast<char>(~c));
  return key;
}

std::string FormerReportKey(std::string_view incident_id, std::string_view report_id, uint64_t sequence) {
  return Join(incident_id, report_id) + BigEndian64(sequence);
}

std::string RevisionKey(std::string_view incident_id, uint64_t sequence) {
  return std::string(incident_id) + BigEndian64(~sequence);
}

std::string SuggestionKey(double score, std::string_view incident_id, std::string_view other_id) {
  constexpr double kMillion = 1e6;
  const double bounded = score < 0 ? 0 : (score > 1 ? 1 : score);
  return BigEndian32(~static_cast<uint32_t>(bounded * kMillion)).append(incident_id).append(other_id);
}

std::string ListPrefix(std::string_view list_id) {
  std::string prefix(list_id);
  prefix.push_back('\0');
  return prefix;
}

std::string ListEntryPrefix(std::string_view list_id, std::string_view entry_id) {
  std::string prefix = ListPrefix(list_id).append(entry_id);
  prefix.push_back('\0');
  return prefix;
}

std::string ListEntryKey(std::string_view list_id, std::string_view entry_id, uint64_t import_number) {
  return ListEntryPrefix(list_id, entry_id) + NumberKey(import_number);
}

std::string MentionKey(std::string_view first_id, std::string_view second_id, std::string_view third_id,
                       uint32_t party_index) {
  return Join(first_id, second_id).append(third_id) + BigEndian32(party_index);
}

std::string NumberKey(uint64_t number) { return BigEndian64(~number); }

uint64_t NumberFromKey(std::string_view complemented) {
  uint64_t value = 0;
  const size_t begin = complemented.size() < 8 ? 0 : complemented.size() - 8;
  for (const char c : complemented.substr(begin)) value = value << 8 | static_cast<unsigned char>(c);
  return ~value;
}

std::string SkippedKey(const log::PartitionId& partition, uint64_t sequence) {
  std::string key = log::ToString(partition);
  key.push_back('\0');
  return key + BigEndian64(sequence);
}

std::string PositionMetaKey(const log::PartitionId& partition) { return "position/" + log::ToString(partition); }

std::string WatermarkMetaKey(const log::PartitionId& incidents, const log::PartitionId& intake) {
  return "watermark/" + log::ToString(incidents) + "/" + log::ToString(intake);
}

}  // namespace interdict::records
