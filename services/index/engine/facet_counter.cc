#include "services/index/engine/facet_counter.h"

#include <algorithm>
#include <map>

#include "absl/strings/str_cat.h"

namespace interdict::index {
namespace {

using Of = FacetDimension::Of;

constexpr uint64_t kSign = uint64_t{1} << 63;
uint64_t Ordered(int64_t value) { return static_cast<uint64_t>(value) ^ kSign; }
int64_t Value(uint64_t ordered) { return static_cast<int64_t>(ordered ^ kSign); }

constexpr uint32_t kLeastForPlaces = 64;   // documents; a smaller segment is not worth a table
constexpr uint64_t kPlacesADocument = 16;  // nor is one that is nearly empty
constexpr uint64_t kMostPlaces = 1 << 18;  // of two dimensions together: 1 MB
constexpr uint64_t kFewPlaces = 1024;
constexpr uint32_t kTables = 4;

}  // namespace

absl::StatusOr<BucketReader> BucketReader::Make(const IndexSchema& schema, const Segment& segment,
                                                const FacetDimension& dimension) {
  BucketReader reader;
  reader.dimension_ = dimension;
  const bool large = segment.size() >= kLeastForPlaces;
  if (dimension.of == Of::kKeyword) {
    auto codes = segment.Keywords(dimension.field);
    if (!codes.ok()) return codes.status();
    auto dictionary = segment.Dictionary(dimension.field);
    if (!dictionary.ok()) return dictionary.status();
    reader.dictionary_ = *dictionary;
    if (reader.dictionary_ == nullptr) return reader;
    reader.codes_ = *codes;
    if (large && (*codes)->single() && (*codes)->width() <= 2) reader.places_ = (*dictionary)->size() + 1;
    return reader;
  }
  for (const Column& column : schema.columns) {
    if (column.id == dimension.field) reader.unit_ = column.unit;
  }
  reader.calendar_ = dimension.of == Of::kYear
                         ? CalendarUnit::kYear
                         : (dimension.of == Of::kMonth ? CalendarUnit::kMonth : CalendarUnit::kDay);
  auto numbers = segment.Numbers(dimension.field);
  if (!numbers.ok()) return numbers.status();
  reader.numbers_ = *numbers;
  if (reader.numbers_ == nullptr) return reader;
  reader.codes_ = &reader.numbers_->codes();
  if (!large || !reader.codes_->single() || reader.codes_->width() > 2) return reader;
  if (dimension.of == Of::kValue) {
    reader.places_ = 1U << (8 * reader.codes_->width());
    return reader;
  }
  reader.table_ = segment.Buckets(dimension.field, reader.calendar_);
  if (reader.table_ != nullptr) reader.places_ = static_cast<uint32_t>(reader.table_->buckets.size()) + 1;
  return reader;
}

uint64_t BucketReader::BucketOf(int64_t value) const {
  return Ordered(dimension_.of == Of::kValue ? value : CalendarBucketOf(value, unit_, calendar_));
}

void BucketReader::Read(uint32_t doc, std::vector<uint64_t>& buckets) const {
  buckets.clear();
  if (codes_ == nullptr) return;
  if (dictionary_ != nullptr) {
    codes_->ForEach(doc, [&buckets](uint64_t code) { buckets.push_back(code - 1); });
    return;
  }
  numbers_->ForEach(doc, [this, &buckets](int64_t value) {
    const uint64_t bucket = BucketOf(value);
    if (std::find(buckets.begin(), buckets.end(), bucket) == buckets.end()) buckets.push_back(bucket);
  });
}

std::string BucketReader::Name(uint64_t bucket) const {
  if (dimension_.of == Of::kKeyword) {
    if (dictionary_ == nullptr || bucket >= dictionary_->size()) return "";
    return std::string(dictionary_->value(static_cast<uint32_t>(bucket)));
  }
  const int64_t value = Value(bucket);
  return dimension_.of == Of::kValue ? absl::StrCat(value) : CalendarBucketName(value, calendar_);
}

void BucketReader::ReadPlaces(const MatchRun& run, uint16_t* places) const {
  const char* codes = codes_->codes() + uint64_t{run.base} * codes_->width();
  const uint16_t* rests = run.rests.data();
  if (codes_->width() == 1) {
    for (uint32_t i = 0; i < run.size; ++i) places[i] = static_cast<unsigned char>(codes[rests[i]]);
  } else {
    for (uint32_t i = 0; i < run.size; ++i) places[i] = LoadInteger<uint16_t>(codes + uint64_t{rests[i]} * 2);
  }
  // A code beyond the last place is damage; it counts as no value.
  if (table_ != nullptr) {
    const uint16_t* place_of_code = table_->place_of_code.data();
    const size_t known = table_->place_of_code.size();
    for (uint32_t i = 0; i < run.size; ++i) places[i] = places[i] < known ? place_of_code[places[i]] : 0;
  } else {
    for (uint32_t i = 0; i < run.size; ++i) places[i] = places[i] < places_ ? places[i] : 0;
  }
}

uint64_t BucketReader::BucketOfPlace(uint32_t place) const {
  if (dictionary_ != nullptr) return place - 1;
  return Ordered(table_ != nullptr ? table_->buckets[place - 1] : numbers_->ValueOf(place));
}

absl::Status FacetCounter::Enter(const IndexSchema& schema, const Segment& segment) {
  Part part;
  auto first = BucketReader::Make(schema, segment, request_->first);
  if (!first.ok()) return first.status();
  part.first = *std::move(first);
  if (request_->second.has_value()) {
    auto second = BucketReader::Make(schema, segment, *request_->second);
    if (!second.ok()) return second.status();
    part.second = *std::move(second);
  }
  uint64_t places = part.first.places();
  if (request_->second.has_value()) places *= part.second.places();
  by_place_ = places > 0 && places <= std::min(kMostPlaces, kPlacesADocument * segment.size());
  tables_ = places <= kFewPlaces ? kTables : 1;
  by_places_.assign(by_place_ ? places * tables_ : 0, 0);
  by_buckets_.clear();
  parts_.push_back(std::move(part));
  return absl::OkStatus();
}

absl::Status FacetCounter::Add(const MatchRun& run) {
  if (by_place_) {
    AddPlaces(run);
    return absl::OkStatus();
  }
  AddBuckets(run);
  return by_buckets_.size() <= max_buckets_ ? absl::OkStatus() : TooMany();
}

void FacetCounter::AddPlaces(const MatchRun& run) {
  const Part& part = parts_.back();
  part.first.ReadPlaces(run, first_places_.data());
  uint32_t* counts = by_places_.data();
  const uint16_t* first = first_places_.data();
  if (request_->second.has_value()) {
    part.second.ReadPlaces(run, second_places_.data());
    const uint32_t row = part.second.places();
    for (uint32_t i = 0; i < run.size; ++i) ++counts[first[i] * row + second_places_[i]];
    return;
  }
  uint32_t i = 0;
  if (tables_ == kTables) {
    const uint32_t places = part.first.places();
    for (; i + kTables <= run.size; i += kTables) {
      ++counts[first[i]];
      ++counts[places + first[i + 1]];
      ++counts[2 * places + first[i + 2]];
      ++counts[3 * places + first[i + 3]];
    }
  }
  for (; i < run.size; ++i) ++counts[first[i]];
}

void FacetCounter::AddBuckets(const MatchRun& run) {
  const Part& part = parts_.back();
  for (uint32_t i = 0; i < run.size; ++i) {
    const uint32_t doc = run.base + run.rests[i];
    part.first.Read(doc, first_buckets_);
    if (!request_->second.has_value()) {
      for (const uint64_t bucket : first_buckets_) ++by_buckets_[{bucket, 0}];
      continue;
    }
    part.second.Read(doc, second_buckets_);
    for (const uint64_t first : first_buckets_) {
      for (const uint64_t second : second_buckets_) ++by_buckets_[{first, second}];
    }
  }
}

absl::Status FacetCounter::Leave() {
  Part& part = parts_.back();
  if (by_place_) {
    const bool two = request_->second.has_value();
    const uint32_t row = two ? part.second.places() : 1;
    const auto places = static_cast<uint32_t>(by_places_.size() / tables_);
    for (uint32_t place = row; place < places; ++place) {
      if (two && place % row == 0) continue;
      uint64_t count = 0;
      for (uint32_t table = 0; table < tables_; ++table) count += by_places_[table * places + place];
      if (count == 0) continue;
      part.counts.push_back(
          {{part.first.BucketOfPlace(place / row), two ? part.second.BucketOfPlace(place % row) : 0}, count});
    }
  } else {
    part.counts.assign(by_buckets_.begin(), by_buckets_.end());
  }
  if (part.counts.size() > max_buckets_) return TooMany();
  if (part.counts.empty()) parts_.pop_back();
  return absl::OkStatus();
}

FacetCount FacetCounter::Named(const Part& part, const std::pair<Buckets, uint64_t>& count) const {
  return {part.first.Name(count.first.first), request_->second.has_value() ? part.second.Name(count.first.second) : "",
          count.second};
}

std::vector<FacetCount> FacetCounter::OfOnePart(Part& part) const {
  size_t wanted = part.counts.size();
  if (request_->limit > 0) wanted = std::min<size_t>(wanted, request_->limit);
  const auto end = part.counts.begin() + static_cast<std::ptrdiff_t>(wanted);
  std::partial_sort(part.counts.begin(), end, part.counts.end(), [](const auto& a, const auto& b) {
    return a.second != b.second ? a.second > b.second : a.first < b.first;
  });
  std::vector<FacetCount> counts;
  counts.reserve(wanted);
  for (size_t i = 0; i < wanted; ++i) counts.push_back(Named(part, part.counts[i]));
  return counts;
}

std::vector<FacetCount> FacetCounter::OfAllParts() const {
  std::map<std::pair<std::string, std::string>, uint64_t> sums;
  for (const Part& part : parts_) {
    for (const auto& count : part.counts) {
      FacetCount named = Named(part, count);
      sums[{std::move(named.first), std::move(named.second)}] += named.count;
    }
  }
  std::vector<FacetCount> counts;
  counts.reserve(sums.size());
  for (auto& [names, count] : sums) counts.push_back({names.first, names.second, count});
  std::stable_sort(counts.begin(), counts.end(),
                   [](const FacetCount& a, const FacetCount& b) { return a.count > b.count; });
  return counts;
}

absl::StatusOr<FacetResult> FacetCounter::Take() {
  FacetResult result;
  if (parts_.size() == 1) {
    result.buckets = parts_.front().counts.size();
    result.counts = OfOnePart(parts_.front());
    return result;
  }
  result.counts = OfAllParts();
  result.buckets = result.counts.size();
  if (result.buckets > max_buckets_) return TooMany();
  if (request_->limit > 0 && result.counts.size() > request_->limit) result.counts.resize(request_->limit);
  return result;
}

absl::Status FacetCounter::TooMany() const {
  return absl::ResourceExhaustedError(absl::StrCat("a facet has more than ", max_buckets_, " buckets"));
}

}  // namespace interdict::index
