// A segment: an immutable index over a set of documents, ordered by number; in the store, or, for the newest, in
// memory. Both have the same keys and values.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "services/index/engine/columns.h"
#include "services/index/engine/date_buckets.h"
#include "services/index/engine/doc_set.h"
#include "services/index/engine/index_schema.h"
#include "services/index/engine/segment_keys.h"
#include "services/index/engine/window_bits.h"
#include "storage/records/store.h"

namespace interdict::index {

// Where a segment's values come from. Thread-safe.
class SegmentSource {
 public:
  virtual ~SegmentSource() = default;
  virtual absl::StatusOr<std::optional<records::PinnedValue>> Get(std::string_view key) const = 0;
  // Walks the keys that start with `prefix`, from `from` on. `visit` returns false to stop.
  using Visit = std::function<bool(std::string_view key, std::string_view value)>;
  virtual absl::Status Scan(std::string_view prefix, std::string_view from, const Visit& visit) const = 0;
  virtual bool in_memory() const = 0;
};

// Keys and values of a small segment in one byte string, as the tail of the store keeps it.
absl::StatusOr<std::unique_ptr<SegmentSource>> OpenMemorySource(std::string blob);
// A segment of the store.
std::unique_ptr<SegmentSource> OpenStoreSource(const records::Store* store, uint32_t segment);
std::string SegmentPrefix(uint32_t segment);
inline constexpr std::string_view kSegmentFamily = "search_segments";

// Takes what makes up a segment: keys of one kind in ascending order, kinds in any. Not thread-safe.
class SegmentSink {
 public:
  virtual ~SegmentSink() = default;
  virtual absl::Status Put(std::string key, std::string value) = 0;
};
class MemorySink : public SegmentSink {
 public:
  absl::Status Put(std::string key, std::string value) override {
    entries_.emplace_back(std::move(key), std::move(value));
    return absl::OkStatus();
  }
  std::string Finish();

 private:
  std::vector<std::pair<std::string, std::string>> entries_;
};

// Thread-safe. Columns are pinned when first used and stay until the segment is gone.
class Segment {
 public:
  static absl::StatusOr<std::shared_ptr<const Segment>> Open(uint32_t id, std::unique_ptr<SegmentSource> source,
                                                             const IndexSchema& schema);
  ~Segment();

  uint32_t id() const { return id_; }
  bool in_memory() const { return source_->in_memory(); }
  uint32_t size() const { return size_; }
  uint32_t windows() const { return (size_ + kWindowSize - 1) / kWindowSize; }
  uint32_t WindowDocuments(uint32_t window) const { return std::min(kWindowSize, size_ - window * kWindowSize); }
  uint32_t number(uint32_t ordinal) const { return LoadInteger<uint32_t>(numbers_ + uint64_t{ordinal} * 4); }
  uint32_t first_number() const { return number(0); }
  uint32_t last_number() const { return number(size_ - 1); }
  // The ordinal of a number; kNoDoc if it is not here.
  uint32_t Find(uint32_t number) const;
  // The first ordinal whose number is at least `number`; size() if there is none.
  uint32_t LowerBound(uint32_t number) const;

  const SegmentSource& source() const { return *source_; }
  // nullptr: no document has one.
  absl::StatusOr<const LengthView*> Lengths(uint16_t text_field) const;
  absl::StatusOr<const NumberColumnView*> Numbers(uint16_t column) const;
  absl::StatusOr<const KeywordDictionaryView*> Dictionary(uint16_t keyword_field) const;
  absl::StatusOr<const CodeView*> Keywords(uint16_t keyword_field) const;
  absl::StatusOr<const GeoColumnView*> Points(uint16_t geo_field) const;
  // Ordinals by value, greatest first; empty: no such order.
  absl::StatusOr<std::string_view> Sorted(uint16_t column) const;
  // The calendar buckets of the codes of a column, made when first asked for; nullptr: the column has none.
  const BucketTable* Buckets(uint16_t column, CalendarUnit by) const;

  // Terms with the documents that hold them (removed ones too), ascending, from `from` on. `visit` returns false to
  // stop.
  absl::Status ForEachTerm(Slot slot, std::string_view from,
                           const std::function<bool(std::string_view term, uint32_t documents)>& visit) const;

  // Called when the last user is gone.
  void OnRelease(std::function<void()> call) const { on_release_ = std::move(call); }

 private:
  template <typename View>
  struct Lazy {
    std::once_flag once;
    absl::Status status;
    bool there = false;
    records::PinnedValue pin;
    View view;
  };
  template <typename View>
  using LazyMap = std::map<uint16_t, Lazy<View>>;

  Segment(uint32_t id, std::unique_ptr<SegmentSource> source, const IndexSchema& schema);
  template <typename View>
  absl::StatusOr<const View*> Load(LazyMap<View>& map, uint16_t field, const std::string& key) const;

  const uint32_t id_;
  const std::unique_ptr<SegmentSource> source_;
  uint32_t size_ = 0;
  records::PinnedValue numbers_pin_;
  const char* numbers_ = nullptr;
  bool dense_ = false;  // numbers without gaps
  mutable LazyMap<LengthView> lengths_;
  mutable LazyMap<NumberColumnView> columns_;
  mutable LazyMap<KeywordDictionaryView> dictionaries_;
  mutable LazyMap<CodeView> keywords_;
  mutable LazyMap<GeoColumnView> points_;
  struct SortedView {
    std::string_view bytes;
    bool Open(std::string_view value) {
      bytes = value;
      return value.size() % 4 == 0;
    }
  };
  mutable LazyMap<SortedView> sorted_;
  struct LazyBuckets {
    Column::Unit unit = Column::Unit::kInteger;
    std::once_flag once;
    BucketTable table;
  };
  mutable std::map<std::pair<uint16_t, CalendarUnit>, LazyBuckets> buckets_;
  mutable std::function<void()> on_release_;
};

// Documents of a segment that were removed or replaced. Immutable once shared.
struct DeadSet {
  explicit DeadSet(uint32_t documents) : words((documents + kWindowSize - 1) / kWindowSize * kWindowWords) {}
  bool Test(uint32_t ordinal) const { return (words[ordinal / 64] >> (ordinal % 64) & 1) != 0; }
  // False if it was in already.
  bool Add(uint32_t ordinal) {
    if (Test(ordinal)) return false;
    words[ordinal / 64] |= uint64_t{1} << (ordinal % 64);
    ++count;
    return true;
  }
  std::vector<uint64_t> words;
  uint32_t count = 0;
  std::array<uint64_t, 32> lengths{};  // by text field
};

// A segment in one state of the index. `dead` is null if nothing is.
struct SegmentView {
  std::shared_ptr<const Segment> segment;
  std::shared_ptr<const DeadSet> dead;
  uint32_t live() const { return segment->size() - (dead == nullptr ? 0 : dead->count); }
};

}  // namespace interdict::index
