// Counts documents by keyword or by date over the matches of all segments. Fast where a field has one value a document,
// which is most of them.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "services/index/engine/index_schema.h"
#include "services/index/engine/query.h"
#include "services/index/engine/segment.h"
#include "services/index/engine/window_bits.h"

namespace interdict::index {

// Buckets of one dimension in one segment: numbers that stand for keywords, years and so on.
class BucketReader {
 public:
  static absl::StatusOr<std::unique_ptr<BucketReader>> Make(const IndexSchema& schema, const Segment& segment,
                                                            const FacetDimension& dimension);
  // The buckets of a document, each once.
  void Read(uint32_t doc, std::vector<uint64_t>& buckets) const;
  std::string Name(uint64_t bucket) const;

  // Counts of codes, for fields with one narrow code a document; empty if this is not one.
  bool countable() const { return codes_ != nullptr && codes_->single() && codes_->width() <= 2; }
  void Count(uint32_t base, const WindowBits& bits, std::vector<uint32_t>& by_code) const;
  // The bucket of each code that was counted.
  void AddCounts(const std::vector<uint32_t>& by_code, std::map<uint64_t, uint64_t>& buckets) const;

 private:
  uint64_t BucketOf(int64_t value) const;

  FacetDimension dimension_;
  Column::Unit unit_ = Column::Unit::kInteger;
  const CodeView* codes_ = nullptr;  // of either kind of field; null: no values
  const NumberColumnView* numbers_ = nullptr;
  const KeywordDictionaryView* dictionary_ = nullptr;
};

// One facet over all segments. Not thread-safe.
class FacetCounter {
 public:
  FacetCounter(const FacetRequest* request, size_t max_buckets) : request_(request), max_buckets_(max_buckets) {}
  absl::Status Enter(const IndexSchema& schema, const Segment& segment);
  // The matches of a window of the current segment.
  absl::Status Add(uint32_t window, const WindowBits& bits);
  absl::Status Leave();
  FacetResult Take();

 private:
  const FacetRequest* request_;
  const size_t max_buckets_;
  std::unique_ptr<BucketReader> first_;
  std::unique_ptr<BucketReader> second_;
  std::vector<uint32_t> by_code_;
  std::map<std::pair<uint64_t, uint64_t>, uint64_t> in_segment_;
  std::map<std::pair<std::string, std::string>, uint64_t> counts_;
  std::vector<uint64_t> first_buckets_;
  std::vector<uint64_t> second_buckets_;
};

}  // namespace interdict::index
