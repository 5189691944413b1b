// Dates in text to EDTF: absolute, ranges, relative to publication and to the date told last, and what is none.
#include "services/ingest/pipeline/normalise/dates.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "services/ingest/pipeline/normalise/calendar.h"

namespace interdict::pipeline {
namespace {

using ::testing::ElementsAreArray;
using ::testing::IsEmpty;

Page PageOf(const std::string& text) {
  Page page;
  page.text = text;
  page.blocks.push_back({BlockKind::kParagraph, 0, text.size()});
  return page;
}

std::vector<DateMention> Find(const std::string& text, const std::string& published) {
  const Page page = PageOf(text);
  return FindDates(page, Tokenize(page), published);
}

std::vector<std::string> Edtfs(const std::string& text, const std::string& published) {
  std::vector<std::string> out;
  for (const DateMention& mention : Find(text, published)) out.push_back(mention.edtf);
  return out;
}

struct DateCase {
  const char* text;
  std::vector<std::string> edtfs;
};

TEST(DatesTest, Absolute) {
  const DateCase cases[] = {
      {"It was seized on 15 July 2012 at sea.", {"2012-07-15"}},
      {"It was seized on July 15, 2012, at sea.", {"2012-07-15"}},
      {"on the 15th of July, 2012", {"2012-07-15"}},
      {"Thursday, June 9, 2022", {"2022-06-09"}},
      {"Sunday , April 11 2021", {"2021-04-11"}},
      {"Kampala, Tuesday 19 September 2023", {"2023-09-19"}},
      {"on Nov. 12, 2019, and again on 3 Sept. 2020", {"2019-11-12", "2020-09-03"}},
      {"in July 2012", {"2012-07"}},
      {"in July, 2012", {"2012-07"}},
      {"In 2012 the firm moved.", {"2012"}},
      {"2017 saw the government act.", {"2017"}},
      {"the 2006 embargo", {"2006"}},
      {"dated 2018-05-03.", {"2018-05-03"}},
      {"on 03.05.2018 and 13/5/2018 and 5/13/2018", {"2018-05-03", "2018-05-13", "2018-05-13"}},
      {"in the 1990s", {"1990/1999"}},
      {"the spring of 2014", {"2014-03/2014-05"}},
      {"in early 2016 and in mid-2019", {"2016-01/2016-04", "2019-05/2019-08"}},
      {"on 29 February 2020", {"2020-02-29"}},
  };
  for (const DateCase& test : cases) EXPECT_THAT(Edtfs(test.text, ""), ElementsAreArray(test.edtfs)) << test.text;
}

TEST(DatesTest, Ranges) {
  const DateCase cases[] = {
      {"uncovered in 2012 and 2013 by", {"2012/2013"}},
      {"in 2012 and 2015", {"2012", "2015"}},
      {"in the 2012–13 season", {"2012/2013"}},
      {"from 2012 to 2014", {"2012/2014"}},
      {"since November 2017", {"2017-11/.."}},
      {"between March and May 2019", {"2019-03/2019-05"}},
      {"between November and February 2019", {"2018-11/2019-02"}},
      {"between March 2018 and May 2019", {"2018-03/2019-05"}},
      {"Between March 2018 and the spring of 2019, it", {"2018-03/2019"}},
      {"from about February 2018 until November 2019", {"2018-02/2019-11"}},
      {"on 15-17 March 2012", {"2012-03-15/2012-03-17"}},
      {"on 15 and 16 March 2012", {"2012-03-15/2012-03-16"}},
      {"on March 15-17, 2012", {"2012-03-15/2012-03-17"}},
      {"from 30 April to 2 May 2012", {"2012-04-30/2012-05-02"}},
      {"from 2014 to 2012", {"2014", "2012"}},
  };
  for (const DateCase& test : cases) EXPECT_THAT(Edtfs(test.text, ""), ElementsAreArray(test.edtfs)) << test.text;
}

TEST(DatesTest, RelativeToPublication) {
  // 2021-04-11 was a Sunday.
  const DateCase cases[] = {
      {"They met on Monday.", {"2021-04-05"}},
      {"They met on Sunday.", {"2021-04-11"}},
      {"They met last Sunday.", {"2021-04-04"}},
      {"They met last Tuesday.", {"2021-04-06"}},
      {"They met on Monday of last week.", {"2021-03-29"}},
      {"They met yesterday.", {"2021-04-10"}},
      {"reported this week", {"2021-04-05/2021-04-11"}},
      {"reported earlier this week", {"2021-04-05/2021-04-11"}},
      {"reported last week", {"2021-03-29/2021-04-04"}},
      {"reported last month", {"2021-03"}},
      {"reported last year", {"2020"}},
      {"the previous year", {"2020"}},
      {"two years ago", {"2019"}},
      {"three days ago", {"2021-04-08"}},
      {"over the past two years", {"2019/2021"}},
      {"in the last six months", {"2020-10/2021-04"}},
      {"in the past 10 days", {"2021-04-01/2021-04-11"}},
      {"over the past three weeks", {"2021-03-21/2021-04-11"}},
      {"in the last two days of the trial", {}},
      {"On the 9th a friend came.", {"2021-04-09"}},
      {"On the 14th, he left.", {"2021-03-14"}},
      {"on the 12th floor", {}},
      {"six months ago", {"2020-10"}},
      {"in June", {"2020-06"}},
      {"last September", {"2020-09"}},
      {"on 15 March", {"2021-03-15"}},
      {"on 15 May", {"2020-05-15"}},
      {"Sentencing is set for Oct. 13.", {"2021-10-13"}},
      {"last summer", {"2020-06/2020-08"}},
      {"the spring of last year", {"2020-03/2020-05"}},
      {"between the autumn of last year and August of this year", {"2020/2021-08"}},
  };
  for (const DateCase& test : cases)
    EXPECT_THAT(Edtfs(test.text, "2021-04-11"), ElementsAreArray(test.edtfs)) << test.text;
}

TEST(DatesTest, RelativeToTheTextBefore) {
  const DateCase cases[] = {
      {"In 2012 he came. The previous year another had left.", {"2012", "2011"}},
      {"In May 2014 it sailed. A year later it sank.", {"2014-05", "2015"}},
      {"She spent March 2014 off Lome. On the 14th a friend saw her.", {"2014-03", "2014-03-14"}},
      {"It sailed in February 2014. On the 30th it sank.", {"2014-02"}},
      {"It sailed on 3 May 2014. Two days later it sank.", {"2014-05-03", "2014-05-05"}},
      {"In 2014 it sailed, and on 5 June it sank.", {"2014", "2014-06-05"}},
  };
  for (const DateCase& test : cases)
    EXPECT_THAT(Edtfs(test.text, "2021-04-11"), ElementsAreArray(test.edtfs)) << test.text;
}

TEST(DatesTest, NeedsTheDocumentsDateForRelativeOnes) {
  for (const char* text : {"on Monday", "last year", "in June", "two years ago", "yesterday", "on 15 March"}) {
    EXPECT_THAT(Edtfs(text, ""), IsEmpty()) << text;
  }
  EXPECT_THAT(Edtfs("on Monday, last month, last year", "2021"), ElementsAreArray({"2020"}));
}

TEST(DatesTest, WhatIsNone) {
  for (const char* text :
       {"on 31 April 2012x", "Resolution 1718", "Resolution 1970", "Security Council resolution 2231 (2015)",
        "No. 2012", "a T-54 and a Su-27", "$2012", "2000 rounds", "they may march", "He sat in the sun",
        "Anti-Money Laundering Act, 2013", "at 20:15", "18 U.S.C. § 1956", "March on the embassy", "She may come",
        "a second man", "June Carter sang"}) {
    for (const DateMention& mention : Find(text, "2021-04-11")) {
      EXPECT_TRUE(std::string(text).find("31 April") == 0 && mention.edtf.size() <= 7) << text << ": " << mention.edtf;
    }
  }
}

TEST(DatesTest, ImpossibleDaysAreNone) {
  for (const char* text :
       {"on 31 April 2012", "on February 30, 2012", "on 29 February 2019", "2018-13-01", "45 March 2012"}) {
    for (const DateMention& mention : Find(text, ""))
      EXPECT_LE(mention.edtf.size(), 7u) << text << ": " << mention.edtf;
  }
}

TEST(DatesTest, SpansAndBounds) {
  const std::string text = "Seized between March and May 2019 in the port.";
  const std::vector<DateMention> found = Find(text, "");
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(text.substr(found[0].begin, found[0].end - found[0].begin), "between March and May 2019");
  EXPECT_EQ(found[0].start, "2019-03-01");
  EXPECT_EQ(found[0].last, "2019-05-31");
  EXPECT_FALSE(found[0].relative);
  EXPECT_TRUE(Find("last year", "2021-04-11")[0].relative);
  EXPECT_EQ(Find("since November 2017", "")[0].last, "");
}

TEST(DatesTest, EdtfBounds) {
  const std::tuple<const char*, const char*, const char*> cases[] = {
      {"2012", "2012-01-01", "2012-12-31"},       {"2012-02", "2012-02-01", "2012-02-29"},
      {"2012-07-15", "2012-07-15", "2012-07-15"}, {"2012/2013", "2012-01-01", "2013-12-31"},
      {"2017-11/..", "2017-11-01", ""},           {"../2017", "", "2017-12-31"},
  };
  for (const auto& [edtf, start, last] : cases) {
    std::string first, end;
    EXPECT_TRUE(EdtfBounds(edtf, &first, &end)) << edtf;
    EXPECT_EQ(first, start);
    EXPECT_EQ(end, last);
  }
  std::string first, end;
  for (const char* edtf :
       {"", "abc", "2012-13", "2012-00", "2012-04-31", "2013/2012", "../..", "2012-7", "2012/", "/2012", "20120715"}) {
    EXPECT_FALSE(EdtfBounds(edtf, &first, &end)) << edtf;
  }
}

TEST(CalendarTest, DaysGoRoundAndWeekdaysHold) {
  EXPECT_EQ(ToDays({1970, 1, 1}), 0);
  EXPECT_EQ(Weekday(ToDays({2021, 4, 11})), 6);
  EXPECT_EQ(Weekday(ToDays({1900, 1, 1})), 0);
  for (int64_t day = ToDays({1890, 1, 1}); day < ToDays({2110, 1, 1}); day += 7) {
    const CivilDate date = FromDays(day);
    ASSERT_TRUE(IsValid(date));
    ASSERT_EQ(ToDays(date), day);
  }
}

TEST(DatesTest, AnyMixtureGivesSoundMentions) {
  const std::vector<std::string> pieces = {
      "March", "2012", "15",        "-",    "–",      "and",      "to",      "between", "last", "year",
      "the",   ",",    "of",        ".",    "Monday", "31",       "1990s",   "since",   "ago",  "two",
      "week",  "/",    "following", "from", "spring", "mid-2019", "2012-13", "later",   "May",  "99"};
  std::mt19937 random(5);
  for (int round = 0; round < 5000; ++round) {
    std::string text;
    for (size_t n = random() % 14; n > 0; --n)
      text += pieces[random() % pieces.size()] + (random() % 5 == 0 ? "" : " ");
    uint32_t at = 0;
    for (const DateMention& mention : Find(text, round % 2 == 0 ? "2021-04-11" : "")) {
      ASSERT_LE(at, mention.begin) << text;
      ASSERT_LT(mention.begin, mention.end) << text;
      ASSERT_LE(mention.end, text.size());
      at = mention.end;
      std::string first, end;
      ASSERT_TRUE(EdtfBounds(mention.edtf, &first, &end)) << text << ": " << mention.edtf;
      ASSERT_EQ(first, mention.start) << text;
      ASSERT_EQ(end, mention.last) << text;
    }
  }
}

}  // namespace
}  // namespace interdict::pipeline
