// Who plays which part in short invented stories: lists, appositions, routes through middlemen, ships, goods in
// passing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/pipeline/pipeline_fixture.h"

namespace interdict::pipeline {
namespace {

using ::testing::Contains;
using ::testing::Not;

v1::PartyRole RoleOf(const v1::IncidentFacts& facts, const std::string& name) {
  const v1::Party* party = FindParty(facts, name);
  return party == nullptr ? v1::PARTY_ROLE_UNSPECIFIED : party->role();
}

std::vector<std::string> GoodsOf(const v1::IncidentFacts& facts) {
  std::vector<std::string> out;
  for (const v1::Goods& g : facts.goods()) out.push_back(g.description());
  return out;
}

TEST(Roles, WhatIsToldOfOneOfAListIsToldOfAll) {
  const Extraction e = ExtractText(
      "Police in Lagos seized 900 kg of smuggled pangolin scales on Monday. Ada Berg, 41, Karl Brandner, 51, and Olga "
      "Petrov were charged with smuggling.",
      "text/plain", "2022-05-10");
  ASSERT_EQ(e.reports.size(), 1U);
  for (const char* name : {"Ada Berg", "Karl Brandner", "Olga Petrov"})
    EXPECT_EQ(RoleOf(e.reports[0].facts(), name), v1::PARTY_ROLE_SUSPECT) << name;
}

TEST(Roles, ADescriptionBehindANameIsNoFurtherParty) {
  const Extraction e = ExtractText(
      "Customs officers in Rotterdam seized 40 smuggled pistols on Monday. Karl Brandner (Brandner), a trader, was "
      "arrested.",
      "text/plain", "2022-05-10");
  ASSERT_EQ(e.reports.size(), 1U);
  EXPECT_EQ(RoleOf(e.reports[0].facts(), "Karl Brandner"), v1::PARTY_ROLE_SUSPECT);
  for (const v1::Party& p : e.reports[0].facts().parties()) EXPECT_NE(p.name(), "trader");
}

TEST(Roles, ThePrepositionOfANounGivesThePartOfItsPlace) {
  const Extraction e = ExtractText(
      "Dutch customs seized 40 smuggled thermal imaging cameras on Monday. The cameras were bought from suppliers in "
      "Japan and shipped via a trading company in Dubai to a workshop in Iran.",
      "text/plain", "2022-05-10");
  ASSERT_EQ(e.reports.size(), 1U);
  const v1::IncidentFacts& facts = e.reports[0].facts();
  EXPECT_THAT(PlacesOf(facts, v1::PLACE_ROLE_ORIGIN), Contains("JP"));
  EXPECT_THAT(PlacesOf(facts, v1::PLACE_ROLE_TRANSIT), Contains("AE"));
  EXPECT_THAT(PlacesOf(facts, v1::PLACE_ROLE_DESTINATION), Contains("IR"));
}

TEST(Roles, WhateverCarriesAnImoNumberIsAShip) {
  const Extraction e = ExtractText(
      "The coast guard in Piraeus seized 40 smuggled assault rifles on Monday. They were found aboard the Amber Wick "
      "(IMO 7412086), which had left Mersin.",
      "text/plain", "2022-05-10");
  ASSERT_EQ(e.reports.size(), 1U);
  const v1::Party* ship = FindParty(e.reports[0].facts(), "Amber Wick");
  ASSERT_NE(ship, nullptr) << e.reports[0].facts().DebugString();
  EXPECT_EQ(ship->kind(), v1::PARTY_KIND_VESSEL);
}

TEST(Roles, AWarshipThatStopsOthersTakesNoPart) {
  const Extraction e = ExtractText(
      "The crew of HMS Lancaster intercepted a dhow off Oman on Monday and seized 450 kg of smuggled heroin.",
      "text/plain", "2022-05-10");
  ASSERT_EQ(e.reports.size(), 1U);
  for (const v1::Party& p : e.reports[0].facts().parties()) EXPECT_NE(p.name(), "Lancaster");
}

TEST(Roles, GoodsThatOnlySayWhatOthersAreForAreNone) {
  const Extraction e = ExtractText(
      "Customs officers in Hamburg seized 40 smuggled servomotors on Monday. The servomotors are of the type found in "
      "attack drones.",
      "text/plain", "2022-05-10");
  ASSERT_EQ(e.reports.size(), 1U);
  EXPECT_THAT(GoodsOf(e.reports[0].facts()), Not(Contains("attack drones")));
}

TEST(Roles, AircraftThatAreTheCargoCarryNothing) {
  const Extraction e = ExtractText(
      "Customs officers in Prague seized 12 smuggled drones and three tonnes of parts for T-55 tanks from a lorry on "
      "Monday. Two men were arrested.",
      "text/plain", "2022-05-10");
  ASSERT_EQ(e.reports.size(), 1U);
  EXPECT_THAT(GoodsOf(e.reports[0].facts()), Contains(::testing::HasSubstr("drones")));
  std::vector<std::string> carriers;
  for (const v1::Conveyance& c : e.reports[0].facts().conveyances()) carriers.push_back(c.name());
  EXPECT_THAT(carriers, ::testing::ElementsAre("lorry"));
}

}  // namespace
}  // namespace interdict::pipeline
