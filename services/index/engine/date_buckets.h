// Calendar buckets of dates: which day, month or year a value of a column falls into, and what the bucket is called.
// A table answers it for the codes of a narrow column, so that counting a document costs one lookup.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "services/index/engine/columns.h"
#include "services/index/engine/index_schema.h"

namespace interdict::index {

enum class CalendarUnit { kDay, kMonth, kYear };

// Days since 1970, months since year 0, or years. Ascends with `value`.
int64_t CalendarBucketOf(int64_t value, Column::Unit unit, CalendarUnit by);
// "1987-05-03", "1987-05", "1987".
std::string CalendarBucketName(int64_t bucket, CalendarUnit by);

// Places of codes: 0 no value, then one a bucket, ascending.
struct BucketTable {
  std::vector<uint16_t> place_of_code;
  std::vector<int64_t> buckets;  // by place - 1
};
// Empty unless the column has one code of at most two bytes a document.
BucketTable MakeBucketTable(const NumberColumnView& numbers, Column::Unit unit, CalendarUnit by);

}  // namespace interdict::index
