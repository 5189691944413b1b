// What the engine's writer keeps: the segments of each collection, and how documents leave them. Shared by the files
// that implement SearchEngine, and by nobody else.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "services/index/engine/search_engine.h"
#include "services/index/engine/searcher.h"
#include "services/index/engine/segment.h"

namespace interdict::index {

inline constexpr std::string_view kSearchMetaFamily = "search_meta";
inline constexpr std::string_view kSearchTailFamily = "search_tail";

// Keys of search_meta and search_tail; layout in docs/storage_format.md.
std::string ManifestKey(uint32_t segment);
std::string DeadPrefix(uint32_t segment);
std::string DeadKey(uint32_t segment, uint32_t ordinal);
std::string TailKey(Collection collection, uint64_t sequence);

// Segments whose last user is gone; their keys may be dropped. Thread-safe. Outlives the engine by its segments.
class SegmentGarbage {
 public:
  void Add(uint32_t segment) {
    absl::MutexLock lock(&mutex_);
    released_.push_back(segment);
  }
  std::vector<uint32_t> Take() {
    absl::MutexLock lock(&mutex_);
    return std::exchange(released_, {});
  }

 private:
  absl::Mutex mutex_;
  std::vector<uint32_t> released_;  // guarded by mutex_
};

// One segment and where it came from.
struct StatefulSegment {
  SegmentView view;
  uint64_t last_sequence = 0;  // of the tail, for a segment in memory; 0: in the store
  bool claimed = false;        // a merge reads it
  uint32_t live() const { return view.live(); }
};

// Not thread-safe.
struct CollectionState {
  std::vector<StatefulSegment> stored;
  std::vector<StatefulSegment> tail;  // in the order of writing
  uint64_t next_sequence = 1;
  uint32_t greatest_number = 0;
  uint64_t documents = 0;
  std::array<uint64_t, 32> lengths{};

  uint64_t tail_documents() const;
  CollectionView View(const IndexSchema* schema) const;
  void Add(StatefulSegment segment, bool stored_segment);
};

// Total lengths of a segment's documents by text field.
absl::StatusOr<std::array<uint64_t, 32>> LengthsOf(const IndexSchema& schema, const Segment& segment);
// Marks a document dead; its lengths are booked in the set.
absl::Status MarkDead(const IndexSchema& schema, const Segment& segment, uint32_t ordinal, DeadSet* dead);

// The public snapshot.
class StateSnapshot : public SearchSnapshot {
 public:
  StateSnapshot(std::shared_ptr<const records::Reader> reader, std::array<CollectionView, kCollections> views)
      : reader_(std::move(reader)), searchers_{Searcher(std::move(views[0])), Searcher(std::move(views[1]))} {}
  const records::Reader& reader() const override { return *reader_; }
  std::shared_ptr<const records::Reader> shared_reader() const override { return reader_; }
  uint64_t documents(Collection collection) const override { return Of(collection).view().documents; }
  absl::StatusOr<SearchResult> Search(Collection collection, const Query& query) const override {
    return Of(collection).Search(query);
  }
  absl::StatusOr<ScoreStatistics> Statistics(Collection collection, const Query& query) const override {
    return Of(collection).Statistics(query);
  }
  absl::StatusOr<std::vector<uint64_t>> Matches(Collection collection, const Query& query, uint64_t after_number,
                                                size_t limit) const override {
    return Of(collection).Matches(query, after_number, limit);
  }
  absl::StatusOr<std::vector<std::pair<std::string, uint64_t>>> Terms(Collection collection, uint16_t field, bool exact,
                                                                      const std::string& prefix,
                                                                      size_t limit) const override;
  absl::StatusOr<std::vector<std::pair<std::string, uint64_t>>> SimilarTerms(Collection collection, uint16_t field,
                                                                             bool exact, const std::string& word,
                                                                             uint32_t max_edits,
                                                                             size_t limit) const override;

 private:
  const Searcher& Of(Collection collection) const { return searchers_[static_cast<size_t>(collection)]; }

  const std::shared_ptr<const records::Reader> reader_;
  const std::array<Searcher, kCollections> searchers_;
};

}  // namespace interdict::index
