#include "storage/log/log_keys.h"

#include "absl/strings/escaping.h"

namespace interdict::log {
namespace {

constexpr char kIntakeByte = 1;
constexpr char kIncidentsByte = 2;
constexpr size_t kSequenceBytes = 8;
constexpr size_t kHashBytes = 32;
constexpr size_t kProducerKeyBytes = 1 + 4 + 16 + kSequenceBytes;

template <typename Integer>
void AppendBigEndian(std::string& key, Integer value) {
  for (size_t byte = sizeof(Integer); byte-- > 0;) key.push_back(static_cast<char>(value >> (8 * byte) & 0xFF));
}

uint64_t ParseBigEndian64(std::string_view bytes) {
  uint64_t value = 0;
  for (const char byte : bytes) value = value << 8 | static_cast<unsigned char>(byte);
  return value;
}

std::string PartitionPrefix(PartitionId partition) {
  std::string key(1, partition.log == LogName::kIntake ? kIntakeByte : kIncidentsByte);
  AppendBigEndian(key, partition.number);
  return key;
}

}  // namespace

std::string EntryKey(PartitionId partition, uint64_t sequence) {
  std::string key = PartitionPrefix(partition);
  AppendBigEndian(key, sequence);
  return key;
}

std::optional<uint64_t> SequenceFromKey(PartitionId partition, std::string_view key) {
  const std::string prefix = PartitionPrefix(partition);
  if (key.size() != prefix.size() + kSequenceBytes || key.substr(0, prefix.size()) != prefix) return std::nullopt;
  return ParseBigEndian64(key.substr(prefix.size()));
}

std::string ProducerPrefix(PartitionId partition, const std::string& producer) {
  return PartitionPrefix(partition) + absl::HexStringToBytes(producer);
}

std::string ProducerKey(PartitionId partition, const std::string& producer, uint64_t producer_sequence) {
  std::string key = ProducerPrefix(partition, producer);
  AppendBigEndian(key, producer_sequence);
  return key;
}

std::string ProducerValue(uint64_t sequence, std::string_view header_sha256) {
  std::string value;
  AppendBigEndian(value, sequence);
  value.append(header_sha256);
  return value;
}

std::optional<ProducerEntry> ParseProducerRow(std::string_view key, std::string_view value) {
  if (key.size() != kProducerKeyBytes || value.size() != kSequenceBytes + kHashBytes) return std::nullopt;
  return ProducerEntry{ParseBigEndian64(key.substr(key.size() - kSequenceBytes)),
                       ParseBigEndian64(value.substr(0, kSequenceBytes)), std::string(value.substr(kSequenceBytes))};
}

}  // namespace interdict::log
