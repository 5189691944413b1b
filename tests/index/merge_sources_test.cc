#include "services/index/fold/merge_sources.h"

#include "gmock/gmock.h"
#include "tests/index/merge_fixture.h"

namespace interdict::index {
namespace {

using ::testing::ElementsAre;

constexpr char kStory[] =
    "Customs officers at the river port found rifles under sacks of rice on Friday, the regional director said. The "
    "lorry had come from the north with papers for grain. Its driver, who is held, told officers that he had been paid "
    "by a man whom he met in a tea house. Forty two rifles and nine boxes of cartridges were counted by the evening.";

TEST(MergeSourcesTest, TheLastOfTheChainOfAttributionIsTheOrigin) {
  EXPECT_THAT(
      FindOrigins(
          {ParseReport(
               R"(source { document: "1" publisher: "P" attribution_chain: "NK News" attribution_chain: "Deník N" })"),
           ParseReport(R"(source { document: "2" publisher: "DENIK N" })"),
           ParseReport(R"(source { document: "3" publisher: "Reuters" })"),
           ParseReport(R"(source { document: "4" })")}),
      ElementsAre(1, 1, 2, 3));
}

TEST(MergeSourcesTest, NamesOfOutletsAreComparedWithoutArticleAndHost) {
  EXPECT_THAT(FindOrigins({ParseReport(R"(source { document: "1" publisher: "The Daily Herald" })"),
                           ParseReport(R"(source { document: "2" publisher: "daily herald" })"),
                           ParseReport(R"(source { document: "3" publisher: "Reuters" })"),
                           ParseReport(R"(source { document: "4" url: "https://www.reuters.com/world/1" })"),
                           ParseReport(R"(source { document: "5" url: "https://news.example.co.uk/1" })")}),
              ElementsAre(1, 1, 2, 2, 3));
}

TEST(MergeSourcesTest, RepublishedTextsAreOneOriginEvenWithAnotherHeadAndFoot) {
  auto first = MakeReport("1", "", "");
  first.set_text(kStory);
  auto copy = MakeReport("2", "", "");
  copy.set_text(std::string("Rifles in the rice. By our staff, with material from agencies.\n\n") + kStory +
                "\n\nSubscribe to our letter for more from the region every morning.");
  auto other = MakeReport("3", "", "");
  other.set_text(
      "A lorry from the north was stopped at the river port with weapons aboard. The customs service counted forty two "
      "rifles hidden in a load of rice, and took the driver into custody. It is the third such find of the year, after "
      "two in spring that led to convictions of members of a transport firm from the capital in the summer.");
  EXPECT_THAT(FindOrigins({first, copy, other}), ElementsAre(1, 1, 2));
}

TEST(MergeSourcesTest, ShortTextsAreNeverCopies) {
  auto first = MakeReport("1", "", "");
  first.set_text("Rifles found in rice at the port.");
  auto second = MakeReport("2", "", "");
  second.set_text("Rifles found in rice at the port.");
  EXPECT_EQ(CountOrigins({first, second}), 2u);
}

TEST(MergeSourcesTest, AReportThatOnlyRepeatsAnotherIsOfItsOrigin) {
  const std::string cites =
      "claims { claimant: \"Publisher 2\" stance: STANCE_ASSERTS attributed_to: \"Publisher 1\" }";
  EXPECT_EQ(CountOrigins({MakeReport("1", "", ""), MakeReport("2", "", cites)}), 1u);
  const std::string more = cites + " claims { claimant: \"Publisher 2\" stance: STANCE_ASSERTS }";
  EXPECT_EQ(CountOrigins({MakeReport("1", "", ""), MakeReport("2", "", more)}), 2u);
}

TEST(MergeSourcesTest, SourcesSayTheirOriginAndKeepTheirOrder) {
  const v1::Incident merged =
      MergeReports({MakeReport("b", "2020", ""), MakeReport("a", "2019", ""), MakeReport("b", "2021", "")});
  ASSERT_EQ(merged.sources_size(), 3);
  EXPECT_EQ(merged.sources(0).document(), "documents/b");
  EXPECT_EQ(merged.sources(1).document(), "documents/a");
  EXPECT_EQ(merged.sources(0).origin(), 1u);
  EXPECT_EQ(merged.sources(1).origin(), 2u);
  EXPECT_EQ(merged.sources(2).origin(), 1u);
  EXPECT_EQ(merged.facts().verification().independent_sources(), 2u);
}

}  // namespace
}  // namespace interdict::index
