#include "services/index/engine/facet_counter.h"

#include <algorithm>
#include <limits>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace interdict::index {
namespace {

using Of = FacetDimension::Of;

// Calendar dates as in the proleptic Gregorian calendar.
struct Civil {
  int64_t year;
  uint32_t month;
  uint32_t day;
};

// Eras of 400 years have 146,097 days; years begin in March here, so that the leap day is the last.
Civil CivilOf(int64_t days) {
  const int64_t shifted = days + 719468;
  const int64_t era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
  const auto day_of_era = static_cast<uint32_t>(shifted - era * 146097);
  const uint32_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const uint32_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const uint32_t month = (5 * day_of_year + 2) / 153;
  Civil civil{};
  civil.day = day_of_year - (153 * month + 2) / 5 + 1;
  civil.month = month < 10 ? month + 3 : month - 9;
  civil.year = static_cast<int64_t>(year_of_era) + era * 400 + (civil.month <= 2 ? 1 : 0);
  return civil;
}

int64_t FloorDivide(int64_t value, int64_t by) { return value / by - (value % by < 0 ? 1 : 0); }

constexpr uint64_t kSign = uint64_t{1} << 63;
uint64_t Ordered(int64_t value) { return static_cast<uint64_t>(value) ^ kSign; }
int64_t Value(uint64_t ordered) { return static_cast<int64_t>(ordered ^ kSign); }

}  // namespace

absl::StatusOr<std::unique_ptr<BucketReader>> BucketReader::Make(const IndexSchema& schema, const Segment& segment,
                                                                 const FacetDimension& dimension) {
  auto reader = std::make_unique<BucketReader>();
  reader->dimension_ = dimension;
  if (dimension.of == Of::kKeyword) {
    auto codes = segment.Keywords(dimension.field);
    if (!codes.ok()) return codes.status();
    auto dictionary = segment.Dictionary(dimension.field);
    if (!dictionary.ok()) return dictionary.status();
    reader->dictionary_ = *dictionary;
    if (reader->dictionary_ != nullptr) reader->codes_ = *codes;
    return reader;
  }
  for (const Column& column : schema.columns) {
    if (column.id == dimension.field) reader->unit_ = column.unit;
  }
  auto numbers = segment.Numbers(dimension.field);
  if (!numbers.ok()) return numbers.status();
  reader->numbers_ = *numbers;
  if (reader->numbers_ != nullptr) reader->codes_ = &reader->numbers_->codes();
  return reader;
}

uint64_t BucketReader::BucketOf(int64_t value) const {
  if (dimension_.of == Of::kValue) return Ordered(value);
  int64_t days = value;
  if (unit_ == Column::Unit::kSeconds) days = FloorDivide(value, 86400);
  if (unit_ == Column::Unit::kMicros) days = FloorDivide(value, int64_t{86400} * 1000000);
  // Open ends of intervals are no dates of this earth.
  days = std::clamp<int64_t>(days, -100000000000, 100000000000);
  if (dimension_.of == Of::kDay) return Ordered(days);
  const Civil civil = CivilOf(days);
  return Ordered(dimension_.of == Of::kYear ? civil.year : civil.year * 12 + civil.month - 1);
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
  switch (dimension_.of) {
    case Of::kYear:
      return absl::StrFormat("%04d", value);
    case Of::kMonth: {
      const int64_t year = FloorDivide(value, 12);
      return absl::StrFormat("%04d-%02d", year, value - year * 12 + 1);
    }
    case Of::kDay: {
      const Civil civil = CivilOf(value);
      return absl::StrFormat("%04d-%02d-%02d", civil.year, civil.month, civil.day);
    }
    default:
      return absl::StrCat(value);
  }
}

void BucketReader::Count(uint32_t base, const WindowBits& bits, std::vector<uint32_t>& by_code) const {
  by_code.resize(uint64_t{1} << (8 * codes_->width()));
  uint32_t* counts = by_code.data();
  const char* codes = codes_->codes();
  if (codes_->width() == 1) {
    bits.ForEach([=](uint32_t bit) { ++counts[static_cast<unsigned char>(codes[base + bit])]; });
  } else {
    bits.ForEach([=](uint32_t bit) { ++counts[LoadInteger<uint16_t>(codes + uint64_t{base + bit} * 2)]; });
  }
}

void BucketReader::AddCounts(const std::vector<uint32_t>& by_code, std::map<uint64_t, uint64_t>& buckets) const {
  // Values ascend with their codes, so most have the bucket of the one before.
  uint64_t last_bucket = 0;
  int64_t end = std::numeric_limits<int64_t>::min();  // values below it are in last_bucket
  uint64_t pending = 0;
  for (uint64_t code = 1; code < by_code.size(); ++code) {
    if (by_code[code] == 0) continue;
    if (dictionary_ != nullptr) {
      buckets[code - 1] += by_code[code];
      continue;
    }
    const int64_t value = numbers_->ValueOf(code);
    if (pending > 0 && value < end) {
      pending += by_code[code];
      continue;
    }
    if (pending > 0) buckets[last_bucket] += pending;
    pending = by_code[code];
    last_bucket = BucketOf(value);
    end = value;
    // As far as the bucket certainly reaches: 28 days into a month, 365 into a year are cheap guesses; probe them.
    if (unit_ == Column::Unit::kDays && dimension_.of != Of::kValue && dimension_.of != Of::kDay) {
      int64_t step = dimension_.of == Of::kYear ? 512 : 32;
      for (; step > 0; step /= 2) {
        if (value < std::numeric_limits<int64_t>::max() - 2048 && BucketOf(end + step) == last_bucket) end += step;
      }
    }
    ++end;
  }
  if (pending > 0) buckets[last_bucket] += pending;
}

absl::Status FacetCounter::Enter(const IndexSchema& schema, const Segment& segment) {
  auto first = BucketReader::Make(schema, segment, request_->first);
  if (!first.ok()) return first.status();
  first_ = *std::move(first);
  if (request_->second.has_value()) {
    auto second = BucketReader::Make(schema, segment, *request_->second);
    if (!second.ok()) return second.status();
    second_ = *std::move(second);
  }
  by_code_.clear();
  in_segment_.clear();
  return absl::OkStatus();
}

absl::Status FacetCounter::Add(uint32_t window, const WindowBits& bits) {
  const uint32_t base = window * kWindowSize;
  if (second_ == nullptr && first_->countable()) {
    first_->Count(base, bits, by_code_);
    return absl::OkStatus();
  }
  bits.ForEach([this, base](uint32_t bit) {
    first_->Read(base + bit, first_buckets_);
    if (second_ == nullptr) {
      for (const uint64_t bucket : first_buckets_) ++in_segment_[{bucket, 0}];
      return;
    }
    second_->Read(base + bit, second_buckets_);
    for (const uint64_t first : first_buckets_) {
      for (const uint64_t second : second_buckets_) ++in_segment_[{first, second}];
    }
  });
  if (in_segment_.size() <= max_buckets_) return absl::OkStatus();
  return absl::ResourceExhaustedError(absl::StrCat("a facet has more than ", max_buckets_, " buckets"));
}

absl::Status FacetCounter::Leave() {
  if (!by_code_.empty()) {
    std::map<uint64_t, uint64_t> buckets;
    first_->AddCounts(by_code_, buckets);
    for (const auto& [bucket, count] : buckets) in_segment_[{bucket, 0}] += count;
  }
  for (const auto& [buckets, count] : in_segment_) {
    std::string second = second_ == nullptr ? "" : second_->Name(buckets.second);
    counts_[{first_->Name(buckets.first), std::move(second)}] += count;
  }
  if (counts_.size() <= max_buckets_) return absl::OkStatus();
  return absl::ResourceExhaustedError(absl::StrCat("a facet has more than ", max_buckets_, " buckets"));
}

FacetResult FacetCounter::Take() {
  FacetResult result;
  result.buckets = counts_.size();
  for (auto& [names, count] : counts_) result.counts.push_back({names.first, names.second, count});
  std::stable_sort(result.counts.begin(), result.counts.end(),
                   [](const FacetCount& a, const FacetCount& b) { return a.count > b.count; });
  if (request_->limit > 0 && result.counts.size() > request_->limit) result.counts.resize(request_->limit);
  return result;
}

}  // namespace interdict::index
