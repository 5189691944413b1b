// Counts, measures and money; and the numbers that are none of them.
#include "services/ingest/pipeline/normalise/quantities.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace interdict::pipeline {
namespace {

Page PageOf(const std::string& text) {
  Page page;
  page.text = text;
  page.blocks.push_back({BlockKind::kParagraph, 0, text.size()});
  return page;
}

std::vector<QuantityMention> Find(const std::string& text) {
  const Page page = PageOf(text);
  return FindQuantities(page, Tokenize(page));
}

struct QuantityCase {
  const char* text;
  double value;
  const char* unit;
  const char* currency;
  bool approximate;
  const char* span;
};

TEST(QuantitiesTest, CountsMeasuresAndMoney) {
  const QuantityCase cases[] = {
      {"with 11,200 rounds of", 11200, "", "", false, "11,200"},
      {"about two tonnes of", 2, "t", "", true, "two tonnes"},
      {"worth €2.6 million.", 2.6e6, "", "EUR", false, "€2.6 million"},
      {"worth €1,2 million.", 1.2e6, "", "EUR", false, "€1,2 million"},
      {"1.5m cigarettes", 1.5e6, "", "", false, "1.5m"},
      {"more than two dozen rifles", 24, "", "", true, "two dozen"},
      {"half a tonne of", 0.5, "t", "", false, "half a tonne"},
      {"108.6 kg of gold", 108.6, "kg", "", false, "108.6 kg"},
      {"1/2 tonne of onions", 0.5, "t", "", false, "1/2 tonne"},
      {"about 2 1/2 tonnes of", 2.5, "t", "", true, "2 1/2 tonnes"},
      {"worth $1 3/4 million", 1.75e6, "", "USD", false, "$1 3/4 million"},
      {"a 500kg load", 500, "kg", "", false, "500kg"},
      {"a 40-foot container", 12.192, "m", "", false, "40-foot"},
      {"for US$4.7 million in", 4.7e6, "", "USD", false, "US$4.7 million"},
      {"for $61,750, which", 61750, "", "USD", false, "$61,750"},
      {"bail of 50 million Kenyan shillings was", 50e6, "", "KES", false, "50 million Kenyan shillings"},
      {"paid 300 euros", 300, "", "EUR", false, "300 euros"},
      {"paid USD 2.5 million", 2.5e6, "", "USD", false, "USD 2.5 million"},
      {"paid 418,000 EUR", 418000, "", "EUR", false, "418,000 EUR"},
      {"up to 1 200 000 pieces", 1.2e6, "", "", true, "1 200 000"},
      {"twenty-five men", 25, "", "", false, "twenty-five"},
      {"two hundred and fifty boxes", 250, "", "", false, "two hundred and fifty"},
      {"a hundred thousand pills", 100000, "", "", false, "a hundred thousand"},
      {"some 70 assault rifles", 70, "", "", true, "70"},
      {"10 to 20 crates", 20, "", "", true, "10 to 20"},
      {"250 grams of", 0.25, "kg", "", false, "250 grams"},
      {"$2.6-million deal", 2.6e6, "", "USD", false, "$2.6-million"},
      {"seven rifles", 7, "", "", false, "seven"},
  };
  for (const QuantityCase& test : cases) {
    const std::vector<QuantityMention> found = Find(test.text);
    ASSERT_EQ(found.size(), 1u) << test.text;
    EXPECT_NEAR(found[0].value, test.value, 1e-6 * test.value) << test.text;
    EXPECT_EQ(found[0].unit, test.unit) << test.text;
    EXPECT_EQ(found[0].currency_code, test.currency) << test.text;
    EXPECT_EQ(found[0].approximate, test.approximate) << test.text;
    EXPECT_EQ(std::string(test.text).substr(found[0].begin, found[0].end - found[0].begin), test.span) << test.text;
  }
}

TEST(QuantitiesTest, NumbersThatAreNone) {
  for (const char* text : {"parts for T-54 and T-55 tanks",
                           "on 15 July 2012",
                           "in 2012 and 2013",
                           "Resolution 1718 of",
                           "No. 12 of",
                           "18 U.S.C. § 554",
                           "at 21:50",
                           "a 61-year-old man",
                           "ECCN 6A005",
                           "the 15th of",
                           "AK-47s",
                           "the 1990s",
                           "dozens of men",
                           "thousands of rounds",
                           "Smith, 47, said",
                           "S/2021/123",
                           "IMO 9123456",
                           "category 3",
                           "3/4 of the load",
                           "open 24/7"}) {
    for (const QuantityMention& mention : Find(text)) ADD_FAILURE() << text << ": " << mention.value;
  }
}

TEST(QuantitiesTest, AnyMixtureGivesSoundMentions) {
  const std::vector<std::string> pieces = {"12",      "1,200",
                                           "$",       "US",
                                           "million", "two",
                                           "and",     "hundred",
                                           "half",    "a",
                                           "kg",      "-",
                                           "to",      "€",
                                           "m",       ".",
                                           ",",       "dozen",
                                           "euros",   "T-54",
                                           "1.2.3",   "99999999999999999999999999",
                                           "1,2,3",   "/",
                                           "of",      "twenty-one",
                                           "EUR"};
  std::mt19937 random(3);
  for (int round = 0; round < 5000; ++round) {
    std::string text;
    for (size_t n = random() % 14; n > 0; --n)
      text += pieces[random() % pieces.size()] + (random() % 4 == 0 ? "" : " ");
    uint32_t at = 0;
    for (const QuantityMention& mention : Find(text)) {
      ASSERT_LE(at, mention.begin) << text;
      ASSERT_LT(mention.begin, mention.end) << text;
      ASSERT_LE(mention.end, text.size()) << text;
      ASSERT_LT(mention.first_token, mention.end_token) << text;
      ASSERT_TRUE(std::isfinite(mention.value)) << text;
      at = mention.end;
    }
  }
}

}  // namespace
}  // namespace interdict::pipeline
