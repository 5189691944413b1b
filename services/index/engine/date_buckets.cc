#include "services/index/engine/date_buckets.h"

#include <algorithm>

#include "absl/strings/str_format.h"

namespace interdict::index {
namespace {

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

uint64_t GreatestCode(const CodeView& codes) {
  uint64_t greatest = 0;
  for (uint32_t doc = 0; doc < codes.documents(); ++doc) greatest = std::max(greatest, codes.At(doc));
  return greatest;
}

}  // namespace

int64_t CalendarBucketOf(int64_t value, Column::Unit unit, CalendarUnit by) {
  int64_t days = value;
  if (unit == Column::Unit::kSeconds) days = FloorDivide(value, 86400);
  if (unit == Column::Unit::kMicros) days = FloorDivide(value, int64_t{86400} * 1000000);
  // Open ends of intervals are no dates of this earth.
  days = std::clamp<int64_t>(days, -100000000000, 100000000000);
  if (by == CalendarUnit::kDay) return days;
  const Civil civil = CivilOf(days);
  return by == CalendarUnit::kYear ? civil.year : civil.year * 12 + civil.month - 1;
}

std::string CalendarBucketName(int64_t bucket, CalendarUnit by) {
  if (by == CalendarUnit::kYear) return absl::StrFormat("%04d", bucket);
  if (by == CalendarUnit::kMonth) {
    const int64_t year = FloorDivide(bucket, 12);
    return absl::StrFormat("%04d-%02d", year, bucket - year * 12 + 1);
  }
  const Civil civil = CivilOf(bucket);
  return absl::StrFormat("%04d-%02d-%02d", civil.year, civil.month, civil.day);
}

BucketTable MakeBucketTable(const NumberColumnView& numbers, Column::Unit unit, CalendarUnit by) {
  BucketTable table;
  if (!numbers.single() || numbers.codes().width() > 2) return table;
  const uint64_t greatest = GreatestCode(numbers.codes());
  table.place_of_code.resize(greatest + 1);
  const auto bucket_of = [&](uint64_t code) { return CalendarBucketOf(numbers.ValueOf(code), unit, by); };
  for (uint64_t code = 1; code <= greatest; ++code) {
    table.buckets.push_back(bucket_of(code));
    // Values ascend with their codes, so the bucket's last code is found by halving steps. The codes of the open ends
    // lie apart.
    uint64_t last = code;
    const uint64_t end = code == 1 ? 1 : greatest;
    for (uint64_t step = 1 << 16; step > 0; step /= 2) {
      if (last + step <= end && bucket_of(last + step) == table.buckets.back()) last += step;
    }
    const auto place = static_cast<uint16_t>(table.buckets.size());
    for (; code < last; ++code) table.place_of_code[code] = place;
    table.place_of_code[code] = place;
  }
  return table;
}

}  // namespace interdict::index
