#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "services/index/fold/merge_reports.h"

namespace interdict::index {
namespace {

using internal::v1::StoredReport;

StoredReport Parse(const std::string& text) {
  StoredReport report;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &report)) << text;
  return report;
}

TEST(MergeTest, OneReportCarriesOverAsItIs) {
  const StoredReport report = Parse(R"(
    report { facts { title: "A" parties { name: "X" role: PARTY_ROLE_SUSPECT } parties { name: "X" role: PARTY_ROLE_SUSPECT }
                     verification { status: VERIFICATION_STATUS_ALLEGED independent_sources: 1 } } }
    source { document: "documents/1" publisher: "Daily" })");
  const v1::Incident merged = MergeReports({report});
  EXPECT_EQ(merged.facts().SerializeAsString(), report.report().facts().SerializeAsString());
  EXPECT_EQ(merged.sources_size(), 1);
}

TEST(MergeTest, SameValuesBecomeOneWithTheEvidenceOfAll) {
  const v1::Incident merged =
      MergeReports({Parse(R"(report { facts { places { role: PLACE_ROLE_ORIGIN country_code: "CZ" confidence: 0.5
                                          evidence { begin_byte: 1 end_byte: 2 } } } })"),
                    Parse(R"(report { facts { places { role: PLACE_ROLE_ORIGIN country_code: "CZ" confidence: 0.8
                                          evidence { begin_byte: 3 end_byte: 4 } } } })")});
  ASSERT_EQ(merged.facts().places_size(), 1);
  EXPECT_EQ(merged.facts().places(0).evidence_size(), 2);
  EXPECT_FLOAT_EQ(merged.facts().places(0).confidence(), 0.8F);
}

TEST(MergeTest, ContradictionsStandSideBySideAndGapsAreFilled) {
  const v1::Incident merged = MergeReports(
      {Parse(R"(report { facts { parties { name: "X" role: PARTY_ROLE_SUSPECT standing: PARTY_STANDING_CHARGED } } })"),
       Parse(
           R"(report { facts { parties { name: "X" role: PARTY_ROLE_SUSPECT standing: PARTY_STANDING_CONVICTED } } })"),
       Parse(
           R"(report { facts { parties { name: "X" role: PARTY_ROLE_SUSPECT nationality_code: "KP" aliases: "Y" } } })")});
  ASSERT_EQ(merged.facts().parties_size(), 2);
  EXPECT_EQ(merged.facts().parties(0).standing(), v1::PARTY_STANDING_CHARGED);
  EXPECT_EQ(merged.facts().parties(0).nationality_code(), "KP");
  EXPECT_EQ(merged.facts().parties(0).aliases(0), "Y");
  EXPECT_EQ(merged.facts().parties(1).standing(), v1::PARTY_STANDING_CONVICTED);
}

TEST(MergeTest, PathsOfClaimsFollowTheirValues) {
  const v1::Incident merged =
      MergeReports({Parse(R"(report { facts { goods { description: "coal" } goods { description: "iron" } } })"),
                    Parse(R"(report { facts { goods { description: "gold" } goods { description: "coal" }
                                 claims { claimant: "BIS" stance: STANCE_CONFIRMS paths: "goods[0]" paths: "goods[1]" } } })")});
  ASSERT_EQ(merged.facts().goods_size(), 3);
  EXPECT_THAT(merged.facts().claims(0).paths(), ::testing::ElementsAre("goods[2]", "goods[0]"));
}

TEST(MergeTest, OtherDatesBecomeAlternativesAndTheEarliestDisclosureWins) {
  const v1::Incident merged =
      MergeReports({Parse(R"(report { facts { occurred { edtf: "2012" start: "2012-01-01" }
                                              disclosed { edtf: "2021-04" start: "2021-04-01" } } })"),
                    Parse(R"(report { facts { occurred { edtf: "2011" start: "2011-01-01" confidence: 0.5 }
                                              disclosed { edtf: "2020" start: "2020-01-01" } } })")});
  EXPECT_EQ(merged.facts().occurred().edtf(), "2012");
  EXPECT_EQ(merged.facts().occurred().alternatives(0).value(), "2011");
  EXPECT_EQ(merged.facts().disclosed().edtf(), "2020");
  EXPECT_EQ(merged.facts().disclosed().alternatives(0).value(), "2021-04");
}

TEST(MergeTest, CopiesOfOneStoryAreOneSource) {
  EXPECT_EQ(
      CountOrigins(
          {Parse(
               R"(source { document: "1" publisher: "P" attribution_chain: "NK News" attribution_chain: "Deník N" })"),
           Parse(R"(source { document: "2" publisher: "DENIK N" })"),
           Parse(R"(source { document: "3" publisher: "Reuters" })"), Parse(R"(source { document: "4" })")}),
      3u);
}

TEST(MergeTest, ConfirmationOutweighsDoubtWhichStaysAsAnAlternative) {
  const v1::Incident merged = MergeReports(
      {Parse("report { facts { verification { status: VERIFICATION_STATUS_UNVERIFIED confidence: 0.4 } } }"),
       Parse("report { facts { verification { status: VERIFICATION_STATUS_CONFIRMED confidence: 0.9 } } }")});
  EXPECT_EQ(merged.facts().verification().status(), v1::VERIFICATION_STATUS_CONFIRMED);
  EXPECT_EQ(merged.facts().verification().alternatives(0).value(), "VERIFICATION_STATUS_UNVERIFIED");
}

}  // namespace
}  // namespace interdict::index
