#include "gmock/gmock.h"
#include "tests/index/merge_fixture.h"

namespace interdict::index {
namespace {

using ::testing::ElementsAre;

std::string ActionText(const std::string& type, const std::string& date = "",
                       const std::string& more = "status: ACTION_STATUS_DONE") {
  return "actions { type: ACTION_TYPE_" + type + " date: \"" + date + "\" " + more + " }";
}

std::vector<std::string> Timeline(const std::vector<std::string>& facts) {
  std::vector<internal::v1::StoredReport> reports;
  for (const std::string& text : facts) reports.push_back(MakeReport(std::to_string(reports.size()), "", text));
  std::vector<std::string> types;
  const v1::IncidentFacts merged = MergeFacts(reports);
  for (const v1::Action& action : merged.actions()) types.push_back(v1::ActionType_Name(action.type()).substr(12));
  return types;
}

TEST(MergeTimelineTest, ActionsAreInOrderOfTime) {
  EXPECT_THAT(Timeline({ActionText("SENTENCE", "2021-03") + ActionText("SEIZURE", "2019-05-16"),
                        ActionText("CHARGE", "2019-06") + ActionText("PLEA", "2020-11-02") +
                            ActionText("ARREST", "2019-05-16")}),
              ElementsAre("SEIZURE", "ARREST", "CHARGE", "PLEA", "SENTENCE"));
}

TEST(MergeTimelineTest, AnUndatedActionStandsBehindTheLastThatItMustFollow) {
  EXPECT_THAT(Timeline({ActionText("CHARGE") + ActionText("SEIZURE", "2019") + ActionText("SENTENCE", "2021")}),
              ElementsAre("SEIZURE", "CHARGE", "SENTENCE"));
  EXPECT_THAT(Timeline({ActionText("ACQUITTAL") + ActionText("ARREST") + ActionText("CHARGE", "2020")}),
              ElementsAre("ARREST", "CHARGE", "ACQUITTAL"));
  EXPECT_THAT(Timeline({ActionText("DELISTING") + ActionText("DESIGNATION")}), ElementsAre("DESIGNATION", "DELISTING"));
}

TEST(MergeTimelineTest, ActionsOfOneTypeAuthorityDateAndTargetAreOneAndGapsAreFilled) {
  const v1::IncidentFacts merged =
      MergeFacts({MakeReport("1", "",
                             ActionText("ARREST", "2019-05",
                                        "status: ACTION_STATUS_DONE authority: \"police\" " + Span("1", 1, "held"))),
                  MakeReport("2", "",
                             ActionText("ARREST", "2019-05-16",
                                        "status: ACTION_STATUS_DONE target: \"pilot\" " + Span("2", 1, "held")))});
  ASSERT_EQ(merged.actions_size(), 1);
  EXPECT_EQ(merged.actions(0).authority(), "police");
  EXPECT_EQ(merged.actions(0).target(), "pilot");
  EXPECT_EQ(merged.actions(0).date(), "2019-05-16");
  EXPECT_EQ(merged.actions(0).evidence_size(), 2);
}

TEST(MergeTimelineTest, AnotherDateTargetPlaceOrStatusIsAnotherAction) {
  EXPECT_EQ(Timeline({ActionText("ARREST", "2019-05-16"), ActionText("ARREST", "2019-05-18")}).size(), 2u);
  EXPECT_EQ(Timeline({ActionText("ARREST", "", "target: \"a\""), ActionText("ARREST", "", "target: \"b\"")}).size(),
            2u);
  EXPECT_EQ(
      Timeline({ActionText("ARREST", "", "country_code: \"TZ\""), ActionText("ARREST", "", "country_code: \"KE\"")})
          .size(),
      2u);
  EXPECT_EQ(
      Timeline({ActionText("EXTRADITION", "", "status: ACTION_STATUS_REQUESTED"), ActionText("EXTRADITION")}).size(),
      2u);
}

TEST(MergeTimelineTest, TargetsAreComparedAsMergedParties) {
  const auto arrested = [](const std::string& name) {
    return "parties { name: \"" + name +
           "\" named: true kind: PARTY_KIND_PERSON role: PARTY_ROLE_SUSPECT } actions { type: ACTION_TYPE_ARREST "
           "target: \"" +
           name + "\" }";
  };
  const v1::IncidentFacts merged =
      MergeFacts({MakeReport("1", "", arrested("KIM, Chol-nam")), MakeReport("2", "", arrested("Kim Chol Nam")),
                  MakeReport("3", "", arrested("Kim Su Il"))});
  ASSERT_EQ(merged.actions_size(), 2);
  EXPECT_EQ(merged.actions(0).target(), merged.parties(0).name());
}

}  // namespace
}  // namespace interdict::index
