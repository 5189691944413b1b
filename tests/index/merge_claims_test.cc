#include "gmock/gmock.h"
#include "tests/index/merge_fixture.h"

namespace interdict::index {
namespace {

using ::testing::ElementsAre;

TEST(MergeClaimsTest, PathsFollowTheirValues) {
  const v1::IncidentFacts merged =
      MergeFacts({MakeReport("1", "", "goods { description: \"coal\" } goods { description: \"iron\" }"),
                  MakeReport("2", "", R"(goods { description: "gold" } goods { description: "coal" }
                      claims { claimant: "BIS" stance: STANCE_CONFIRMS paths: "goods[0]" paths: "goods[1]" paths: "stage" })")});
  ASSERT_EQ(merged.goods_size(), 3);
  EXPECT_THAT(merged.claims(0).paths(), ElementsAre("goods[2]", "goods[0]", "stage"));
}

TEST(MergeClaimsTest, PathsFollowActionsIntoTheTimeline) {
  const v1::IncidentFacts merged = MergeFacts({MakeReport("1", "", R"(
      actions { type: ACTION_TYPE_CHARGE date: "2020" } actions { type: ACTION_TYPE_SEIZURE date: "2019" }
      claims { claimant: "X" stance: STANCE_ASSERTS paths: "actions[0]" })")});
  EXPECT_EQ(merged.actions(1).type(), v1::ACTION_TYPE_CHARGE);
  EXPECT_THAT(merged.claims(0).paths(), ElementsAre("actions[1]"));
}

TEST(MergeClaimsTest, TheSameClaimIsOneWithTheEvidenceOfAll) {
  const std::string claim =
      "goods { description: \"coal\" } claims { claimant: \"BIS\" stance: STANCE_CONFIRMS paths: \"goods[0]\" ";
  const v1::IncidentFacts merged = MergeFacts({MakeReport("1", "", claim + Span("1", 1, "yes") + " }"),
                                               MakeReport("2", "", claim + Span("2", 1, "yes") + " }")});
  ASSERT_EQ(merged.claims_size(), 1);
  EXPECT_EQ(merged.claims(0).evidence_size(), 2);
}

TEST(MergeClaimsTest, ClaimsOfAnotherStanceStandSideBySide) {
  const v1::IncidentFacts merged =
      MergeFacts({MakeReport("1", "", "claims { claimant: \"BIS\" stance: STANCE_CONFIRMS }"),
                  MakeReport("2", "", "claims { claimant: \"BIS\" stance: STANCE_DENIES }")});
  EXPECT_EQ(merged.claims_size(), 2);
}

TEST(MergeClaimsTest, AClaimAboutAClaimFollowsIt) {
  const v1::IncidentFacts merged =
      MergeFacts({MakeReport("1", "2020-01-01", "claims { claimant: \"A\" stance: STANCE_ASSERTS }"),
                  MakeReport("2", "2020-01-02", R"(claims { claimant: "B" stance: STANCE_ASSERTS }
                      claims { claimant: "C" stance: STANCE_DENIES paths: "claims[0]" })")});
  ASSERT_EQ(merged.claims_size(), 3);
  EXPECT_THAT(merged.claims(2).paths(), ElementsAre("claims[1]"));
}

TEST(MergeClaimsTest, APathThatLeadsNowhereSpeaksOfTheList) {
  const v1::IncidentFacts merged = MergeFacts(
      {MakeReport("1", "", "goods { description: \"coal\" }"),
       MakeReport("2", "", R"(claims { claimant: "B" stance: STANCE_ASSERTS paths: "goods[0]" paths: "goods[x]"
                                                  paths: "goods[99999999999999]" paths: "[" })")});
  EXPECT_THAT(merged.claims(0).paths(), ElementsAre("goods", "["));
}

TEST(MergeClaimsTest, ClaimantsAreNamedAsThePartiesOfTheRecord) {
  const v1::IncidentFacts merged = MergeFacts(
      {MakeReport("1", "",
                  R"(parties { name: "KIM, Chol-nam" named: true kind: PARTY_KIND_PERSON role: PARTY_ROLE_SUSPECT }
           claims { claimant: "KIM, Chol-nam" stance: STANCE_DENIES })"),
       MakeReport("2", "",
                  R"(parties { name: "Kim Chol Nam" named: true kind: PARTY_KIND_PERSON role: PARTY_ROLE_SUSPECT }
           claims { claimant: "Kim Chol Nam" stance: STANCE_DENIES })")});
  ASSERT_EQ(merged.parties_size(), 1);
  ASSERT_EQ(merged.claims_size(), 1);
  EXPECT_EQ(merged.claims(0).claimant(), merged.parties(0).name());
}

}  // namespace
}  // namespace interdict::index
