// Counts documents by keyword or by date over the matches of all segments. Fast where a field has one value a document,
// which is most of them.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "services/index/engine/date_buckets.h"
#include "services/index/engine/index_schema.h"
#include "services/index/engine/query.h"
#include "services/index/engine/segment.h"

namespace interdict::index {

// Some matches of a window: what they have in common, and the rest of each, ascending.
struct MatchRun {
  static constexpr uint32_t kMost = 4096;
  uint32_t base = 0;
  uint32_t size = 0;
  std::array<uint16_t, kMost> rests;
};

// Buckets of one dimension in one segment: numbers that stand for keywords, years and so on, in the order of their
// names.
class BucketReader {
 public:
  static absl::StatusOr<BucketReader> Make(const IndexSchema& schema, const Segment& segment,
                                           const FacetDimension& dimension);
  // The buckets of a document, each once.
  void Read(uint32_t doc, std::vector<uint64_t>& buckets) const;
  std::string Name(uint64_t bucket) const;

  // Fields with one narrow code a document have places: small numbers for buckets, 0 for none. 0: no places.
  uint32_t places() const { return places_; }
  void ReadPlaces(const MatchRun& run, uint16_t* places) const;
  uint64_t BucketOfPlace(uint32_t place) const;

 private:
  uint64_t BucketOf(int64_t value) const;

  FacetDimension dimension_;
  Column::Unit unit_ = Column::Unit::kInteger;
  CalendarUnit calendar_ = CalendarUnit::kDay;
  uint32_t places_ = 0;
  const CodeView* codes_ = nullptr;  // of either kind of field; null: no values
  const NumberColumnView* numbers_ = nullptr;
  const KeywordDictionaryView* dictionary_ = nullptr;
  const BucketTable* table_ = nullptr;  // null: codes are places
};

// One facet over all segments. Not thread-safe; the segments must outlive it.
class FacetCounter {
 public:
  FacetCounter(const FacetRequest* request, size_t max_buckets) : request_(request), max_buckets_(max_buckets) {}
  absl::Status Enter(const IndexSchema& schema, const Segment& segment);
  // Matches of the segment that was entered.
  absl::Status Add(const MatchRun& run);
  absl::Status Leave();
  absl::StatusOr<FacetResult> Take();

 private:
  using Buckets = std::pair<uint64_t, uint64_t>;
  // What one segment has.
  struct Part {
    BucketReader first;
    BucketReader second;
    std::vector<std::pair<Buckets, uint64_t>> counts;
  };
  void AddPlaces(const MatchRun& run);
  void AddBuckets(const MatchRun& run);
  FacetCount Named(const Part& part, const std::pair<Buckets, uint64_t>& count) const;
  // By count, then by name; at most as many as asked for.
  std::vector<FacetCount> OfOnePart(Part& part) const;
  std::vector<FacetCount> OfAllParts() const;
  absl::Status TooMany() const;

  const FacetRequest* request_;
  const size_t max_buckets_;
  std::vector<Part> parts_;
  bool by_place_ = false;
  std::vector<uint32_t> by_places_;  // several tables after each other, so that equal neighbours do not wait
  uint32_t tables_ = 1;
  absl::flat_hash_map<Buckets, uint64_t> by_buckets_;
  std::vector<uint64_t> first_buckets_;
  std::vector<uint64_t> second_buckets_;
  std::array<uint16_t, MatchRun::kMost> first_places_;
  std::array<uint16_t, MatchRun::kMost> second_places_;
};

}  // namespace interdict::index
