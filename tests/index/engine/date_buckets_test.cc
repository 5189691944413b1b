// Calendar buckets against a plain walk through the calendar.
#include "services/index/engine/date_buckets.h"

#include <limits>
#include <string>

#include "gtest/gtest.h"

namespace interdict::index {
namespace {

bool IsLeap(int64_t year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

TEST(DateBucketsTest, FollowTheCalendar) {
  static constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  int64_t day = -719528;  // 0000-01-01
  for (int64_t year = 0; year < 2500; ++year) {
    for (int month = 0; month < 12; ++month) {
      const int length = kDays[month] + (month == 1 && IsLeap(year) ? 1 : 0);
      for (const int64_t at : {day, day + length - 1}) {
        ASSERT_EQ(CalendarBucketOf(at, Column::Unit::kDays, CalendarUnit::kYear), year);
        ASSERT_EQ(CalendarBucketOf(at, Column::Unit::kDays, CalendarUnit::kMonth), year * 12 + month);
        ASSERT_EQ(CalendarBucketOf(at * 86400 + 86399, Column::Unit::kSeconds, CalendarUnit::kDay), at);
      }
      day += length;
    }
  }
  EXPECT_EQ(CalendarBucketName(0, CalendarUnit::kDay), "1970-01-01");
  EXPECT_EQ(CalendarBucketName(1987 * 12 + 4, CalendarUnit::kMonth), "1987-05");
  EXPECT_EQ(CalendarBucketName(44, CalendarUnit::kYear), "0044");
}

// Every code that a column can hold has the place of its value's bucket.
TEST(DateBucketsTest, ATableSaysWhatEachValueSays) {
  for (const bool open_ends : {false, true}) {
    Lists<int64_t> values;
    values.EndDocument();  // none
    for (int64_t day = 7000; day < 20000; day += 13) {
      values.values.push_back(day);
      values.EndDocument();
    }
    if (open_ends) {
      values.values.push_back(std::numeric_limits<int64_t>::min());
      values.EndDocument();
      values.values.push_back(std::numeric_limits<int64_t>::max());
      values.EndDocument();
    }
    const std::string bytes = EncodeNumberColumn(values);
    NumberColumnView view;
    ASSERT_TRUE(view.Open(bytes));
    for (const CalendarUnit by : {CalendarUnit::kDay, CalendarUnit::kMonth, CalendarUnit::kYear}) {
      const BucketTable table = MakeBucketTable(view, Column::Unit::kDays, by);
      ASSERT_FALSE(table.buckets.empty());
      EXPECT_EQ(table.place_of_code[0], 0);
      for (uint32_t doc = 0; doc < view.documents(); ++doc) {
        const uint64_t code = view.codes().At(doc);
        if (code == 0) continue;
        ASSERT_LT(code, table.place_of_code.size());
        ASSERT_GT(table.place_of_code[code], 0);
        EXPECT_EQ(table.buckets[table.place_of_code[code] - 1],
                  CalendarBucketOf(view.ValueOf(code), Column::Unit::kDays, by));
      }
    }
  }
}

TEST(DateBucketsTest, ThereIsNoTableForSeveralOrWideValues) {
  Lists<int64_t> wide;
  for (const int64_t value : {0, 1 << 20}) {
    wide.values.push_back(value);
    wide.EndDocument();
  }
  const std::string bytes = EncodeNumberColumn(wide);
  NumberColumnView view;
  ASSERT_TRUE(view.Open(bytes));
  EXPECT_TRUE(MakeBucketTable(view, Column::Unit::kDays, CalendarUnit::kYear).buckets.empty());
}

}  // namespace
}  // namespace interdict::index
