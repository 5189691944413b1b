// The decision whether a text may report illicit trade, and the scanner below it.
#include "services/ingest/pipeline/relevance/relevance.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "services/ingest/pipeline/relevance/phrase_scanner.h"

namespace interdict::pipeline {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;
using Hits = std::vector<std::pair<size_t, uint32_t>>;

Hits Scan(const PhraseScanner& scanner, std::string_view text) {
  Hits hits;
  scanner.Scan(text, [&](size_t begin, uint32_t id) { hits.emplace_back(begin, id); });
  return hits;
}

TEST(PhraseScannerTest, FindsWholeWordsInAnyCase) {
  PhraseScanner scanner;
  ASSERT_TRUE(scanner.Add("guns", 1));
  EXPECT_THAT(Scan(scanner, "Guns, machineguns, gunship and GUNS"), ElementsAre(Pair(0, 1), Pair(31, 1)));
}

TEST(PhraseScannerTest, StarStandsForAnyEnding) {
  PhraseScanner scanner;
  ASSERT_TRUE(scanner.Add("smuggl*", 7));
  EXPECT_THAT(Scan(scanner, "smugglers smuggle; resmuggle"), ElementsAre(Pair(0, 7), Pair(10, 7)));
}

TEST(PhraseScannerTest, PhraseCrossesALineBreak) {
  PhraseScanner scanner;
  ASSERT_TRUE(scanner.Add("arms deal", 3));
  EXPECT_THAT(Scan(scanner, "an arms \n  deal; arms dealer"), ElementsAre(Pair(3, 3)));
}

TEST(PhraseScannerTest, LettersBeyondAsciiBelongToWords) {
  PhraseScanner scanner;
  ASSERT_TRUE(scanner.Add("caf", 1));
  EXPECT_THAT(Scan(scanner, "café caf"), ElementsAre(Pair(6, 1)));
}

TEST(PhraseScannerTest, RefusesWhatCannotMatch) {
  PhraseScanner scanner;
  EXPECT_FALSE(scanner.Add("", 1));
  EXPECT_FALSE(scanner.Add("*", 1));
  EXPECT_FALSE(scanner.Add("caché", 1));
  EXPECT_THAT(Scan(scanner, "caché"), IsEmpty());
}

class RelevanceTest : public ::testing::Test {
 protected:
  RelevanceTest() {
    for (const auto& [phrase, cue_class] :
         std::vector<std::pair<const char*, const char*>>{{"smuggl*", "trade"},
                                                          {"illegal export*", "trade"},
                                                          {"seized", "response"},
                                                          {"arrested", "response"},
                                                          {"customs", "force"},
                                                          {"rifles", "goods"},
                                                          {"cargo", "goods"},
                                                          {"pct", "market"},
                                                          {"shares", "market"},
                                                          {"dividend", "market"},
                                                          {"bill", "policy"},
                                                          {"clause", "policy"},
                                                          {"amendment", "policy"},
                                                          {"debate", "policy"},
                                                          {"i believe", "opinion"}})
      EXPECT_TRUE(relevance_.Add(phrase, cue_class)) << phrase;
  }
  Relevance relevance_;
};

TEST_F(RelevanceTest, SeizureByCustomsMayReport) {
  EXPECT_TRUE(relevance_.MayReport("Customs officers seized forty rifles at the port."));
}

TEST_F(RelevanceTest, MarketNewsWithCargoDoesNot) {
  EXPECT_FALSE(relevance_.MayReport("Customs cleared the cargo. Shares rose two pct and the dividend was raised."));
}

TEST_F(RelevanceTest, GoodsWithoutWrongOrAuthorityDoNot) {
  EXPECT_DOUBLE_EQ(relevance_.Score("The cargo of rifles was seized with enthusiasm by collectors who arrested time."),
                   0);
}

TEST_F(RelevanceTest, TalkAboutALawDoesNotHoweverOftenItNamesTheTrade) {
  EXPECT_DOUBLE_EQ(
      relevance_.Score(
          "I believe the bill, its clause on smuggling, the amendment and the debate about smuggled rifles "
          "and customs matter."),
      0);
}

TEST_F(RelevanceTest, ComingBackToTheTradeCounts) {
  const std::string once = "Illegal exports were alleged. Shares fell.";
  const std::string again = once + " The illegal exports and the illegal export of lathes go on.";
  EXPECT_GT(relevance_.Score(again), relevance_.Score(once) + 1);
}

TEST_F(RelevanceTest, AReportInsideALongTextCounts) {
  const std::string padding(20000, 'x');
  std::string text;
  for (int i = 0; i < 200; ++i) text += "The shares rose three pct and the dividend followed in the end. ";
  EXPECT_FALSE(relevance_.MayReport(text));
  const std::string with =
      text.substr(0, 6000) + padding + " Customs seized smuggled rifles and arrested two. " + padding + text;
  EXPECT_TRUE(relevance_.MayReport(with));
}

TEST_F(RelevanceTest, UnknownClassIsRefused) { EXPECT_FALSE(relevance_.Add("boat", "vessel")); }

TEST(EmptyRelevanceTest, WithoutCuesThereIsNoVerdict) { EXPECT_TRUE(Relevance().MayReport("Anything at all.")); }

}  // namespace
}  // namespace interdict::pipeline
