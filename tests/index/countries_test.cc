#include "services/index/engine/schema/countries.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace interdict::index {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

TEST(CountriesTest, ACountryByAnyOfItsNames) {
  for (const char* name : {"KP", "kp", "PRK", "408"}) {
    EXPECT_THAT(Countries::BuiltIn().Expand(name), ElementsAre("KP")) << name;
  }
  EXPECT_THAT(Countries::BuiltIn().Expand("Malta"), ElementsAre("MT"));
  EXPECT_THAT(Countries::BuiltIn().Expand("XZ"), ElementsAre("XZ"));
}

TEST(CountriesTest, ARegionContainsItsRegionsAndTheirCountries) {
  const auto africa = Countries::BuiltIn().Expand("002");
  EXPECT_THAT(africa, Contains("LY"));
  EXPECT_THAT(africa, Contains("002"));
  EXPECT_THAT(africa, Contains("015"));  // Northern Africa
  EXPECT_THAT(africa, Contains("011"));  // Western Africa
  EXPECT_THAT(africa, Not(Contains("MT")));
  EXPECT_THAT(africa, Not(Contains("001")));
  EXPECT_THAT(Countries::BuiltIn().Expand("015"), Not(Contains("002")));
}

TEST(CountriesTest, AGroupContainsItsMembers) {
  const auto union_members = Countries::BuiltIn().Expand("EU");
  EXPECT_EQ(union_members.size(), 27u);
  EXPECT_THAT(union_members, Contains("MT"));
  EXPECT_THAT(union_members, Not(Contains("GB")));
  EXPECT_EQ(Countries::BuiltIn().Expand("european union"), union_members);
}

TEST(CountriesTest, GroupsNameKnownCountries) {
  for (const char* group : {"EU", "EEA", "NATO", "G7", "FIVE_EYES", "ASEAN", "GCC", "CIS", "EAEU", "BRICS", "ECOWAS",
                            "MERCOSUR", "WASSENAAR", "MTCR"}) {
    const auto members = Countries::BuiltIn().Expand(group);
    EXPECT_THAT(members, Not(IsEmpty())) << group;
    for (const std::string& member : members) {
      EXPECT_THAT(Countries::BuiltIn().Expand(member), ElementsAre(member)) << group;
    }
  }
}

TEST(CountriesTest, UnknownNamesAreNothing) {
  EXPECT_THAT(Countries::BuiltIn().Expand("ZZ"), IsEmpty());
  EXPECT_THAT(Countries::BuiltIn().Expand(""), IsEmpty());
}

}  // namespace
}  // namespace interdict::index
