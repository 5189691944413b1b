// The article that the project was born from, as text and as a page: every clause of what is asked of it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/pipeline/pipeline_fixture.h"
#include "tests/source_tree.h"

namespace interdict::pipeline {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsSupersetOf;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

class BornFromArticle : public ::testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    const std::string path = testing::SourcePath("tests/testdata/articles/czech-dprk-2021.") + GetParam();
    extraction_ = ExtractText(ReadFile(path), GetParam() == "html" ? "text/html" : "text/plain");
    for (const v1::Report& report : extraction_.reports)
      (report.facts().stage() == v1::STAGE_FOILED ? plot_ : myanmar_) = report.facts();
  }
  const v1::Claim* ClaimOf(const std::string& claimant, v1::Stance stance) const {
    for (const v1::Claim& c : plot_.claims())
      if (c.claimant() == claimant && c.stance() == stance) return &c;
    return nullptr;
  }

  Extraction extraction_;
  v1::IncidentFacts plot_;
  v1::IncidentFacts myanmar_;
};

TEST_P(BornFromArticle, HasTwoIncidentsAndNoneFromItsBackground) {
  ASSERT_EQ(extraction_.reports.size(), 2U);
  for (const v1::Report& report : extraction_.reports)
    for (const v1::FieldEvidence& field : report.facts().field_evidence())
      for (const v1::Evidence& e : field.evidence()) {
        EXPECT_EQ(e.sentence().find("have long been known"), std::string::npos);
        EXPECT_EQ(e.sentence().find("continues to use its diplomatic privileges"), std::string::npos);
      }
}

TEST_P(BornFromArticle, DescribesTheDocument) {
  const v1::Document& d = extraction_.document;
  EXPECT_EQ(d.published(), "2021-04-11");
  EXPECT_EQ(d.language(), "en");
  EXPECT_EQ(d.extraction_status(), v1::EXTRACTION_STATUS_REPORTED);
  // The page is published by the one that cites; the bare text does not say who publishes it.
  std::vector<std::string> chain(d.attribution_chain().begin(), d.attribution_chain().end());
  if (!d.publisher().empty()) chain.insert(chain.begin(), d.publisher());
  EXPECT_THAT(chain, ElementsAre("NK News", "Deník N"));
}

TEST_P(BornFromArticle, PlotHasOffenceStageAndTime) {
  ASSERT_EQ(plot_.offences_size(), 1);
  EXPECT_EQ(plot_.offences(0).offence(), v1::OFFENCE_ARMS_TRAFFICKING);
  EXPECT_EQ(plot_.stage(), v1::STAGE_FOILED);
  EXPECT_EQ(plot_.occurred().edtf(), "2012/2013");
  EXPECT_EQ(plot_.occurred().start(), "2012-01-01");
  EXPECT_EQ(plot_.occurred().end(), "2013-12-31");
  EXPECT_EQ(plot_.disclosed().edtf(), "2021-04");
}

TEST_P(BornFromArticle, ExpulsionIsAskedForRefusedWithItsReasonAndDoneInTheEnd) {
  const v1::Action* refused = FindAction(plot_, v1::ACTION_TYPE_EXPULSION, v1::ACTION_STATUS_REFUSED);
  ASSERT_NE(refused, nullptr);
  EXPECT_NE(refused->reason().find("having the previous year deported another DPRK envoy"), std::string::npos)
      << refused->reason();
  EXPECT_NE(FindAction(plot_, v1::ACTION_TYPE_EXPULSION, v1::ACTION_STATUS_REQUESTED), nullptr);
  const v1::Action* done = FindAction(plot_, v1::ACTION_TYPE_EXPULSION, v1::ACTION_STATUS_DONE);
  ASSERT_NE(done, nullptr);
  EXPECT_EQ(done->target(), "North Korean diplomat");
}

TEST_P(BornFromArticle, PlacesHaveTheirRoles) {
  EXPECT_THAT(PlacesOf(plot_, v1::PLACE_ROLE_ORIGIN), ElementsAre("CZ"));
  EXPECT_THAT(PlacesOf(plot_, v1::PLACE_ROLE_TRANSIT), UnorderedElementsAre("CN", "002"));
  EXPECT_THAT(PlacesOf(plot_, v1::PLACE_ROLE_DESTINATION), ElementsAre("KP"));
  EXPECT_THAT(PlacesOf(plot_, v1::PLACE_ROLE_LOCATION), ElementsAre("CZ"));
}

TEST_P(BornFromArticle, GoodsHaveCategoriesAndModels) {
  ASSERT_EQ(plot_.goods_size(), 4);
  EXPECT_EQ(plot_.goods(0).description(), "parts for T-54 and T-55 tanks");
  EXPECT_THAT(plot_.goods(0).models(), ElementsAre("T-54", "T-55"));
  EXPECT_TRUE(plot_.goods(0).part());
  std::vector<std::string> categories;
  for (const v1::Goods& g : plot_.goods()) categories.push_back(g.category());
  EXPECT_THAT(categories, ElementsAre("ML6", "ML6", "ML10", "ML10"));
}

TEST_P(BornFromArticle, PartiesHaveTheirRolesAndNobodyNamesTheDiplomat) {
  const v1::Party* diplomat = FindParty(plot_, "North Korean diplomat");
  ASSERT_NE(diplomat, nullptr);
  EXPECT_FALSE(diplomat->named());
  EXPECT_EQ(diplomat->role(), v1::PARTY_ROLE_SUSPECT);
  EXPECT_EQ(diplomat->nationality_code(), "KP");
  EXPECT_EQ(diplomat->posted_to_code(), "DE");
  EXPECT_EQ(diplomat->position(), "economic attaché");
  EXPECT_EQ(diplomat->standing(), v1::PARTY_STANDING_SUSPECTED);
  const v1::Party* businessman = FindParty(plot_, "local businessman");
  ASSERT_NE(businessman, nullptr);
  EXPECT_EQ(businessman->role(), v1::PARTY_ROLE_SOLICITED);
  const v1::Party* bis = FindParty(plot_, "BIS");
  ASSERT_NE(bis, nullptr);
  EXPECT_EQ(bis->name(), "Security Information Service");
  EXPECT_EQ(bis->role(), v1::PARTY_ROLE_AUTHORITY);
  const v1::Party* spokesperson = FindParty(plot_, "Ladislav Šticha");
  ASSERT_NE(spokesperson, nullptr);
  EXPECT_EQ(spokesperson->role(), v1::PARTY_ROLE_SOURCE);
  EXPECT_EQ(spokesperson->function(), v1::PARTY_FUNCTION_SPOKESPERSON);
  EXPECT_EQ(spokesperson->acting_for(), "Security Information Service");
  std::vector<std::string> beneficiaries;
  for (const v1::Party& p : plot_.parties())
    if (p.role() == v1::PARTY_ROLE_BENEFICIARY) beneficiaries.push_back(p.name());
  EXPECT_THAT(beneficiaries,
              IsSupersetOf({"DPRK’s security services", "officials from the DPRK’s top arms companies"}));
}

TEST_P(BornFromArticle, LawIsTheResolutionBehindTheEmbargo) {
  ASSERT_EQ(plot_.legal_basis_size(), 1);
  EXPECT_EQ(plot_.legal_basis(0).instrument(), "UNSCR 1718");
}

TEST_P(BornFromArticle, ClaimsSayWhoStandsBehindWhat) {
  EXPECT_NE(ClaimOf("Deník N", v1::STANCE_ASSERTS), nullptr);
  EXPECT_NE(ClaimOf("NK News", v1::STANCE_COULD_NOT_VERIFY), nullptr);
  EXPECT_NE(ClaimOf("Security Information Service", v1::STANCE_NEITHER_CONFIRMS_NOR_DENIES), nullptr);
  const v1::Claim* part = ClaimOf("Security Information Service", v1::STANCE_PARTIALLY_CONFIRMS);
  ASSERT_NE(part, nullptr);
  EXPECT_THAT(part->paths(), IsSupersetOf({"offences[0]", "stage"}));
  for (int i = 0; i < plot_.places_size(); ++i)
    if (plot_.places(i).role() == v1::PLACE_ROLE_TRANSIT) {
      EXPECT_THAT(part->paths(), Not(Contains("places[" + std::to_string(i) + "]")));
    }
  for (int i = 0; i < plot_.goods_size(); ++i)
    EXPECT_THAT(part->paths(), Not(Contains("goods[" + std::to_string(i) + "]")));
  EXPECT_EQ(plot_.verification().status(), v1::VERIFICATION_STATUS_PARTIALLY_CONFIRMED);
}

TEST_P(BornFromArticle, MyanmarExpelledKimWhoIsNotConvicted) {
  EXPECT_EQ(myanmar_.occurred().edtf(), "2017");
  EXPECT_THAT(PlacesOf(myanmar_, v1::PLACE_ROLE_LOCATION), ElementsAre("MM"));
  const v1::Action* expulsion = FindAction(myanmar_, v1::ACTION_TYPE_EXPULSION, v1::ACTION_STATUS_DONE);
  ASSERT_NE(expulsion, nullptr);
  EXPECT_EQ(expulsion->target(), "Kim Chol Nam");
  const v1::Party* kim = FindParty(myanmar_, "Kim Chol Nam");
  ASSERT_NE(kim, nullptr);
  EXPECT_EQ(kim->role(), v1::PARTY_ROLE_SUSPECT);
  EXPECT_EQ(kim->standing(), v1::PARTY_STANDING_SUSPECTED);
  EXPECT_EQ(kim->nationality_code(), "KP");
  const v1::Party* komid = FindParty(myanmar_, "KOMID");
  ASSERT_NE(komid, nullptr);
  EXPECT_EQ(komid->name(), "Korea Mining Development Trading Corporation");
}

INSTANTIATE_TEST_SUITE_P(TextAndPage, BornFromArticle, ::testing::Values("txt", "html"),
                         [](const auto& info) { return info.param; });

}  // namespace
}  // namespace interdict::pipeline
