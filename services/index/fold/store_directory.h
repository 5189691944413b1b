// The folder of a shard's store: `CURRENT` names the subfolder that holds the RocksDB, so that a rebuilt store takes
// the place of the old one by one atomic rename.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "services/index/fold/indexed_store.h"
#include "storage/records/store.h"

namespace interdict::index {

// Options of a shard's store: all families of keys.h and of the search index, the present schema version.
records::StoreOptions ShardStoreOptions();

// One process at a time; the lock of the store in it sees to that. Not thread-safe.
class StoreDirectory {
 public:
  explicit StoreDirectory(std::string path) : path_(std::move(path)) {}

  // Opens the current store, or makes the folder and the first one, and deletes what an interrupted rebuild left.
  // Errors as records::Store::Open; PERMISSION_DENIED if the folder cannot be made; DATA_LOSS if CURRENT is not
  // readable.
  absl::StatusOr<std::shared_ptr<IndexedStore>> OpenCurrent();

  // Makes an empty store beside the current one.
  absl::StatusOr<std::shared_ptr<IndexedStore>> CreateNext();

  // Makes `store` of CreateNext the current one, durably. The old one stays until DeleteOthers.
  absl::Status Publish(const IndexedStore& store);

  // Deletes all stores but the current one. None of them may be open.
  absl::Status DeleteOthers();

  const std::string& path() const { return path_; }

 private:
  absl::StatusOr<std::string> ReadCurrent() const;  // empty: none yet
  absl::Status WriteCurrent(const std::string& name) const;

  std::string path_;
};

}  // namespace interdict::index
