#include "services/index/engine/analyzer.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace interdict::index {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(AnalyzerTest, LowersCaseAndDropsDiacritics) {
  EXPECT_THAT(Analyze("Ladislav Šticha, ŁÓDŹ; Straße"), ElementsAre("ladislav", "sticha", "lodz", "strasse"));
}

TEST(AnalyzerTest, ComposedAndDecomposedLettersAreTheSameWord) {
  EXPECT_EQ(Analyze("caf\xC3\xA9"), Analyze("cafe\xCC\x81"));
}

TEST(AnalyzerTest, SplitsAtWhatIsNeitherLetterNorDigit) {
  EXPECT_THAT(Analyze("T-54/T-55, 11,200"), ElementsAre("t", "54", "t", "55", "11", "200"));
}

TEST(AnalyzerTest, IdeographsAreWordsOfOneCharacter) { EXPECT_THAT(Analyze("朝鲜 x"), ElementsAre("朝", "鲜", "x")); }

TEST(AnalyzerTest, BytesThatAreNotUtf8Separate) { EXPECT_THAT(Analyze("a\xFFz"), ElementsAre("a", "z")); }

TEST(AnalyzerTest, OnlySeparatorsGiveNoWord) { EXPECT_THAT(Analyze(" -- \xCC\x81 …"), IsEmpty()); }

TEST(AnalyzerTest, LongWordsAreCutAtACharacter) {
  std::string cyrillic;
  for (int i = 0; i < 100; ++i) cyrillic += "ж";
  const auto words = Analyze("x" + cyrillic);
  ASSERT_EQ(words.size(), 1u);
  EXPECT_EQ(words[0].size(), 63u);
}

TEST(AnalyzerTest, StopsAfterTheGivenNumberOfWords) { EXPECT_THAT(Analyze("a b c d", 2), ElementsAre("a", "b")); }

}  // namespace
}  // namespace interdict::index
