// Column families, keys and values of the embedded log: everything that is in its RocksDB, with its byte layout.
// PERMANENT: a change here is a new schema version (kLogSchemaVersion) with a migration. Integers are big-endian.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "storage/log/entry_checks.h"
#include "storage/log/log.h"

namespace interdict::log {

// Raised with every change of a key or value. A log of a newer version is refused.
inline constexpr uint32_t kLogSchemaVersion = 1;

namespace family {
// Beside `schema_version`: the rows named under `row`, and `purge/` | entry key for payloads that are erased, but may
// still be in old files -> empty.
inline constexpr std::string_view kDefault = "default";
inline constexpr std::string_view kHeaders = "headers";    // entry key -> header, the producer's very bytes
inline constexpr std::string_view kPayloads = "payloads";  // entry key -> tag (1) | payload
// log (1) | partition (4) | producer (16) | producer sequence (8) -> sequence (8) | SHA-256 of the header (32)
inline constexpr std::string_view kProducers = "producers";
}  // namespace family

// All but the default one.
inline constexpr std::array<std::string_view, 3> kLogFamilies = {family::kHeaders, family::kPayloads,
                                                                 family::kProducers};

namespace row {
inline constexpr std::string_view kLogId = "log_id";                            // 32 hexadecimal digits
inline constexpr std::string_view kIntakePartitions = "intake_partitions";      // decimal
inline constexpr std::string_view kIncidentPartitions = "incident_partitions";  // decimal
inline constexpr std::string_view kPurgePrefix = "purge/";
}  // namespace row

// First byte of a payload's value.
inline constexpr char kPayloadPresent = 1;  // the payload follows
inline constexpr char kPayloadErased = 2;   // stands alone

// log (1) | partition (4) | sequence (8). Log: 1 intake, 2 incidents.
std::string EntryKey(PartitionId partition, uint64_t sequence);

// Sequence in an entry key; nullopt unless it is one of `partition`.
std::optional<uint64_t> SequenceFromKey(PartitionId partition, std::string_view key);

// `producer` is 32 hexadecimal digits, as CheckEntries lets through.
std::string ProducerPrefix(PartitionId partition, const std::string& producer);
std::string ProducerKey(PartitionId partition, const std::string& producer, uint64_t producer_sequence);
std::string ProducerValue(uint64_t sequence, std::string_view header_sha256);

// Key and value of `producers` together; nullopt if they are malformed.
std::optional<ProducerEntry> ParseProducerRow(std::string_view key, std::string_view value);

}  // namespace interdict::log
