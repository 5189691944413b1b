#include "gmock/gmock.h"
#include "services/index/fold/merge_reports.h"
#include "tests/index/merge_fixture.h"

namespace interdict::index {
namespace {

TEST(MergeTest, OneReportCarriesOverAsItIs) {
  const internal::v1::StoredReport report = ParseReport(R"(
    report { facts { title: "A" parties { name: "X" role: PARTY_ROLE_SUSPECT } parties { name: "X" role: PARTY_ROLE_SUSPECT }
                     occurred { edtf: "2012" } goods { description: "coal" quantities { value: 3 unit: "t" } }
                     claims { claimant: "X" stance: STANCE_ASSERTS paths: "goods[0]" }
                     verification { status: VERIFICATION_STATUS_ALLEGED derivation: DERIVATION_INFERRED } } }
    source { document: "documents/1" publisher: "Daily" })");
  v1::Incident merged = MergeReports({report});
  EXPECT_EQ(merged.facts().verification().independent_sources(), 1u);
  v1::IncidentFacts but_grades = merged.facts();
  *but_grades.mutable_verification() = report.report().facts().verification();
  EXPECT_EQ(but_grades.SerializeAsString(), report.report().facts().SerializeAsString());
  EXPECT_EQ(merged.sources_size(), 1);
}

TEST(MergeTest, SameValuesBecomeOneWithTheEvidenceOfAll) {
  const v1::IncidentFacts merged =
      MergeFacts({MakeReport("1", "",
                             "places { role: PLACE_ROLE_ORIGIN country_code: \"CZ\" confidence: 0.5 " +
                                 Span("1", 1, "Prague") + " }"),
                  MakeReport("2", "",
                             "places { role: PLACE_ROLE_ORIGIN country_code: \"CZ\" confidence: 0.8 " +
                                 Span("2", 3, "Czech") + " }")});
  ASSERT_EQ(merged.places_size(), 1);
  EXPECT_EQ(merged.places(0).evidence_size(), 2);
  EXPECT_FLOAT_EQ(merged.places(0).confidence(), 0.8F);
}

TEST(MergeTest, TitleAndSummaryAreOfTheMostSpecificReport) {
  const v1::IncidentFacts merged = MergeFacts(
      {MakeReport("1", "2020-01-01", "title: \"Something happened\" summary: \"Vague.\""),
       MakeReport("2", "2020-01-02",
                  "title: \"Ship held with coal\" goods { description: \"coal\" } occurred { edtf: \"2020-01-01\" } "
                  "field_evidence { path: \"title\" " +
                      Span("2", 0, "Ship held") + " }")});
  EXPECT_EQ(merged.title(), "Ship held with coal");
  EXPECT_EQ(merged.summary(), "Vague.");
  ASSERT_EQ(merged.field_evidence_size(), 1);
  EXPECT_EQ(merged.field_evidence(0).evidence(0).document(), "documents/2");
}

TEST(MergeTest, OfEquallySpecificReportsTheBestGradedThenTheEarliestGivesTheTitle) {
  const auto first = MakeReport("1", "2020-01-01", "title: \"First\"");
  const auto second = MakeReport("2", "2020-01-02", "title: \"Second\"");
  EXPECT_EQ(MergeFacts({second, first}).title(), "First");
  EXPECT_EQ(MergeFacts({Graded(first, v1::RELIABILITY_C), Graded(second, v1::RELIABILITY_A)}).title(), "Second");
}

TEST(MergeTest, AToldOutcomeIsTheStageAndTheOtherStandsBesideIt) {
  const v1::IncidentFacts merged = MergeFacts(
      {MakeReport("1", "", "stage: STAGE_UNKNOWN"), MakeReport("2", "", "stage: STAGE_ATTEMPTED"),
       MakeReport("3", "", "stage: STAGE_COMPLETED field_evidence { path: \"stage\" " + Span("3", 1, "sold") + " }"),
       MakeReport("4", "", "stage: STAGE_FOILED field_evidence { path: \"stage\" " + Span("4", 1, "held") + " }"),
       MakeReport("5", "", "stage: STAGE_FOILED field_evidence { path: \"stage\" " + Span("5", 1, "held") + " }")});
  EXPECT_EQ(merged.stage(), v1::STAGE_FOILED);
  ASSERT_EQ(merged.field_evidence_size(), 1);
  EXPECT_EQ(merged.field_evidence(0).evidence_size(), 2);
  ASSERT_EQ(merged.field_evidence(0).alternatives_size(), 1);
  EXPECT_EQ(merged.field_evidence(0).alternatives(0).value(), "STAGE_COMPLETED");
  EXPECT_EQ(merged.field_evidence(0).alternatives(0).evidence(0).document(), "documents/3");
}

TEST(MergeTest, OffencesAndLawsAreUnited) {
  const v1::IncidentFacts merged = MergeFacts(
      {MakeReport("1", "", "offences { offence: OFFENCE_ARMS_TRAFFICKING } legal_basis { instrument: \"UNSCR 1718\" }"),
       MakeReport("2", "",
                  "offences { offence: OFFENCE_ARMS_TRAFFICKING } offences { offence: OFFENCE_SANCTIONS_EVASION } "
                  "legal_basis { instrument: \"unscr 1718\" provision: \"paragraph 8\" } "
                  "legal_basis { instrument: \"unscr 1718\" provision: \"paragraph 9\" }")});
  EXPECT_EQ(merged.offences_size(), 2);
  ASSERT_EQ(merged.legal_basis_size(), 2);
  EXPECT_EQ(merged.legal_basis(0).provision(), "paragraph 8");
  EXPECT_EQ(merged.legal_basis(1).provision(), "paragraph 9");
}

}  // namespace
}  // namespace interdict::index
