#include "gmock/gmock.h"
#include "tests/index/merge_fixture.h"

namespace interdict::index {
namespace {

constexpr char kPolice[] =
    "parties { name: \"Police\" named: true kind: PARTY_KIND_ORGANIZATION role: PARTY_ROLE_AUTHORITY } ";
constexpr char kMinistry[] =
    "parties { name: \"Ministry\" named: true kind: PARTY_KIND_ORGANIZATION role: PARTY_ROLE_AUTHORITY } ";
constexpr char kAccused[] =
    "parties { name: \"Jan Novak\" named: true kind: PARTY_KIND_PERSON role: PARTY_ROLE_SUSPECT } ";
constexpr char kAlleged[] = "verification { status: VERIFICATION_STATUS_ALLEGED confidence: 0.6 } ";

std::string Says(const std::string& claimant, const std::string& stance) {
  return "claims { claimant: \"" + claimant + "\" stance: STANCE_" + stance + " " + Span(claimant, 3, stance) + " } ";
}

v1::Verification Verified(const std::vector<std::string>& facts) {
  std::vector<internal::v1::StoredReport> reports;
  for (const std::string& text : facts) reports.push_back(MakeReport(std::to_string(reports.size()), "", text));
  return MergeFacts(reports).verification();
}

const std::string kConviction =
    "actions { type: ACTION_TYPE_CONVICTION status: ACTION_STATUS_DONE date: \"2020\" target: \"Jan Novak\" } ";

TEST(MergeVerificationTest, AnAccusedsDenialDoesNotMakeACourtsFindingDisputed) {
  EXPECT_EQ(Verified({kAlleged + kConviction, kAccused + Says("Jan Novak", "DENIES")}).status(),
            v1::VERIFICATION_STATUS_CONFIRMED);
}

TEST(MergeVerificationTest, ACourtsFindingThatWasUndoneConfirmsNothing) {
  const std::string overturned =
      "actions { type: ACTION_TYPE_OVERTURNED status: ACTION_STATUS_DONE date: \"2021\" target: \"Jan Novak\" } ";
  EXPECT_EQ(Verified({kAlleged + kConviction, overturned}).status(), v1::VERIFICATION_STATUS_DISPUTED);
  const std::string of_another =
      "actions { type: ACTION_TYPE_ACQUITTAL status: ACTION_STATUS_DONE date: \"2021\" target: \"Eva Nova\" } ";
  EXPECT_EQ(Verified({kAlleged + kConviction, of_another}).status(), v1::VERIFICATION_STATUS_CONFIRMED);
}

TEST(MergeVerificationTest, ADenialByAPartyWithKnowledgeMakesAnAllegationDisputed) {
  EXPECT_EQ(Verified({kAlleged, kAccused + Says("Jan Novak", "DENIES")}).status(), v1::VERIFICATION_STATUS_DISPUTED);
  EXPECT_EQ(Verified({kAlleged, kMinistry + Says("Ministry", "DENIES")}).status(), v1::VERIFICATION_STATUS_DISPUTED);
}

TEST(MergeVerificationTest, ADenialByOneWithoutKnowledgeDoesNot) {
  EXPECT_EQ(Verified({kAlleged, Says("A passer-by", "DENIES")}).status(), v1::VERIFICATION_STATUS_ALLEGED);
}

TEST(MergeVerificationTest, AnAuthorityConfirms) {
  const v1::Verification merged = Verified({kAlleged, kPolice + Says("Police", "CONFIRMS")});
  EXPECT_EQ(merged.status(), v1::VERIFICATION_STATUS_CONFIRMED);
  EXPECT_EQ(merged.evidence(0).quote(), "CONFIRMS");
  EXPECT_EQ(merged.alternatives(0).value(), "VERIFICATION_STATUS_ALLEGED");
}

TEST(MergeVerificationTest, AnAccusedsDenialDoesNotOutweighAnAuthority) {
  EXPECT_EQ(Verified({kPolice + Says("Police", "CONFIRMS"), kAccused + Says("Jan Novak", "DENIES")}).status(),
            v1::VERIFICATION_STATUS_CONFIRMED);
}

TEST(MergeVerificationTest, TwoAuthoritiesThatContradictEachOtherMakeItDisputed) {
  EXPECT_EQ(Verified({kPolice + Says("Police", "CONFIRMS"), kMinistry + Says("Ministry", "DENIES")}).status(),
            v1::VERIFICATION_STATUS_DISPUTED);
  EXPECT_EQ(Verified({kPolice + Says("Police", "PARTIALLY_CONFIRMS"), kMinistry + Says("Ministry", "DENIES")}).status(),
            v1::VERIFICATION_STATUS_DISPUTED);
}

TEST(MergeVerificationTest, AnAuthorityConfirmsAPart) {
  EXPECT_EQ(Verified({kAlleged, kPolice + Says("Police", "PARTIALLY_CONFIRMS")}).status(),
            v1::VERIFICATION_STATUS_PARTIALLY_CONFIRMED);
}

TEST(MergeVerificationTest, AnAllegationStandsBeforeAFailedCheckWhichStaysBeside) {
  const v1::Verification merged =
      Verified({"verification { status: VERIFICATION_STATUS_UNVERIFIED confidence: 0.4 }", kAlleged});
  EXPECT_EQ(merged.status(), v1::VERIFICATION_STATUS_ALLEGED);
  EXPECT_FLOAT_EQ(merged.confidence(), 0.6F);
  EXPECT_EQ(merged.alternatives(0).value(), "VERIFICATION_STATUS_UNVERIFIED");
  EXPECT_EQ(Verified({Says("Daily", "COULD_NOT_VERIFY")}).status(), v1::VERIFICATION_STATUS_UNVERIFIED);
}

TEST(MergeVerificationTest, IndependentOriginsRaiseCredibilityAndCopiesDoNot) {
  EXPECT_EQ(Verified({kAlleged}).credibility(), v1::CREDIBILITY_3);
  EXPECT_EQ(Verified({kAlleged, kAlleged}).credibility(), v1::CREDIBILITY_2);
  EXPECT_EQ(Verified({kConviction}).credibility(), v1::CREDIBILITY_2);
  EXPECT_EQ(Verified({kConviction, kConviction}).credibility(), v1::CREDIBILITY_1);
  auto copy = MakeReport("2", "", kAlleged);
  copy.mutable_source()->set_publisher("Publisher 1");
  const v1::Verification merged = MergeFacts({MakeReport("1", "", kAlleged), copy}).verification();
  EXPECT_EQ(merged.credibility(), v1::CREDIBILITY_3);
  EXPECT_EQ(merged.independent_sources(), 1u);
}

TEST(MergeVerificationTest, CredibilityOfDoubt) {
  EXPECT_EQ(Verified({"verification { status: VERIFICATION_STATUS_DISPUTED }"}).credibility(), v1::CREDIBILITY_4);
  EXPECT_EQ(Verified({"verification { status: VERIFICATION_STATUS_UNVERIFIED }"}).credibility(), v1::CREDIBILITY_6);
  EXPECT_EQ(Verified({""}).credibility(), v1::CREDIBILITY_6);
}

TEST(MergeVerificationTest, ReliabilityIsTheGradeOfTheBestSource) {
  const auto graded = [](v1::Reliability grade) {
    return Graded(MakeReport(std::to_string(grade), "", kAlleged), grade);
  };
  EXPECT_EQ(MergeFacts({graded(v1::RELIABILITY_D), graded(v1::RELIABILITY_B)}).verification().reliability(),
            v1::RELIABILITY_B);
  EXPECT_EQ(MergeFacts({MakeReport("1", "", kAlleged)}).verification().reliability(), v1::RELIABILITY_F);
}

TEST(MergeVerificationTest, PoorSourcesLowerCredibility) {
  const auto graded = [](v1::Reliability grade) {
    return Graded(MakeReport(std::to_string(grade), "", kAlleged), grade);
  };
  EXPECT_EQ(MergeFacts({graded(v1::RELIABILITY_E)}).verification().credibility(), v1::CREDIBILITY_4);
  EXPECT_EQ(MergeFacts({graded(v1::RELIABILITY_E), graded(v1::RELIABILITY_D)}).verification().credibility(),
            v1::CREDIBILITY_3);
  EXPECT_EQ(MergeFacts({graded(v1::RELIABILITY_E), graded(v1::RELIABILITY_C)}).verification().credibility(),
            v1::CREDIBILITY_2);
}

}  // namespace
}  // namespace interdict::index
