// A store of records: column families of ordered keys in one RocksDB, written in atomic batches, read from snapshots.
// The only door to RocksDB for the services; what the families hold is the caller's affair (a shard's: keys.h).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace interdict::records {

// Changes that become visible together or not at all. Later changes of a key win.
class Batch {
 public:
  void Put(std::string_view family, std::string_view key, std::string_view value);
  void Delete(std::string_view family, std::string_view key);
  // Deletes the keys in [first, end). An OverlayReader does not see it.
  void DeleteRange(std::string_view family, std::string_view first, std::string_view end);
  bool empty() const;
  void Clear();

 private:
  friend class Store;
  friend class OverlayReader;
  struct Change {
    std::string family;
    std::string key;
    std::optional<std::string> value;  // nullopt: deletion
  };
  struct Range {
    std::string family;
    std::string first;
    std::string end;
  };
  void Note(std::string_view family, std::string_view key, std::optional<std::string> value);

  std::vector<Change> changes_;
  // Family | 0x00 | key to the index of its change, so that a read through a large batch stays fast.
  absl::btree_map<std::string, size_t> latest_;
  std::vector<Range> ranges_;  // applied before the changes
};

// A value that is read where it lies in the block cache, not copied. Valid as long as `hold` and the store live.
struct PinnedValue {
  std::string_view bytes;
  std::shared_ptr<const void> hold;
};

// Writes a sorted file outside of the database, which Store::Ingest makes part of it. Not thread-safe. A file that is
// not ingested is deleted.
class RunWriter {
 public:
  virtual ~RunWriter() = default;
  // Keys in strictly ascending order.
  virtual absl::Status Put(std::string_view key, std::string_view value) = 0;
  virtual uint64_t bytes() const = 0;
};

// Walks the keys of one family in byte order. Not thread-safe. Keys and values are valid until the next move.
class Cursor {
 public:
  virtual ~Cursor() = default;
  virtual bool Valid() const = 0;  // false at the end and after an error
  virtual std::string_view key() const = 0;
  virtual std::string_view value() const = 0;
  virtual void Next() = 0;
  virtual void Seek(std::string_view key) = 0;  // to the first key at or after `key`
  virtual absl::Status status() const = 0;      // DATA_LOSS if a block could not be read
};

// Reads. All reads of one Reader agree with each other. Thread-safe.
class Reader {
 public:
  virtual ~Reader() = default;
  // nullopt if the key is not there. DATA_LOSS: a block could not be read.
  virtual absl::StatusOr<std::optional<std::string>> Get(std::string_view family, std::string_view key) const = 0;
  // A cursor over the keys that start with `prefix`, standing on the first. Must not outlive the Reader.
  virtual std::unique_ptr<Cursor> Scan(std::string_view family, std::string_view prefix) const = 0;
};

struct StoreOptions {
  std::vector<std::string> families;  // beside the default one, which always is there
  // Families of large values that are packed already and read in place: stored uncompressed.
  std::vector<std::string> packed_families;
  uint64_t packed_cache_bytes = 512 << 20;
  uint32_t schema_version = 1;
  uint64_t block_cache_bytes = 64 << 20;
  uint64_t write_buffer_bytes = 32 << 20;
};

// An open store. Thread-safe. Keeps `schema_version` in the default family under the key `schema_version` (decimal).
class Store {
 public:
  // Opens or creates. FAILED_PRECONDITION: locked by another process; made by a newer schema version (the message says
  // which, and to upgrade Interdict or restore a backup); an older one without a migration. PERMISSION_DENIED: the
  // folder cannot be written. DATA_LOSS: corrupt.
  static absl::StatusOr<std::unique_ptr<Store>> Open(const std::string& path, const StoreOptions& options);
  ~Store();

  // Applies a batch. Atomic; survives a crash of the process or the machine whole or not at all; with `durable` it is
  // on disk before this returns. RESOURCE_EXHAUSTED: disk full.
  absl::Status Commit(const Batch& batch, bool durable);
  // Two batches as one: `first`, then `second`.
  absl::Status Commit(const Batch& first, const Batch& second, bool durable);

  // The latest value of a key, in place; nullopt if it is not there. DATA_LOSS: a block could not be read.
  absl::StatusOr<std::optional<PinnedValue>> Pin(std::string_view family, std::string_view key) const;

  // A file beside the database for sorted keys of `family`, and its way in: all runs of one family become visible
  // together and are durable when this returns. Their key ranges must not overlap. RESOURCE_EXHAUSTED: disk full.
  absl::StatusOr<std::unique_ptr<RunWriter>> StartRun(std::string_view family) const;
  absl::Status Ingest(std::string_view family, std::vector<std::unique_ptr<RunWriter>> runs);

  // Deletes the keys in [first, end) that no reader needs, snapshots included: whole files go at once, whatever state
  // they belong to, the rest as by DeleteRange.
  absl::Status Drop(std::string_view family, std::string_view first, std::string_view end);

  // Rewrites the files of a family so that deleted keys give their space back.
  absl::Status Compact(std::string_view family);

  // The state now. The store must outlive it.
  std::shared_ptr<const Reader> Snapshot() const;

  // Makes deleted and overwritten values of these families unrecoverable from the files: flushes, compacts, drops old
  // write-ahead logs. Waits for the snapshots from before it (UNAVAILABLE after a minute); `renew` is called once, and
  // tells a holder that always has the latest state to take it anew.
  absl::Status Purge(const std::vector<std::string>& families, const std::function<void()>& renew = {});

  // Reads every block of every family and checks its checksum. DATA_LOSS names the file.
  absl::Status VerifyChecksums() const;

  const std::string& path() const;

 private:
  struct Impl;
  explicit Store(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// A Reader that sees a batch not yet committed on top of another Reader: a fold that applies several entries in one
// batch reads its own changes. `Scan` sees them too. Both must outlive it; the batch may grow meanwhile, but not while
// a cursor is in use.
class OverlayReader : public Reader {
 public:
  OverlayReader(const Reader* base, const Batch* batch);
  absl::StatusOr<std::optional<std::string>> Get(std::string_view family, std::string_view key) const override;
  std::unique_ptr<Cursor> Scan(std::string_view family, std::string_view prefix) const override;

 private:
  const Reader* base_;
  const Batch* batch_;
};

}  // namespace interdict::records
