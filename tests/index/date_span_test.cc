#include "services/index/engine/schema/date_span.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace interdict::index {
namespace {

std::string Shown(const std::string& edtf) {
  const auto span = ParseDaySpan(edtf);
  if (!span.has_value()) return "none";
  return (span->first == kOpenStart ? ".." : FormatDay(span->first)) + "/" +
         (span->last == kOpenEnd ? ".." : FormatDay(span->last));
}

TEST(DateSpanTest, Dates) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"2012", "2012-01-01/2012-12-31"},
      {"2012-02", "2012-02-01/2012-02-29"},
      {"2012-07-15", "2012-07-15/2012-07-15"},
      {"2012/2013", "2012-01-01/2013-12-31"},
      {"2012-03/2012-05-02", "2012-03-01/2012-05-02"},
      {"2017-11/..", "2017-11-01/.."},
      {"2017/", "2017-01-01/.."},
      {"../2014", "../2014-12-31"},
      {"/2014", "../2014-12-31"},
      {"201X", "2010-01-01/2019-12-31"},
      {"2012-XX", "2012-01-01/2012-12-31"},
      {"2012-05-XX", "2012-05-01/2012-05-31"},
      {"2012?", "2012-01-01/2012-12-31"},
      {"2012-05~", "2012-05-01/2012-05-31"},
      {"1969-12-31", "1969-12-31/1969-12-31"},
      {"", "none"},
      {"..", "none"},
      {"../..", "none"},
      {"/", "none"},
      {"2013/2012", "none"},
      {"2012-13", "none"},
      {"2012-02-30", "none"},
      {"12", "none"},
      {"2012-7", "none"},
      {"yesterday", "none"},
      {"2012/2013/2014", "none"},
      {"2012-07-15T00:00", "none"},
      {"X012", "none"},
  };
  for (const auto& [edtf, shown] : cases) EXPECT_EQ(Shown(edtf), shown) << edtf;
}

TEST(DateSpanTest, DaysCountFrom1970) {
  EXPECT_EQ(ParseDaySpan("1970-01-02")->first, 1);
  EXPECT_EQ(ParseDaySpan("1969-12-31")->first, -1);
}

TEST(DateSpanTest, Moments) {
  EXPECT_EQ(ParseMoment("1970-01-01T00:00:01Z")->first_us, 1'000'000);
  EXPECT_EQ(ParseMoment("1970-01-01T01:00:01+01:00")->last_us, 1'000'000);
  EXPECT_EQ(ParseMoment("1970-01-01")->first_us, 0);
  EXPECT_EQ(ParseMoment("1970-01-01")->last_us, 86'400'000'000 - 1);
  EXPECT_FALSE(ParseMoment("2012/..").has_value());
  EXPECT_FALSE(ParseMoment("noon").has_value());
  EXPECT_FALSE(ParseMoment("infinite-future").has_value());
}

}  // namespace
}  // namespace interdict::index
