#include "storage/log/rocksdb_log_rows.h"

#include <limits>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "storage/ids/ids.h"
#include "storage/log/log_keys.h"

namespace interdict::log {
namespace {

// Each partition costs some memory and a row in every watermark.
constexpr uint32_t kMostPartitions = 1024;

absl::Status CheckAsked(std::string_view field, uint32_t asked) {
  if (asked <= kMostPartitions) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(std::string(field), ": must be at most ", kMostPartitions, ", got ", asked));
}

absl::Status CheckSame(const std::string& path, std::string_view field, uint32_t asked, uint32_t stored) {
  if (asked == 0 || asked == stored) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat(std::string(field), ": the log in ", path, " was created with ", stored, ", asked for ", asked,
                   "; the number cannot be changed: leave it out (0), or start a new log in another folder"));
}

std::string_view View(const rocksdb::Slice& slice) { return {slice.data(), slice.size()}; }

}  // namespace

absl::StatusOr<std::unique_ptr<RocksdbLogRows>> RocksdbLogRows::Open(const std::string& path,
                                                                     const RocksdbLogOptions& options) {
  absl::Status asked = CheckAsked(row::kIntakePartitions, options.intake_partitions);
  asked.Update(CheckAsked(row::kIncidentPartitions, options.incident_partitions));
  if (!asked.ok()) return asked;
  database::DatabaseOptions database_options;
  database_options.what = "log";
  database_options.families.assign(kLogFamilies.begin(), kLogFamilies.end());
  database_options.schema_version = kLogSchemaVersion;
  database_options.block_cache_bytes = options.block_cache_bytes;
  database_options.write_buffer_bytes = options.write_buffer_bytes;
  absl::StatusOr<std::unique_ptr<database::Database>> database = database::Database::Open(path, database_options);
  if (!database.ok()) return database.status();
  std::unique_ptr<RocksdbLogRows> rows(new RocksdbLogRows(*std::move(database)));
  absl::Status loaded = rows->LoadIdentity(options);
  if (!loaded.ok()) return loaded;
  return rows;
}

absl::Status RocksdbLogRows::LoadIdentity(const RocksdbLogOptions& options) {
  absl::StatusOr<std::string> log_id = ReadMeta(row::kLogId);
  if (absl::IsNotFound(log_id.status())) return CreateIdentity(options);
  if (!log_id.ok()) return log_id.status();
  absl::StatusOr<uint32_t> intake = ReadCount(row::kIntakePartitions);
  if (!intake.ok()) return intake.status();
  absl::StatusOr<uint32_t> incidents = ReadCount(row::kIncidentPartitions);
  if (!incidents.ok()) return incidents.status();
  absl::Status same = CheckSame(database_->path(), row::kIntakePartitions, options.intake_partitions, *intake);
  same.Update(CheckSame(database_->path(), row::kIncidentPartitions, options.incident_partitions, *incidents));
  if (!same.ok()) return same;
  identity_ = {*log_id, *intake, *incidents};
  return absl::OkStatus();
}

// A log without identity is new, or its creation was cut short; it has no entries then.
absl::Status RocksdbLogRows::CreateIdentity(const RocksdbLogOptions& options) {
  std::unique_ptr<rocksdb::Iterator> any(database_->db().NewIterator(rocksdb::ReadOptions(), Family(family::kHeaders)));
  any->SeekToFirst();
  if (!any->status().ok()) return database_->Translate(any->status());
  if (any->Valid()) return Damaged("has entries, but no log_id");
  identity_.log_id = ids::RandomId();
  identity_.intake_partitions = options.intake_partitions == 0 ? 1 : options.intake_partitions;
  identity_.incident_partitions = options.incident_partitions == 0 ? 1 : options.incident_partitions;
  rocksdb::WriteBatch batch;
  for (const auto& [name, value] : {std::pair(row::kLogId, identity_.log_id),
                                    std::pair(row::kIntakePartitions, absl::StrCat(identity_.intake_partitions)),
                                    std::pair(row::kIncidentPartitions, absl::StrCat(identity_.incident_partitions))}) {
    const rocksdb::Status put = batch.Put(name, value);
    if (!put.ok()) return database_->Translate(put);
  }
  return database_->Write(batch, /*durable=*/true);
}

absl::StatusOr<std::string> RocksdbLogRows::ReadMeta(std::string_view name) const {
  std::string value;
  const rocksdb::Status read = database_->db().Get(rocksdb::ReadOptions(), name, &value);
  if (read.IsNotFound()) return absl::NotFoundError(absl::StrCat("no row ", std::string(name)));
  if (!read.ok()) return database_->Translate(read);
  return value;
}

absl::StatusOr<uint32_t> RocksdbLogRows::ReadCount(std::string_view name) const {
  absl::StatusOr<std::string> value = ReadMeta(name);
  if (!value.ok() && !absl::IsNotFound(value.status())) return value.status();
  uint32_t count = 0;
  if (!value.ok() || !absl::SimpleAtoi(*value, &count) || count == 0) {
    return Damaged(absl::StrCat("has no readable ", std::string(name)));
  }
  return count;
}

absl::Status RocksdbLogRows::Damaged(const std::string& problem) const {
  return absl::DataLossError(absl::StrCat("the log in ", database_->path(), " ", problem, ": restore a backup"));
}

absl::Status RocksdbLogRows::Lost(PartitionId partition, uint64_t sequence, const std::string& part) const {
  return Damaged(absl::StrCat("has lost the ", part, " of entry ", sequence, " of ", ToString(partition)));
}

absl::StatusOr<uint64_t> RocksdbLogRows::LastSequence(PartitionId partition) const {
  std::unique_ptr<rocksdb::Iterator> headers(
      database_->db().NewIterator(rocksdb::ReadOptions(), Family(family::kHeaders)));
  headers->SeekForPrev(EntryKey(partition, std::numeric_limits<uint64_t>::max()));
  if (!headers->status().ok()) return database_->Translate(headers->status());
  if (!headers->Valid()) return 0;
  return SequenceFromKey(partition, View(headers->key())).value_or(0);
}

absl::StatusOr<std::vector<Entry>> RocksdbLogRows::Read(PartitionId partition, uint64_t after, uint64_t last,
                                                        const ReadLimits& limits) const {
  std::vector<Entry> result;
  if (after >= last) return result;
  const rocksdb::ReadOptions options;
  std::unique_ptr<rocksdb::Iterator> headers(database_->db().NewIterator(options, Family(family::kHeaders)));
  std::unique_ptr<rocksdb::Iterator> payloads(database_->db().NewIterator(options, Family(family::kPayloads)));
  headers->Seek(EntryKey(partition, after + 1));
  payloads->Seek(EntryKey(partition, after + 1));
  uint64_t bytes = 0;
  for (uint64_t sequence = after + 1; sequence <= last; ++sequence, headers->Next(), payloads->Next()) {
    if (!result.empty() && result.size() >= limits.max_entries) break;
    const std::string key = EntryKey(partition, sequence);
    for (const auto& [rows, part] : {std::pair(headers.get(), "header"), std::pair(payloads.get(), "payload")}) {
      if (!rows->status().ok()) return database_->Translate(rows->status());
      if (!rows->Valid() || rows->key() != key) return Lost(partition, sequence, part);
    }
    const std::string_view payload = View(payloads->value());
    const bool erased = payload.size() == 1 && payload[0] == kPayloadErased;
    if (!erased && (payload.empty() || payload[0] != kPayloadPresent)) return Lost(partition, sequence, "payload");
    const uint64_t size = headers->value().size() + payload.size() - 1;
    if (!result.empty() && bytes + size > limits.max_bytes) break;
    bytes += size;
    result.push_back({sequence, headers->value().ToString(), std::string(payload.substr(1)), erased});
  }
  return result;
}

absl::StatusOr<std::optional<ProducerEntry>> RocksdbLogRows::LastOf(PartitionId partition,
                                                                    const std::string& producer) const {
  std::unique_ptr<rocksdb::Iterator> chain(
      database_->db().NewIterator(rocksdb::ReadOptions(), Family(family::kProducers)));
  chain->SeekForPrev(ProducerKey(partition, producer, std::numeric_limits<uint64_t>::max()));
  if (!chain->status().ok()) return database_->Translate(chain->status());
  if (!chain->Valid() || !chain->key().starts_with(ProducerPrefix(partition, producer))) return std::nullopt;
  std::optional<ProducerEntry> entry = ParseProducerRow(View(chain->key()), View(chain->value()));
  if (!entry.has_value()) return Damaged("has an unreadable row of producer " + producer);
  return entry;
}

absl::StatusOr<std::optional<ProducerEntry>> RocksdbLogRows::Find(PartitionId partition, const std::string& producer,
                                                                  uint64_t producer_sequence) const {
  const std::string key = ProducerKey(partition, producer, producer_sequence);
  std::string value;
  const rocksdb::Status read = database_->db().Get(rocksdb::ReadOptions(), Family(family::kProducers), key, &value);
  if (read.IsNotFound()) return std::nullopt;
  if (!read.ok()) return database_->Translate(read);
  std::optional<ProducerEntry> entry = ParseProducerRow(key, value);
  if (!entry.has_value()) return Damaged("has an unreadable row of producer " + producer);
  return entry;
}

absl::Status RocksdbLogRows::Put(rocksdb::WriteBatch& batch, PartitionId partition, uint64_t sequence,
                                 const CheckedEntry& entry) const {
  const std::string key = EntryKey(partition, sequence);
  rocksdb::Status put = batch.Put(Family(family::kHeaders), key, entry.entry.header);
  if (put.ok()) {
    const rocksdb::Slice key_parts[] = {key};
    const rocksdb::Slice value_parts[] = {rocksdb::Slice(&kPayloadPresent, 1), entry.entry.payload};
    put = batch.Put(Family(family::kPayloads), rocksdb::SliceParts(key_parts, 1), rocksdb::SliceParts(value_parts, 2));
  }
  if (put.ok()) {
    put = batch.Put(Family(family::kProducers), ProducerKey(partition, entry.producer, entry.producer_sequence),
                    ProducerValue(sequence, entry.header_sha256));
  }
  return database_->Translate(put);
}

absl::StatusOr<bool> RocksdbLogRows::IsErased(PartitionId partition, uint64_t sequence) const {
  rocksdb::PinnableSlice value;
  const rocksdb::Status read =
      database_->db().Get(rocksdb::ReadOptions(), Family(family::kPayloads), EntryKey(partition, sequence), &value);
  if (read.IsNotFound()) return Lost(partition, sequence, "payload");
  if (!read.ok()) return database_->Translate(read);
  return value.size() == 1 && value[0] == kPayloadErased;
}

}  // namespace interdict::log
