#include "services/ingest/supported_facts.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "storage/ids/ids.h"

namespace interdict::ingest {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const std::string& Text() {
  static const auto* const kText = new std::string("Zöllner seized 40 rifles in Riga. Two men were held.");
  return *kText;
}

EvidenceText Subject() { return {.document = "documents/d", .text = Text(), .text_sha256 = ids::Sha256Hex(Text())}; }

template <typename Value>
void Cite(Value* value, const std::string& words) {
  const size_t at = Text().find(words);
  ASSERT_NE(at, std::string::npos);
  v1::Evidence* span = value->add_evidence();
  span->set_begin_byte(static_cast<uint32_t>(at));
  span->set_end_byte(static_cast<uint32_t>(at + words.size()));
}

v1::Goods* AddGoods(v1::IncidentFacts* facts, const std::string& words) {
  v1::Goods* goods = facts->add_goods();
  goods->set_description(words);
  goods->set_category("ML1");
  return goods;
}

TEST(KeepSupportedFactsTest, KeepsWhatHoldsAndFillsIt) {
  v1::IncidentFacts facts;
  Cite(AddGoods(&facts, "40 rifles"), "40 rifles");
  facts.set_title("40 rifles");
  facts.add_field_evidence()->set_path("title");
  Cite(facts.mutable_field_evidence(0), "40 rifles");
  EXPECT_EQ(KeepSupportedFacts(Subject(), &facts), 0U);
  ASSERT_THAT(facts.goods(), SizeIs(1));
  EXPECT_EQ(facts.goods(0).evidence(0).quote(), "40 rifles");
  EXPECT_EQ(facts.goods(0).evidence(0).sentence(), "Zöllner seized 40 rifles in Riga.");
  EXPECT_EQ(facts.goods(0).evidence(0).document(), "documents/d");
  EXPECT_EQ(facts.title(), "40 rifles");
}

TEST(KeepSupportedFactsTest, DropsValuesWithoutASpanThatHolds) {
  v1::IncidentFacts facts;
  Cite(AddGoods(&facts, "40 rifles"), "40 rifles");
  AddGoods(&facts, "no span at all");
  v1::Evidence* outside = AddGoods(&facts, "outside")->add_evidence();
  outside->set_begin_byte(10);
  outside->set_end_byte(100'000);
  v1::Evidence* split = AddGoods(&facts, "inside a character")->add_evidence();
  split->set_begin_byte(2);  // the second byte of ö
  split->set_end_byte(8);
  v1::Goods* invented = AddGoods(&facts, "invented");
  Cite(invented, "Two men");
  invented->mutable_evidence(0)->set_quote("ten men");
  v1::Goods* foreign = AddGoods(&facts, "another document's");
  Cite(foreign, "Two men");
  foreign->mutable_evidence(0)->set_document("documents/other");
  v1::Goods* no_value = AddGoods(&facts, "no category of the contract");
  no_value->set_category("GUNS");
  Cite(no_value, "rifles");
  facts.set_stage(v1::STAGE_FOILED);  // without field evidence
  EXPECT_EQ(KeepSupportedFacts(Subject(), &facts), 7U);
  ASSERT_THAT(facts.goods(), SizeIs(1));
  EXPECT_EQ(facts.goods(0).description(), "40 rifles");
  EXPECT_EQ(facts.stage(), v1::STAGE_UNSPECIFIED);
}

TEST(KeepSupportedFactsTest, ALyingSpanGoesAndTheTrueOneStays) {
  v1::IncidentFacts facts;
  v1::Goods* goods = AddGoods(&facts, "40 rifles");
  goods->add_evidence()->set_end_byte(100'000);
  Cite(goods, "rifles");
  EXPECT_EQ(KeepSupportedFacts(Subject(), &facts), 0U);
  ASSERT_THAT(facts.goods(0).evidence(), SizeIs(1));
  EXPECT_EQ(facts.goods(0).evidence(0).quote(), "rifles");
}

TEST(KeepSupportedFactsTest, ClaimsFollowTheValuesThatTheySpeakOf) {
  v1::IncidentFacts facts;
  AddGoods(&facts, "dropped");
  Cite(AddGoods(&facts, "kept"), "rifles");
  for (const std::string path : {"goods[1]", "goods[0]", ""}) {
    v1::Claim* claim = facts.add_claims();
    claim->set_claimant("customs");
    claim->set_stance(v1::STANCE_ASSERTS);
    if (!path.empty()) claim->add_paths(path);
    Cite(claim, "Zöllner");
  }
  EXPECT_EQ(KeepSupportedFacts(Subject(), &facts), 2U);  // the goods, and the claim that speaks of nothing else
  ASSERT_THAT(facts.claims(), SizeIs(2));
  EXPECT_THAT(facts.claims(0).paths(), ElementsAre("goods[0]"));
  EXPECT_THAT(facts.claims(1).paths(), IsEmpty());
  EXPECT_TRUE(CheckAndFillFacts("facts", Subject(), &facts).ok());
}

TEST(KeepSupportedFactsTest, WhatTellsOfNoIncidentIsCleared) {
  v1::IncidentFacts facts;
  v1::Place* place = facts.add_places();
  place->set_role(v1::PLACE_ROLE_LOCATION);
  place->set_name("Riga");
  Cite(place, "Riga");
  KeepSupportedFacts(Subject(), &facts);
  EXPECT_EQ(facts.ByteSizeLong(), 0U);
}

TEST(KeepSupportedFactsTest, EntitiesAreNotTheExtractorsToSay) {
  v1::IncidentFacts facts;
  v1::Party* party = facts.add_parties();
  party->set_name("Two men");
  party->set_role(v1::PARTY_ROLE_SUSPECT);
  party->set_entity("entities/0123456789abcdef0123456789abcdef");
  Cite(party, "Two men");
  EXPECT_EQ(KeepSupportedFacts(Subject(), &facts), 0U);
  EXPECT_EQ(facts.parties(0).entity(), "");
}

}  // namespace
}  // namespace interdict::ingest
