// A shard's store with the search index in it: records and index change in one batch, and a snapshot shows both in the
// same state.
#pragma once

#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "services/index/engine/search_engine.h"
#include "storage/records/store.h"

namespace interdict::index {

// Thread-safe as its parts are: one writer at a time, any number of readers.
class IndexedStore {
 public:
  // Opens the index of an open store. DATA_LOSS: the index cannot be read; a rebuild makes it anew.
  static absl::StatusOr<std::shared_ptr<IndexedStore>> Open(std::unique_ptr<records::Store> store);

  records::Store& records() const { return *records_; }
  SearchEngine& search() const { return *search_; }

  // Records and index change together, or not at all. Errors as SearchEngine::Commit.
  absl::Status Commit(const records::Batch& batch, const IndexChange& change, bool durable) {
    return search_->Commit(batch, change, durable);
  }

 private:
  explicit IndexedStore(std::unique_ptr<records::Store> store) : records_(std::move(store)) {}

  // The index is closed before the store that it is in.
  std::unique_ptr<records::Store> records_;
  std::unique_ptr<SearchEngine> search_;
};

}  // namespace interdict::index
