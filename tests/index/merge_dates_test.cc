#include "gmock/gmock.h"
#include "tests/index/merge_fixture.h"

namespace interdict::index {
namespace {

std::string Occurred(const std::string& id, const std::string& edtf, const std::string& more = "") {
  return "occurred { edtf: \"" + edtf + "\" start: \"" + edtf + "\" " + more + " " + Span(id, 5, edtf) + " }";
}

TEST(MergeDatesTest, TheFinestCompatibleDateLeadsWithTheEvidenceOfTheCoarser) {
  const v1::IncidentFacts merged = MergeFacts({MakeReport("1", "2014-03-08", Occurred("1", "2014-03")),
                                               MakeReport("2", "2014-03-09", Occurred("2", "2014-03-05")),
                                               MakeReport("3", "2014-03-10", Occurred("3", "2014"))});
  EXPECT_EQ(merged.occurred().edtf(), "2014-03-05");
  EXPECT_EQ(merged.occurred().start(), "2014-03-05");
  EXPECT_EQ(merged.occurred().evidence_size(), 3);
  EXPECT_EQ(merged.occurred().alternatives_size(), 0);
}

TEST(MergeDatesTest, OfIncompatibleDatesTheOneOfMoreOriginsLeadsAndTheOtherSaysWhoTellsIt) {
  const v1::IncidentFacts merged = MergeFacts({MakeReport("1", "2014-04-01", Occurred("1", "2014-03-05")),
                                               MakeReport("2", "2014-04-01", Occurred("2", "2014-03-06")),
                                               MakeReport("3", "2014-04-01", Occurred("3", "2014-03-06"))});
  EXPECT_EQ(merged.occurred().edtf(), "2014-03-06");
  EXPECT_EQ(merged.occurred().evidence_size(), 2);
  ASSERT_EQ(merged.occurred().alternatives_size(), 1);
  EXPECT_EQ(merged.occurred().alternatives(0).value(), "2014-03-05");
  EXPECT_EQ(merged.occurred().alternatives(0).evidence(0).document(), "documents/1");
}

TEST(MergeDatesTest, CopiesOfOneStoryDoNotOutweigh) {
  auto copy = MakeReport("3", "2014-04-01", Occurred("3", "2014-03-06"));
  copy.mutable_source()->add_attribution_chain("Publisher 2");
  const v1::IncidentFacts merged = MergeFacts({MakeReport("1", "2014-03-30", Occurred("1", "2014-03-05")),
                                               MakeReport("2", "2014-04-01", Occurred("2", "2014-03-06")), copy});
  EXPECT_EQ(merged.occurred().edtf(), "2014-03-05");
}

TEST(MergeDatesTest, OfEquallyManyOriginsTheBetterGradedLeads) {
  const v1::IncidentFacts merged =
      MergeFacts({Graded(MakeReport("1", "2014-04-01", Occurred("1", "2014-03-05")), v1::RELIABILITY_C),
                  Graded(MakeReport("2", "2014-04-01", Occurred("2", "2014-03-06")), v1::RELIABILITY_A)});
  EXPECT_EQ(merged.occurred().edtf(), "2014-03-06");
}

TEST(MergeDatesTest, ALaterAndFinerDateReplacesACoarseOne) {
  const auto coarse = Occurred("1", "2014-05");
  const v1::IncidentFacts merged =
      MergeFacts({MakeReport("1", "2014-06-01", coarse), MakeReport("2", "2014-06-01", coarse),
                  MakeReport("3", "2014-07-01", Occurred("3", "2014-06-30"))});
  EXPECT_EQ(merged.occurred().edtf(), "2014-06-30");
  EXPECT_EQ(merged.occurred().alternatives(0).value(), "2014-05");
}

TEST(MergeDatesTest, AFinerDateThatIsNotLaterDoesNotReplaceABetterSupportedOne) {
  const auto coarse = Occurred("1", "2014-05");
  const v1::IncidentFacts merged =
      MergeFacts({MakeReport("1", "2014-06-01", coarse), MakeReport("2", "2014-06-02", coarse),
                  MakeReport("3", "2014-06-01", Occurred("3", "2014-04-30"))});
  EXPECT_EQ(merged.occurred().edtf(), "2014-05");
}

TEST(MergeDatesTest, ASourceTwoGradesBehindCorrectsNobody) {
  const v1::IncidentFacts merged =
      MergeFacts({Graded(MakeReport("1", "2014-06-01", Occurred("1", "2014-05")), v1::RELIABILITY_A),
                  Graded(MakeReport("3", "2014-07-01", Occurred("3", "2014-06-30")), v1::RELIABILITY_E)});
  EXPECT_EQ(merged.occurred().edtf(), "2014-05");
}

// Two tellings of one flight: the press has one date, a later bulletin says that this was wrong.
TEST(MergeDatesTest, AnExplicitCorrectionLeadsAndBothDatesStayWithTheirSources) {
  std::vector<internal::v1::StoredReport> reports;
  for (const char* id : {"press-1", "press-2", "press-3"}) {
    reports.push_back(
        MakeReport(id, "2019-05-21",
                   Occurred(id, "2019-05-18", "basis: TIME_BASIS_DETECTION") +
                       R"(goods { description: "silver" category: "METALS" quantities { value: 240 unit: "kg" } })"));
  }
  auto correction = MakeReport(
      "bulletin", "2019-05-29",
      Occurred("bulletin", "2019-05-16", "basis: TIME_BASIS_DETECTION") +
          R"(goods { description: "silver bars" category: "METALS" quantities { value: 231.5 unit: "kg" } })");
  correction.set_text(
      "A correction. We and others wrote that the aircraft was searched on 18 May. That was wrong: the tower's book "
      "has "
      "it parked on the 16th. Nor were there 240 kg of silver; scales gave 231.5 kg.");
  reports.push_back(correction);
  const v1::IncidentFacts merged = MergeFacts(reports);
  EXPECT_EQ(merged.occurred().edtf(), "2019-05-16");
  ASSERT_EQ(merged.occurred().alternatives_size(), 1);
  EXPECT_EQ(merged.occurred().alternatives(0).value(), "2019-05-18");
  EXPECT_EQ(merged.occurred().alternatives(0).evidence_size(), 3);
  ASSERT_EQ(merged.goods_size(), 1);
  EXPECT_DOUBLE_EQ(merged.goods(0).quantities(0).value(), 231.5);
  EXPECT_EQ(merged.goods(0).alternatives(0).field(), "quantities");
  EXPECT_EQ(merged.goods(0).alternatives(0).value(), "240 kg");
}

TEST(MergeDatesTest, ATextThatSpeaksOfAnotherMistakeCorrectsNoDate) {
  auto later = MakeReport("2", "2019-05-29", Occurred("2", "2019-05-16"));
  later.set_text("Correction: an earlier version misspelt the captain's name. " + std::string(2000, 'x') +
                 " On 18 May it rained.");
  const v1::IncidentFacts merged = MergeFacts({MakeReport("0", "2019-05-20", Occurred("0", "2019-05-18")),
                                               MakeReport("1", "2019-05-21", Occurred("1", "2019-05-18")), later});
  EXPECT_EQ(merged.occurred().edtf(), "2019-05-18");
}

TEST(MergeDatesTest, NobodyCorrectsWhatWasPublishedLater) {
  auto early = MakeReport("1", "2019-05-01", Occurred("1", "2019-05-16"));
  early.set_text("It was wrong to speak of 18 May.");
  const auto late = Occurred("2", "2019-05-18");
  EXPECT_EQ(
      MergeFacts({early, MakeReport("2", "2019-06-01", late), MakeReport("3", "2019-06-02", late)}).occurred().edtf(),
      "2019-05-18");
}

TEST(MergeDatesTest, TheDateOfTheActLeadsBeforeThatOfTheResponse) {
  const v1::IncidentFacts merged =
      MergeFacts({MakeReport("1", "", Occurred("1", "2021-04", "basis: TIME_BASIS_RESPONSE")),
                  MakeReport("2", "", Occurred("2", "2021-04", "basis: TIME_BASIS_RESPONSE")),
                  MakeReport("3", "", Occurred("3", "2012/2013", "basis: TIME_BASIS_ACT"))});
  EXPECT_EQ(merged.occurred().edtf(), "2012/2013");
  EXPECT_EQ(merged.occurred().basis(), v1::TIME_BASIS_ACT);
  EXPECT_EQ(merged.occurred().alternatives(0).value(), "2021-04");
}

TEST(MergeDatesTest, ADayOfAnotherBasisIsNoFinerDate) {
  const v1::IncidentFacts merged =
      MergeFacts({MakeReport("1", "", Occurred("1", "2021", "basis: TIME_BASIS_ACT")),
                  MakeReport("2", "", Occurred("2", "2021-04-03", "basis: TIME_BASIS_RESPONSE"))});
  EXPECT_EQ(merged.occurred().edtf(), "2021");
}

TEST(MergeDatesTest, OneDayTwiceIsNoAlternative) {
  const v1::IncidentFacts merged =
      MergeFacts({MakeReport("1", "", Occurred("1", "2021-04-03", "basis: TIME_BASIS_ACT")),
                  MakeReport("2", "", Occurred("2", "2021-04-03", "basis: TIME_BASIS_RESPONSE"))});
  EXPECT_EQ(merged.occurred().alternatives_size(), 0);
  EXPECT_EQ(merged.occurred().evidence_size(), 2);
}

TEST(MergeDatesTest, WhatIsNoDateStandsBehindWhatIs) {
  const v1::IncidentFacts merged =
      MergeFacts({MakeReport("1", "", Occurred("1", "last spring")), MakeReport("2", "", Occurred("2", "2014"))});
  EXPECT_EQ(merged.occurred().edtf(), "2014");
  EXPECT_EQ(merged.occurred().alternatives(0).value(), "last spring");
}

TEST(MergeDatesTest, TheEarliestDisclosureLeads) {
  const v1::IncidentFacts merged =
      MergeFacts({MakeReport("1", "", "disclosed { edtf: \"2021-04\" " + Span("1", 1, "a") + " }"),
                  MakeReport("2", "", "disclosed { edtf: \"2020\" " + Span("2", 1, "a") + " }"),
                  MakeReport("3", "", "disclosed { edtf: \"2020-11-02\" " + Span("3", 1, "a") + " }")});
  EXPECT_EQ(merged.disclosed().edtf(), "2020-11-02");
  EXPECT_EQ(merged.disclosed().evidence_size(), 2);
  EXPECT_EQ(merged.disclosed().alternatives(0).value(), "2021-04");
}

}  // namespace
}  // namespace interdict::index
