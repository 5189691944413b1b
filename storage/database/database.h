// One open RocksDB: the few options that we choose, errors as absl statuses that name the remedy, the schema version,
// and the purge that makes erased bytes unrecoverable. Only storage/ uses it; the record store and the embedded log are
// built on it.
#pragma once

#include <rocksdb/db.h>
#include <rocksdb/write_batch.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"

namespace interdict::database {

struct DatabaseOptions {
  std::string what;                   // for messages: `store` or `log`
  std::vector<std::string> families;  // beside the default one
  // Families whose values are packed already and read in place: uncompressed, with a block cache of their own.
  std::vector<std::string> packed_families;
  uint64_t packed_cache_bytes = 512 << 20;
  uint32_t schema_version = 1;
  uint64_t block_cache_bytes = 64 << 20;
  uint64_t write_buffer_bytes = 32 << 20;
};

// Translates what RocksDB says of `path`. DATA_LOSS: corrupt; RESOURCE_EXHAUSTED: disk full; PERMISSION_DENIED: not
// writable; FAILED_PRECONDITION: locked by another process; else INTERNAL.
absl::Status ToStatus(const rocksdb::Status& status, const std::string& what, const std::string& path);

// A range of keys, both ends included; empty strings: open ended.
struct KeyRange {
  std::string first;
  std::string last;
};

// Thread-safe.
class Database {
 public:
  // Opens or creates. The schema version, kept in the default family under `schema_version`, is checked before anything
  // is written. Errors as records::Store::Open.
  static absl::StatusOr<std::unique_ptr<Database>> Open(const std::string& path, const DatabaseOptions& options);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  rocksdb::DB& db() const { return *db_; }
  // nullptr for a family that was not opened.
  rocksdb::ColumnFamilyHandle* Family(std::string_view name) const;
  // INVALID_ARGUMENT for a family that was not opened.
  absl::StatusOr<rocksdb::ColumnFamilyHandle*> FindFamily(std::string_view name) const;
  const std::string& path() const { return path_; }

  absl::Status Translate(const rocksdb::Status& status) const { return ToStatus(status, options_.what, path_); }

  // Applies a batch; after a full disk, tries to bring the database back to work first.
  absl::Status Write(rocksdb::WriteBatch& batch, bool durable);

  // Makes what was deleted or overwritten in these ranges unrecoverable from the files: flushes, compacts, and waits
  // until write-ahead logs, tables and manifests that held it are gone. Snapshots taken before must be released.
  // UNAVAILABLE: a reader held an old file for too long; purge again.
  absl::Status Purge(const std::vector<std::pair<std::string, KeyRange>>& family_ranges);

  // DATA_LOSS if the checksum of a block is wrong.
  absl::Status VerifyChecksums() const;

 private:
  Database(std::string path, DatabaseOptions options);
  absl::Status OpenFiles();
  absl::Status CheckSchema(rocksdb::DB& db, bool may_be_new) const;
  absl::Status PeekSchema() const;

  const std::string path_;
  const DatabaseOptions options_;
  std::unique_ptr<rocksdb::DB> db_;
  std::map<std::string, rocksdb::ColumnFamilyHandle*, std::less<>> families_;
  absl::Mutex purge_mutex_;  // one purge at a time
};

}  // namespace interdict::database
