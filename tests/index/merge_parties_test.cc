#include "gmock/gmock.h"
#include "tests/index/merge_fixture.h"

namespace interdict::index {
namespace {

using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

std::string PartyText(const std::string& name, const std::string& more = "", const std::string& kind = "PERSON",
                      const std::string& role = "SUSPECT") {
  return "parties { name: \"" + name + "\" named: true kind: PARTY_KIND_" + kind + " role: PARTY_ROLE_" + role + " " +
         more + " }";
}

std::string Company(const std::string& name, const std::string& more = "") {
  return PartyText(name, more, "ORGANIZATION", "SUSPECT");
}

// The names of the merged parties, one report for each text.
std::vector<std::string> Merged(const std::vector<std::string>& facts) {
  std::vector<internal::v1::StoredReport> reports;
  for (const std::string& text : facts) reports.push_back(MakeReport(std::to_string(reports.size()), "", text));
  std::vector<std::string> names;
  const v1::IncidentFacts merged = MergeFacts(reports);
  for (const v1::Party& party : merged.parties()) names.push_back(party.name());
  return names;
}

TEST(MergePartiesTest, NamesAreTheSameModuloOrderCaseAndHyphens) {
  EXPECT_THAT(Merged({PartyText("Kim Chol Nam"), PartyText("KIM, Chol-nam"), PartyText("Kim Cholnam")}),
              ElementsAre("Kim Chol Nam"));
}

TEST(MergePartiesTest, NamesAreTheSameModuloDiacriticsAndHonorifics) {
  EXPECT_THAT(Merged({PartyText("Ladislav Šticha"), PartyText("Mr Ladislav Sticha")}), ElementsAre("Ladislav Šticha"));
}

TEST(MergePartiesTest, OneWordMayBeSpeltDifferently) {
  EXPECT_THAT(Merged({PartyText("Peter Kiprono Lagatei"), PartyText("Peter Kiprono Lagattei")}).size(), 1u);
  EXPECT_THAT(Merged({PartyText("Mohammed Haddad"), PartyText("Mohamed Haddad")}).size(), 1u);
}

TEST(MergePartiesTest, ClearlyDifferentNamesNeverMerge) {
  EXPECT_EQ(Merged({PartyText("Kim Jong Un"), PartyText("Kim Jong Il")}).size(), 2u);
  EXPECT_EQ(Merged({PartyText("Ivan Petrov"), PartyText("Ivana Petrova")}).size(), 2u);
  EXPECT_EQ(Merged({PartyText("Sergei Petrov"), PartyText("Sergei Petrova")}).size(), 2u);
  EXPECT_EQ(Merged({PartyText("Mario Rossi"), PartyText("Maria Rossi")}).size(), 2u);
  EXPECT_EQ(Merged({PartyText("Ali Hassan"), PartyText("Omar Hassan")}).size(), 2u);
  EXPECT_EQ(Merged({PartyText("John Smith"), PartyText("John Smith Jr")}).size(), 2u);
  EXPECT_EQ(Merged({Company("Office 38"), Company("Office 39")}).size(), 2u);
}

TEST(MergePartiesTest, ASharedAliasAloneJoinsNoTwoPersons) {
  EXPECT_EQ(Merged({PartyText("Kim Chol Nam", "aliases: \"Kim\" aliases: \"The Broker\""),
                    PartyText("Kim Su Il", "aliases: \"Kim\" aliases: \"The Broker\"")})
                .size(),
            2u);
}

TEST(MergePartiesTest, AFatherAndHisSonAreKeptApartByAge) {
  EXPECT_EQ(Merged({PartyText("Jan Novak", "age_years: 58"), PartyText("Jan Novak", "age_years: 31")}).size(), 2u);
  EXPECT_EQ(Merged({PartyText("Jan Novak", "age_years: 58"), PartyText("Jan Novak", "age_years: 59")}).size(), 1u);
}

TEST(MergePartiesTest, APartOfTheNameJoinsTheOnlyOneThatHasIt) {
  EXPECT_THAT(Merged({PartyText("Tsongo"), PartyText("Kambale Musubaho Tsongo")}),
              ElementsAre("Kambale Musubaho Tsongo"));
  EXPECT_THAT(Merged({PartyText("K. M. Tsongo"), PartyText("Kambale Musubaho Tsongo")}),
              ElementsAre("Kambale Musubaho Tsongo"));
}

TEST(MergePartiesTest, APartOfTwoNamesStaysAlone) {
  EXPECT_THAT(Merged({PartyText("Petrov"), PartyText("Ivan Petrov"), PartyText("Oleg Petrov")}),
              ElementsAre("Petrov", "Ivan Petrov", "Oleg Petrov"));
}

TEST(MergePartiesTest, PartiesOfOneReportNeverMerge) {
  EXPECT_THAT(Merged({PartyText("Petrov") + PartyText("Ivan Petrov"), PartyText("Ivan Petrov")}),
              ElementsAre("Petrov", "Ivan Petrov"));
}

TEST(MergePartiesTest, AnAcronymGivenAsAliasJoinsTheOrganization) {
  EXPECT_THAT(Merged({Company("KOMID"), Company("Korea Mining Development Trading Corporation", "aliases: \"KOMID\""),
                      Company("Korea Mining Development Trading Corp.")})
                  .size(),
              1u);
}

TEST(MergePartiesTest, OrganizationsOfOneAcronymAndOtherWordsStayApart) {
  EXPECT_EQ(Merged({Company("Ministry of Foreign Affairs", "aliases: \"MFA\" nationality_code: \"CZ\""),
                    Company("Manila Freight Agency", "aliases: \"MFA\" nationality_code: \"PH\"")})
                .size(),
            2u);
}

TEST(MergePartiesTest, CompanyFormsDoNotCount) {
  EXPECT_THAT(Merged({Company("Ituri Rivers Comptoir SARL"), Company("Ituri Rivers")}),
              ElementsAre("Ituri Rivers Comptoir SARL"));
}

TEST(MergePartiesTest, AStateIsNotItsCompany) {
  EXPECT_EQ(Merged({Company("North Korea"), Company("North Korea Mining Development")}).size(), 2u);
}

TEST(MergePartiesTest, UnnamedPartiesMergeOnlyWithTheSameDescription) {
  const auto unnamed = [](const std::string& words, const std::string& role) {
    return "parties { name: \"" + words + "\" kind: PARTY_KIND_PERSON role: PARTY_ROLE_" + role + " }";
  };
  EXPECT_EQ(Merged({unnamed("a local businessman", "SUSPECT"), unnamed("A local businessman", "SUSPECT")}).size(), 1u);
  EXPECT_EQ(Merged({unnamed("a local businessman", "SUSPECT"), unnamed("a businessman", "SUSPECT")}).size(), 2u);
  EXPECT_EQ(Merged({unnamed("a local businessman", "SUSPECT"), unnamed("a local businessman", "SOLICITED")}).size(),
            2u);
  EXPECT_EQ(Merged({unnamed("Jan Novak", "SUSPECT"), PartyText("Jan Novak")}).size(), 2u);
}

TEST(MergePartiesTest, RolesAreUnitedAndAnOpenRoleJoinsAnyOther) {
  const v1::IncidentFacts merged =
      MergeFacts({MakeReport("1", "", PartyText("Jade Shipping", "", "ORGANIZATION", "OTHER")),
                  MakeReport("2", "", PartyText("Jade Shipping", "", "ORGANIZATION", "SUSPECT")),
                  MakeReport("3", "", PartyText("Jade Shipping", "", "ORGANIZATION", "BENEFICIARY"))});
  ASSERT_EQ(merged.parties_size(), 2);
  EXPECT_EQ(merged.parties(0).role(), v1::PARTY_ROLE_SUSPECT);
  EXPECT_EQ(merged.parties(1).role(), v1::PARTY_ROLE_BENEFICIARY);
}

TEST(MergePartiesTest, APartyKeepsAllNamesFunctionAndEvidence) {
  const v1::IncidentFacts merged = MergeFacts(
      {MakeReport("1", "", PartyText("KIM, Chol-nam", "aliases: \"Mr Kim\" " + Span("1", 1, "Kim"))),
       MakeReport(
           "2", "",
           PartyText("Kim Chol Nam", "function: PARTY_FUNCTION_BROKER position: \"attaché\" " + Span("2", 1, "Kim"))),
       MakeReport("3", "", PartyText("Kim Chol Nam", "position: \"economic attaché\" " + Span("3", 1, "Kim")))});
  ASSERT_EQ(merged.parties_size(), 1);
  const v1::Party& party = merged.parties(0);
  EXPECT_EQ(party.name(), "Kim Chol Nam");
  EXPECT_THAT(party.aliases(), UnorderedElementsAre("KIM, Chol-nam", "Mr Kim"));
  EXPECT_EQ(party.function(), v1::PARTY_FUNCTION_BROKER);
  EXPECT_EQ(party.position(), "economic attaché");
  EXPECT_EQ(party.evidence_size(), 3);
  EXPECT_EQ(party.alternatives_size(), 0);
}

TEST(MergePartiesTest, ContradictionsStandBesideWithThoseWhoTellThem) {
  const v1::IncidentFacts merged =
      MergeFacts({MakeReport("1", "", PartyText("Jan Novak", "nationality_code: \"CZ\" " + Span("1", 1, "Czech"))),
                  MakeReport("2", "", PartyText("Jan Novak", "nationality_code: \"SK\" " + Span("2", 1, "Slovak"))),
                  MakeReport("3", "", PartyText("Jan Novak", "nationality_code: \"SK\" " + Span("3", 1, "Slovak")))});
  ASSERT_EQ(merged.parties_size(), 1);
  EXPECT_EQ(merged.parties(0).nationality_code(), "SK");
  ASSERT_EQ(merged.parties(0).alternatives_size(), 1);
  EXPECT_EQ(merged.parties(0).alternatives(0).field(), "nationality_code");
  EXPECT_EQ(merged.parties(0).alternatives(0).value(), "CZ");
  EXPECT_EQ(merged.parties(0).alternatives(0).evidence(0).document(), "documents/1");
}

// Standing.
struct Told {
  std::string published;
  std::string standing;
  std::string date;
};

v1::Party StandingOf(const std::vector<Told>& tellings, const std::string& actions = "") {
  std::vector<internal::v1::StoredReport> reports;
  for (const Told& told : tellings) {
    const std::string id = std::to_string(reports.size());
    reports.push_back(
        MakeReport(id, told.published,
                   PartyText("Jan Novak", "standing: PARTY_STANDING_" + told.standing + " standing_date: \"" +
                                              told.date + "\" " + Span(id, 1, told.standing)) +
                       (reports.empty() ? actions : "")));
  }
  const v1::IncidentFacts merged = MergeFacts(reports);
  EXPECT_EQ(merged.parties_size(), 1);
  return merged.parties(0);
}

TEST(MergeStandingTest, ChargedThenAcquittedCountsAsAcquitted) {
  const v1::Party party =
      StandingOf({{"2021-05-01", "ACQUITTED", "2021-04-30"}, {"2019-02-01", "CHARGED", "2019-01-31"}});
  EXPECT_EQ(party.standing(), v1::PARTY_STANDING_ACQUITTED);
  EXPECT_EQ(party.standing_date(), "2021-04-30");
  ASSERT_EQ(party.alternatives_size(), 1);
  EXPECT_EQ(party.alternatives(0).field(), "standing");
  EXPECT_EQ(party.alternatives(0).value(), "PARTY_STANDING_CHARGED");
}

TEST(MergeStandingTest, TheDayOfPublicationDatesAStandingThatHasNoDate) {
  EXPECT_EQ(StandingOf({{"2021", "ACQUITTED", ""}, {"2019", "CHARGED", ""}}).standing(), v1::PARTY_STANDING_ACQUITTED);
  EXPECT_EQ(StandingOf({{"2019", "CHARGED", ""}, {"2020", "CONVICTED", ""}}).standing(), v1::PARTY_STANDING_CONVICTED);
}

TEST(MergeStandingTest, OverturnedOnAppealClearsAConvictedParty) {
  const std::string overturned =
      "actions { type: ACTION_TYPE_OVERTURNED status: ACTION_STATUS_DONE target: \"Jan Novak\" date: \"2022-03\" }";
  EXPECT_EQ(StandingOf({{"2020", "CONVICTED", "2020-01"}}, overturned).standing(), v1::PARTY_STANDING_CLEARED);
  EXPECT_EQ(StandingOf({{"2020", "CONVICTED", "2023-01"}}, overturned).standing(), v1::PARTY_STANDING_CONVICTED);
  EXPECT_EQ(StandingOf({{"2020", "CHARGED", "2020-01"}}, overturned).standing(), v1::PARTY_STANDING_CHARGED);
}

TEST(MergeStandingTest, DelistingUndoesADesignation) {
  EXPECT_EQ(StandingOf({{"2016", "DESIGNATED", ""}, {"2019", "DELISTED", ""}}).standing(), v1::PARTY_STANDING_DELISTED);
  const std::string delisted =
      "actions { type: ACTION_TYPE_DELISTING status: ACTION_STATUS_DONE target: \"Jan Novak\" date: \"2019\" }";
  EXPECT_EQ(StandingOf({{"2016", "DESIGNATED", ""}}, delisted).standing(), v1::PARTY_STANDING_DELISTED);
}

TEST(MergeStandingTest, UndatedNeverBeatsDated) {
  EXPECT_EQ(StandingOf({{"", "CONVICTED", ""}, {"2019", "ACQUITTED", ""}}).standing(), v1::PARTY_STANDING_ACQUITTED);
  EXPECT_EQ(StandingOf({{"", "ACQUITTED", ""}, {"2019", "CHARGED", ""}}).standing(), v1::PARTY_STANDING_CHARGED);
}

TEST(MergeStandingTest, TiesGoToTheLaterStageAndAmongOutcomesInFavourOfTheParty) {
  EXPECT_EQ(StandingOf({{"", "CHARGED", ""}, {"", "SUSPECTED", ""}}).standing(), v1::PARTY_STANDING_CHARGED);
  EXPECT_EQ(StandingOf({{"2020-01-01", "CHARGED", ""}, {"2020-01-01", "CONVICTED", ""}}).standing(),
            v1::PARTY_STANDING_CONVICTED);
  EXPECT_EQ(StandingOf({{"2020-01-01", "ACQUITTED", ""}, {"2020-01-01", "CONVICTED", ""}}).standing(),
            v1::PARTY_STANDING_ACQUITTED);
}

TEST(MergeStandingTest, ALaterRetellingOfTheChargeDoesNotUndoAnAcquittal) {
  EXPECT_EQ(StandingOf({{"2021", "ACQUITTED", ""}, {"2023", "CHARGED", ""}}).standing(), v1::PARTY_STANDING_ACQUITTED);
  EXPECT_EQ(StandingOf({{"2021", "ACQUITTED", ""}, {"2023", "CHARGED", "2022-12"}}).standing(),
            v1::PARTY_STANDING_CHARGED);
}

TEST(MergeStandingTest, ALaterArrestDoesNotUndoACharge) {
  EXPECT_EQ(StandingOf({{"2019", "CHARGED", "2019-01"}, {"2020", "SUSPECTED", "2020-05"}}).standing(),
            v1::PARTY_STANDING_CHARGED);
}

TEST(MergeStandingTest, MentionedHoldsOnlyWhereNothingElseIsSaid) {
  EXPECT_EQ(StandingOf({{"2019", "CHARGED", ""}, {"2023", "MENTIONED", "2023"}}).standing(),
            v1::PARTY_STANDING_CHARGED);
  EXPECT_EQ(StandingOf({{"2019", "MENTIONED", ""}}).standing(), v1::PARTY_STANDING_MENTIONED);
}

}  // namespace
}  // namespace interdict::index
