// The rows of the embedded log: opens the database, knows the log's identity, reads and writes entries by the layout of
// log_keys.h. Knows nothing of threads that append or wait; that is RocksdbLog's part.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "storage/database/database.h"
#include "storage/log/entry_checks.h"
#include "storage/log/log.h"
#include "storage/log/rocksdb_log.h"

namespace interdict::log {

// Thread-safe: holds nothing but the database and what never changes.
class RocksdbLogRows {
 public:
  // Errors as RocksdbLog::Open.
  static absl::StatusOr<std::unique_ptr<RocksdbLogRows>> Open(const std::string& path,
                                                              const RocksdbLogOptions& options);

  const LogIdentity& identity() const { return identity_; }
  database::Database& database() const { return *database_; }

  // Sequence of the last entry; 0 if there is none.
  absl::StatusOr<uint64_t> LastSequence(PartitionId partition) const;

  // Entries above `after` up to `last`, within limits. DATA_LOSS: one of them is missing or cannot be read.
  absl::StatusOr<std::vector<Entry>> Read(PartitionId partition, uint64_t after, uint64_t last,
                                          const ReadLimits& limits) const;

  // As PartitionState.
  absl::StatusOr<std::optional<ProducerEntry>> LastOf(PartitionId partition, const std::string& producer) const;
  absl::StatusOr<std::optional<ProducerEntry>> Find(PartitionId partition, const std::string& producer,
                                                    uint64_t producer_sequence) const;

  // Adds the rows of an entry to a batch.
  absl::Status Put(rocksdb::WriteBatch& batch, PartitionId partition, uint64_t sequence,
                   const CheckedEntry& entry) const;

  // Whether the payload is erased. DATA_LOSS if there is no row.
  absl::StatusOr<bool> IsErased(PartitionId partition, uint64_t sequence) const;

  // nullptr only for a family that log_keys.h does not name.
  rocksdb::ColumnFamilyHandle* Family(std::string_view name) const { return database_->Family(name); }

 private:
  explicit RocksdbLogRows(std::unique_ptr<database::Database> database) : database_(std::move(database)) {}
  absl::Status LoadIdentity(const RocksdbLogOptions& options);
  absl::Status CreateIdentity(const RocksdbLogOptions& options);
  absl::StatusOr<std::string> ReadMeta(std::string_view name) const;
  absl::StatusOr<uint32_t> ReadCount(std::string_view name) const;
  absl::Status Damaged(const std::string& problem) const;
  absl::Status Lost(PartitionId partition, uint64_t sequence, const std::string& part) const;

  const std::unique_ptr<database::Database> database_;
  LogIdentity identity_;  // set once, while opening
};

}  // namespace interdict::log
