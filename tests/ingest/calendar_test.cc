#include "services/ingest/calendar.h"

#include "gtest/gtest.h"

namespace interdict::ingest {
namespace {

TEST(Calendar, DaysThatNoCalendarHasAreNone) {
  for (const char* text :
       {"", "2012-00", "2012-13", "2012-02-30", "2011-02-29", "2012-1-1", "12", "0999", "2012-01-01T", "2012-01-1x"}) {
    EXPECT_FALSE(ParseDate(text).has_value()) << text;
  }
  EXPECT_EQ(FormatDay(ParseDate("2012-02")->last), "2012-02-29");
  EXPECT_EQ(FormatDay(ParseDate("1900-02")->last), "1900-02-28");
}

TEST(Calendar, SpansHaveBounds) {
  EXPECT_EQ(FormatDay(ParseEdtf("2012/2013")->last), "2013-12-31");
  EXPECT_EQ(FormatDay(ParseEdtf("2017-11/..")->first), "2017-11-01");
  EXPECT_FALSE(ParseEdtf("2017-11/..")->last.has_value());
  EXPECT_FALSE(ParseEdtf("../..").has_value());
  EXPECT_FALSE(ParseEdtf("2013/2012").has_value());
}

}  // namespace
}  // namespace interdict::ingest
