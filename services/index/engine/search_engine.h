// The index engine: keeps the search index of a shard inside the shard's own RocksDB and answers queries from one
// snapshot. Documents are written in the batch of their records; there is nothing to reconcile after a crash.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "services/index/engine/index_document.h"
#include "services/index/engine/index_schema.h"
#include "services/index/engine/query.h"
#include "storage/records/store.h"

namespace interdict::index {

struct EngineOptions {
  std::array<IndexSchema, kCollections> schemas;
  // Documents that are kept in memory, beside the store, before they are sealed into a segment.
  size_t tail_documents = 32768;
  // Segments of a size that are merged into one.
  size_t merge_factor = 8;
  // No segment grows beyond it by merging.
  size_t max_segment_documents = 1 << 20;
  // A segment with more removed documents than this share is rewritten.
  double max_removed_share = 0.2;
  // Seal and merge in a thread of the engine's own; otherwise only in Maintain.
  bool background = true;
};

// Documents put and removed by one batch. Later ones of a number win. Not thread-safe.
class IndexChange {
 public:
  void Put(IndexDocument document);
  void Remove(Collection collection, uint64_t number);
  bool empty() const { return operations_.empty(); }
  void Clear() { operations_.clear(); }

 private:
  friend class SearchEngine;
  struct Operation {
    bool remove = false;
    IndexDocument document;
  };
  std::vector<Operation> operations_;
};

// One state of records and index. Immutable, thread-safe; keeps what it needs alive, but not the store.
class SearchSnapshot {
 public:
  virtual ~SearchSnapshot() = default;
  // The records of the same state.
  virtual const records::Reader& reader() const = 0;
  virtual std::shared_ptr<const records::Reader> shared_reader() const = 0;
  // Documents of a collection.
  virtual uint64_t documents(Collection collection) const = 0;
  // Hits, count and facets. INVALID_ARGUMENT: the query names a field that the schema has not, or is malformed;
  // RESOURCE_EXHAUSTED: a limit of Query::limits; DATA_LOSS: a block could not be read; or what Query::check said.
  virtual absl::StatusOr<SearchResult> Search(Collection collection, const Query& query) const = 0;
  // What the scores of `query.text` depend on in this snapshot. Errors as Search.
  virtual absl::StatusOr<ScoreStatistics> Statistics(Collection collection, const Query& query) const = 0;
  // The numbers that match, ascending, from `after_number` on, at most `limit`: for streams of all results.
  virtual absl::StatusOr<std::vector<uint64_t>> Matches(Collection collection, const Query& query,
                                                        uint64_t after_number, size_t limit) const = 0;
  // Terms of the dictionary with the number of documents that hold them, by term: those that begin with `prefix` (up to
  // `limit`). For did-you-mean and completion.
  virtual absl::StatusOr<std::vector<std::pair<std::string, uint64_t>>> Terms(Collection collection, uint16_t field,
                                                                              bool exact, const std::string& prefix,
                                                                              size_t limit) const = 0;
  // Terms within `max_edits` of `word`, best first: fewer edits, then more documents, then by term.
  virtual absl::StatusOr<std::vector<std::pair<std::string, uint64_t>>> SimilarTerms(Collection collection,
                                                                                     uint16_t field, bool exact,
                                                                                     const std::string& word,
                                                                                     uint32_t max_edits,
                                                                                     size_t limit) const = 0;
};

// One writer at a time; any number of readers, who never wait for the writer nor it for them. A thread of its own seals
// and merges. The store must have the families of SearchFamilies(), and outlive the engine and its snapshots.
class SearchEngine {
 public:
  // Reads the list of segments and the documents not yet sealed. DATA_LOSS: unreadable.
  static absl::StatusOr<std::unique_ptr<SearchEngine>> Open(records::Store* store, EngineOptions options);
  virtual ~SearchEngine() = default;

  // Commits records and index changes in one batch and publishes the state after it. `change` is checked first:
  // INVALID_ARGUMENT, and nothing is written. Otherwise errors as Store::Commit, and nothing changed.
  virtual absl::Status Commit(const records::Batch& batch, const IndexChange& change, bool durable) = 0;

  // The last published state. Cheap.
  virtual std::shared_ptr<const SearchSnapshot> Snapshot() const = 0;

  // Publishes the same state on a new snapshot of the store, so that the old one can go (Store::Purge waits for it).
  virtual void Renew() = 0;

  // Seals and merges until the policy asks for nothing more; with `rewrite` into as few segments as allowed, without
  // removed documents. Writers may go on.
  virtual absl::Status Maintain(bool rewrite) = 0;

  // Makes removed and replaced documents unrecoverable from the index: rewrites every segment that holds one. The
  // caller then purges the families. Waits for snapshots that hold old segments; UNAVAILABLE after a minute.
  virtual absl::Status PurgeRemoved() = 0;

 protected:
  static const std::vector<IndexChange::Operation>& OperationsOf(const IndexChange& change) {
    return change.operations_;
  }
};

// Families that the engine keeps in the store, and those of them that are packed (StoreOptions::packed_families).
const std::vector<std::string>& SearchFamilies();
const std::vector<std::string>& PackedSearchFamilies();

}  // namespace interdict::index
