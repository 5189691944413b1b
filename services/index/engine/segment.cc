#include "services/index/engine/segment.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/index/engine/postings.h"
#include "storage/records/keys.h"

namespace interdict::index {
namespace {

absl::Status Unreadable(uint32_t segment, std::string_view what) {
  return absl::DataLossError(
      absl::StrCat("segment ", segment, " of the search index: ", std::string(what), " is not readable"));
}

}  // namespace

std::string SegmentPrefix(uint32_t segment) { return records::BigEndian32(segment); }

Segment::Segment(uint32_t id, std::unique_ptr<SegmentSource> source, const IndexSchema& schema)
    : id_(id), source_(std::move(source)) {
  for (const TextField& field : schema.text_fields) lengths_[field.id];
  for (const Column& column : schema.columns) {
    columns_[column.id];
    if (column.sorted) sorted_[column.id];
    for (const CalendarUnit by : {CalendarUnit::kDay, CalendarUnit::kMonth, CalendarUnit::kYear}) {
      buckets_[{column.id, by}].unit = column.unit;
    }
  }
  for (const KeywordField& field : schema.keyword_fields) {
    dictionaries_[field.id];
    keywords_[field.id];
  }
  for (const GeoField& field : schema.geo_fields) points_[field.id];
}

Segment::~Segment() {
  if (on_release_) on_release_();
}

absl::StatusOr<std::shared_ptr<const Segment>> Segment::Open(uint32_t id, std::unique_ptr<SegmentSource> source,
                                                             const IndexSchema& schema) {
  std::shared_ptr<Segment> segment(new Segment(id, std::move(source), schema));
  auto meta = segment->source_->Get(std::string(1, segment_key::kMeta));
  if (!meta.ok()) return meta.status();
  if (!meta->has_value() || (*meta)->bytes.size() != 4) return Unreadable(id, "its head");
  segment->size_ = LoadInteger<uint32_t>((*meta)->bytes.data());
  auto numbers = segment->source_->Get(std::string(1, segment_key::kNumbers));
  if (!numbers.ok()) return numbers.status();
  if (segment->size_ == 0 || !numbers->has_value() || (*numbers)->bytes.size() != uint64_t{segment->size_} * 4) {
    return Unreadable(id, "its list of numbers");
  }
  segment->numbers_pin_ = **std::move(numbers);
  segment->numbers_ = segment->numbers_pin_.bytes.data();
  segment->dense_ = segment->last_number() - segment->first_number() == segment->size_ - 1;
  return std::shared_ptr<const Segment>(std::move(segment));
}

uint32_t Segment::LowerBound(uint32_t wanted) const {
  if (wanted <= first_number()) return 0;
  if (wanted > last_number()) return size_;
  if (dense_) return wanted - first_number();
  uint32_t low = 0;
  uint32_t high = size_;
  while (low < high) {
    const uint32_t middle = low + (high - low) / 2;
    if (number(middle) < wanted) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

uint32_t Segment::Find(uint32_t wanted) const {
  const uint32_t ordinal = LowerBound(wanted);
  return ordinal < size_ && number(ordinal) == wanted ? ordinal : kNoDoc;
}

template <typename View>
absl::StatusOr<const View*> Segment::Load(LazyMap<View>& map, uint16_t field, const std::string& key) const {
  const auto found = map.find(field);
  if (found == map.end()) return static_cast<const View*>(nullptr);
  Lazy<View>& lazy = found->second;
  std::call_once(lazy.once, [&] {
    auto value = source_->Get(key);
    if (!value.ok()) {
      lazy.status = value.status();
    } else if (value->has_value()) {
      lazy.pin = **std::move(value);
      lazy.there = true;
      if (!lazy.view.Open(lazy.pin.bytes)) lazy.status = Unreadable(id_, "a column");
    }
  });
  if (!lazy.status.ok()) return lazy.status;
  return lazy.there ? &lazy.view : static_cast<const View*>(nullptr);
}

absl::StatusOr<const LengthView*> Segment::Lengths(uint16_t text_field) const {
  auto view = Load(lengths_, text_field, segment_key::Lengths(text_field));
  if (view.ok() && *view != nullptr && (*view)->documents() != size_) return Unreadable(id_, "a column of lengths");
  return view;
}

absl::StatusOr<const NumberColumnView*> Segment::Numbers(uint16_t column) const {
  auto view = Load(columns_, column, segment_key::OfField(segment_key::kColumn, column));
  if (view.ok() && *view != nullptr && (*view)->documents() != size_) return Unreadable(id_, "a column");
  return view;
}

absl::StatusOr<const KeywordDictionaryView*> Segment::Dictionary(uint16_t keyword_field) const {
  return Load(dictionaries_, keyword_field, segment_key::OfField(segment_key::kDictionary, keyword_field));
}

absl::StatusOr<const CodeView*> Segment::Keywords(uint16_t keyword_field) const {
  auto view = Load(keywords_, keyword_field, segment_key::OfField(segment_key::kKeywords, keyword_field));
  if (view.ok() && *view != nullptr && (*view)->documents() != size_) return Unreadable(id_, "a column of keywords");
  return view;
}

absl::StatusOr<const GeoColumnView*> Segment::Points(uint16_t geo_field) const {
  return Load(points_, geo_field, segment_key::OfField(segment_key::kPoints, geo_field));
}

absl::StatusOr<std::string_view> Segment::Sorted(uint16_t column) const {
  auto view = Load(sorted_, column, segment_key::OfField(segment_key::kSorted, column));
  if (!view.ok()) return view.status();
  return *view == nullptr ? std::string_view() : (*view)->bytes;
}

const BucketTable* Segment::Buckets(uint16_t column, CalendarUnit by) const {
  const auto found = buckets_.find({column, by});
  auto numbers = Numbers(column);
  if (found == buckets_.end() || !numbers.ok() || *numbers == nullptr) return nullptr;
  LazyBuckets& lazy = found->second;
  std::call_once(lazy.once, [&] { lazy.table = MakeBucketTable(**numbers, lazy.unit, by); });
  return lazy.table.buckets.empty() ? nullptr : &lazy.table;
}

absl::Status Segment::ForEachTerm(Slot slot, std::string_view from,
                                  const std::function<bool(std::string_view, uint32_t)>& visit) const {
  bool readable = true;
  if (in_memory()) {
    const std::string prefix = segment_key::OfTerm(segment_key::kPostings, slot, "");
    const absl::Status status = source_->Scan(prefix, prefix + std::string(from), [&](auto key, auto value) {
      ByteReader reader(value);
      const uint64_t documents = reader.Varint();
      readable = readable && reader.ok();
      return readable && visit(key.substr(prefix.size()), static_cast<uint32_t>(documents));
    });
    return readable ? status : Unreadable(id_, "a posting list");
  }
  const std::string prefix = segment_key::OfTerm(segment_key::kVocabulary, slot, "");
  const absl::Status status = source_->Scan(prefix, prefix + std::string(from), [&](auto /*key*/, auto value) {
    ByteReader reader(value);
    std::string term;
    while (!reader.empty()) {
      const uint64_t shared = reader.Varint();
      const std::string_view rest = reader.Bytes(reader.Varint());
      const uint64_t documents = reader.Varint();
      if (!reader.ok() || shared > term.size()) return readable = false;
      term.resize(shared);
      term.append(rest);
      if (term.compare(from) >= 0 && !visit(term, static_cast<uint32_t>(documents))) return false;
    }
    return true;
  });
  return readable ? status : Unreadable(id_, "a block of the vocabulary");
}

}  // namespace interdict::index
