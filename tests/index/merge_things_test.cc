// Places, goods and conveyances.
#include "gmock/gmock.h"
#include "tests/index/merge_fixture.h"

namespace interdict::index {
namespace {

std::vector<internal::v1::StoredReport> Reports(const std::vector<std::string>& facts) {
  std::vector<internal::v1::StoredReport> reports;
  for (const std::string& text : facts) reports.push_back(MakeReport(std::to_string(reports.size()), "", text));
  return reports;
}

std::string PlaceText(const std::string& role, const std::string& country, const std::string& name) {
  return "places { role: PLACE_ROLE_" + role + " country_code: \"" + country + "\" name: \"" + name + "\" }";
}

TEST(MergePlacesTest, ACountryMergesIntoACityOfTheSameRoleAndCountry) {
  const v1::IncidentFacts merged = MergeFacts(Reports(
      {PlaceText("ORIGIN", "KP", "North Korea"), PlaceText("ORIGIN", "KP", "Nampo"), PlaceText("ORIGIN", "KP", "")}));
  ASSERT_EQ(merged.places_size(), 1);
  EXPECT_EQ(merged.places(0).name(), "Nampo");
}

TEST(MergePlacesTest, AnotherRoleCountryOrCityStaysApart) {
  EXPECT_EQ(MergeFacts(Reports({PlaceText("ORIGIN", "KP", "Nampo"), PlaceText("TRANSIT", "KP", "")})).places_size(), 2);
  EXPECT_EQ(MergeFacts(Reports({PlaceText("ORIGIN", "KP", ""), PlaceText("ORIGIN", "CN", "")})).places_size(), 2);
  EXPECT_EQ(
      MergeFacts(Reports({PlaceText("ORIGIN", "KP", "Nampo"), PlaceText("ORIGIN", "KP", "Wonsan")})).places_size(), 2);
}

TEST(MergePlacesTest, TheFullestNameStays) {
  const v1::IncidentFacts merged =
      MergeFacts(Reports({PlaceText("LOCATION", "TZ", "Mwanza"), PlaceText("LOCATION", "TZ", "Mwanza airport")}));
  ASSERT_EQ(merged.places_size(), 1);
  EXPECT_EQ(merged.places(0).name(), "Mwanza airport");
}

TEST(MergeGoodsTest, CompatibleDescriptionsOfOneCategoryMerge) {
  const v1::IncidentFacts merged =
      MergeFacts(Reports({"goods { description: \"gold\" category: \"METALS\" hs_chapter: \"71\" }",
                          "goods { description: \"gold doré\" category: \"METALS\" models: \"bar\" }"}));
  ASSERT_EQ(merged.goods_size(), 1);
  EXPECT_EQ(merged.goods(0).description(), "gold doré");
  EXPECT_EQ(merged.goods(0).hs_chapter(), "71");
  EXPECT_EQ(merged.goods(0).models(0), "bar");
}

TEST(MergeGoodsTest, OtherCategoriesDescriptionsAndPartsStayApart) {
  EXPECT_EQ(MergeFacts(Reports({"goods { description: \"parts\" category: \"ML6\" }",
                                "goods { description: \"parts\" category: \"ML10\" }"}))
                .goods_size(),
            2);
  EXPECT_EQ(MergeFacts(Reports({"goods { description: \"rifles\" category: \"ML1\" }",
                                "goods { description: \"pistols\" category: \"ML1\" }"}))
                .goods_size(),
            2);
  EXPECT_EQ(MergeFacts(Reports({"goods { description: \"tanks\" category: \"ML6\" }",
                                "goods { description: \"tanks\" category: \"ML6\" part: true }"}))
                .goods_size(),
            2);
}

std::string Rifles(const std::string& id, const std::string& quantity) {
  return "goods { description: \"rifles\" category: \"ML1\" quantities { " + quantity + " unit: \"pieces\" } " +
         Span(id, 1, "rifles") + " }";
}

TEST(MergeGoodsTest, ContradictoryQuantitiesStandBesideWithTheirEvidence) {
  const v1::IncidentFacts merged =
      MergeFacts({MakeReport("1", "", Rifles("1", "value: 40")), MakeReport("2", "", Rifles("2", "value: 52")),
                  MakeReport("3", "", Rifles("3", "value: 52"))});
  ASSERT_EQ(merged.goods_size(), 1);
  const v1::Goods& goods = merged.goods(0);
  ASSERT_EQ(goods.quantities_size(), 1);
  EXPECT_DOUBLE_EQ(goods.quantities(0).value(), 52);
  ASSERT_EQ(goods.alternatives_size(), 1);
  EXPECT_EQ(goods.alternatives(0).field(), "quantities");
  EXPECT_EQ(goods.alternatives(0).value(), "40 pieces");
  EXPECT_EQ(goods.alternatives(0).evidence(0).document(), "documents/1");
}

TEST(MergeGoodsTest, AnApproximateQuantityAgreesWithAnExactOneNearby) {
  const v1::IncidentFacts merged = MergeFacts(
      {MakeReport("1", "", Rifles("1", "value: 50 approximate: true")), MakeReport("2", "", Rifles("2", "value: 52"))});
  ASSERT_EQ(merged.goods(0).quantities_size(), 1);
  EXPECT_DOUBLE_EQ(merged.goods(0).quantities(0).value(), 52);
  EXPECT_FALSE(merged.goods(0).quantities(0).approximate());
  EXPECT_EQ(merged.goods(0).alternatives_size(), 0);
}

TEST(MergeGoodsTest, QuantitiesOfOtherUnitsAndCurrenciesAreUnited) {
  const v1::IncidentFacts merged =
      MergeFacts(Reports({"goods { description: \"gold\" quantities { value: 112 unit: \"kg\" } values { amount: "
                          "4680000 currency_code: \"USD\" } }",
                          "goods { description: \"gold\" quantities { value: 9 unit: \"bars\" } values { amount: "
                          "10600000000 currency_code: \"TZS\" } "
                          "quantities { value: 112 unit: \"kg\" } }"}));
  EXPECT_EQ(merged.goods(0).quantities_size(), 2);
  EXPECT_EQ(merged.goods(0).values_size(), 2);
  EXPECT_EQ(merged.goods(0).alternatives_size(), 0);
}

std::string Ship(const std::string& more) { return "conveyances { kind: CONVEYANCE_KIND_VESSEL " + more + " }"; }

TEST(MergeConveyancesTest, AVesselIsKnownByItsImoNumberWhateverItIsCalled) {
  const v1::IncidentFacts merged =
      MergeFacts(Reports({Ship("name: \"Jade Petrel\" imo_number: \"3128451\""),
                          Ship("name: \"Ocean Star\" imo_number: \"3128451\" flag_code: \"TG\"")}));
  ASSERT_EQ(merged.conveyances_size(), 1);
  EXPECT_EQ(merged.conveyances(0).flag_code(), "TG");
  EXPECT_EQ(merged.conveyances(0).alternatives(0).field(), "name");
}

TEST(MergeConveyancesTest, OtherNumbersKeepVesselsOfOneNameApart) {
  EXPECT_EQ(MergeFacts(Reports({Ship("name: \"Jade\" imo_number: \"3128451\""),
                                Ship("name: \"Jade\" imo_number: \"9074729\"")}))
                .conveyances_size(),
            2);
}

TEST(MergeConveyancesTest, WithoutNumbersTheNameCounts) {
  EXPECT_EQ(
      MergeFacts(Reports({Ship("name: \"MV Jade Petrel\""), Ship("name: \"Jade Petrel\" imo_number: \"3128451\"")}))
          .conveyances_size(),
      1);
  EXPECT_EQ(MergeFacts(Reports({Ship("name: \"Jade Petrel\""), Ship("name: \"Jade Star\"")})).conveyances_size(), 2);
  EXPECT_EQ(MergeFacts(Reports({Ship(""), Ship("")})).conveyances_size(), 1);
  EXPECT_EQ(MergeFacts(Reports({Ship("model: \"tanker\""), Ship("model: \"dhow\"")})).conveyances_size(), 2);
  EXPECT_EQ(MergeFacts(Reports({Ship(""), Ship("name: \"Jade Petrel\"")})).conveyances_size(), 2);
}

TEST(MergeConveyancesTest, AnAircraftIsKnownByItsRegistration) {
  const auto plane = [](const std::string& more) {
    return "conveyances { kind: CONVEYANCE_KIND_AIRCRAFT " + more + " }";
  };
  const v1::IncidentFacts merged =
      MergeFacts(Reports({plane("registration: \"5Y-KZQ\" model: \"Cessna\""), plane("name: \"5YKZQ\""),
                          plane("registration: \"5YKZQ\" model: \"Cessna Caravan\"")}));
  ASSERT_EQ(merged.conveyances_size(), 1);
  EXPECT_EQ(merged.conveyances(0).model(), "Cessna Caravan");
}

}  // namespace
}  // namespace interdict::index
