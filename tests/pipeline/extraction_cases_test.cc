// Short invented stories of different registers: what must come out, and stories that report nothing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "services/ingest/pipeline/trace/trace.h"
#include "tests/pipeline/pipeline_fixture.h"

namespace interdict::pipeline {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::StartsWith;

struct ActionCase {
  const char* name;
  const char* text;
  v1::ActionType type;
  v1::ActionStatus status;
};

class ActionIn : public ::testing::TestWithParam<ActionCase> {};

TEST_P(ActionIn, IsFoundWithItsStatus) {
  const Extraction e = ExtractText(GetParam().text, "text/plain", "2022-05-10");
  ASSERT_EQ(e.reports.size(), 1U);
  EXPECT_NE(FindAction(e.reports[0].facts(), GetParam().type, GetParam().status), nullptr)
      << e.reports[0].facts().DebugString();
}

INSTANTIATE_TEST_SUITE_P(
    Registers, ActionIn,
    ::testing::Values(
        ActionCase{
            "Active",
            "Customs officers in Rotterdam seized 40 smuggled assault rifles on Monday. The lorry came from Poland.",
            v1::ACTION_TYPE_SEIZURE, v1::ACTION_STATUS_DONE},
        ActionCase{"Passive",
                   "Forty smuggled assault rifles were confiscated by customs officers in Rotterdam on Monday.",
                   v1::ACTION_TYPE_SEIZURE, v1::ACTION_STATUS_DONE},
        ActionCase{"Nominal",
                   "The seizure of 40 smuggled assault rifles by Dutch customs in Rotterdam was announced on Monday.",
                   v1::ACTION_TYPE_SEIZURE, v1::ACTION_STATUS_DONE},
        ActionCase{"Arrest",
                   "Police in Lagos arrested a trader after 900 kg of pangolin scales were seized in an illegal store.",
                   v1::ACTION_TYPE_ARREST, v1::ACTION_STATUS_DONE},
        ActionCase{"Sentence",
                   "A court in Vienna sentenced Karl Brandner, 51, to four years in prison for smuggling 12 pistols.",
                   v1::ACTION_TYPE_SENTENCE, v1::ACTION_STATUS_DONE},
        ActionCase{"Plea", "Karl Brandner, 51, pleaded guilty in a Vienna court to smuggling 12 pistols out of Serbia.",
                   v1::ACTION_TYPE_PLEA, v1::ACTION_STATUS_DONE},
        ActionCase{"Expulsion", "Peru expelled a diplomat after police seized 3 kg of smuggled cocaine in his luggage.",
                   v1::ACTION_TYPE_EXPULSION, v1::ACTION_STATUS_DONE},
        ActionCase{"Threat",
                   "Police in Lima seized 3 kg of smuggled cocaine on Friday. The courier could be sentenced to ten "
                   "years in prison.",
                   v1::ACTION_TYPE_SENTENCE, v1::ACTION_STATUS_THREATENED}),
    [](const auto& info) { return info.param.name; });

struct NothingCase {
  const char* name;
  const char* text;
};
class ReportsNothing : public ::testing::TestWithParam<NothingCase> {};

TEST_P(ReportsNothing, SoThereIsNoReport) {
  const Extraction e = ExtractText(GetParam().text);
  EXPECT_TRUE(e.reports.empty()) << e.reports[0].facts().title();
  EXPECT_EQ(e.document.extraction_status(), v1::EXTRACTION_STATUS_NO_INCIDENT);
}

INSTANTIATE_TEST_SUITE_P(
    Stories, ReportsNothing,
    ::testing::Values(NothingCase{"Habit",
                                  "Smugglers have long been known to move cigarettes across this border. They hide "
                                  "them in lorries and in the boots of cars."},
                      NothingCase{"Weather",
                                  "Rain is expected over the north of the country until Thursday. Farmers welcomed the "
                                  "change after a long dry spring."},
                      NothingCase{"Policy",
                                  "The ministry published new rules on licences for exporters of rifles. The rules "
                                  "would be reviewed after two years."},
                      NothingCase{"Sport",
                                  "The striker's left foot is a cannon, and the goalkeeper was robbed of the ball in "
                                  "the match. The club was fined and the coach arrested the slide with two "
                                  "goals in stoppage time. The fans sang until the league table was shown, and the "
                                  "defender smuggled the ball over the line."},
                      NothingCase{"Market",
                                  "Prices of diesel rose for the third week. Traders in Singapore said that stocks "
                                  "were low and that demand from shipping had picked up."}),
    [](const auto& info) { return info.param.name; });

TEST(ExtractionCases, RouteIsReadFromPrepositions) {
  const Extraction e = ExtractText(
      "Police in Nairobi seized 200 smuggled pistols on 3 May 2022. The pistols had been shipped from Turkey via "
      "Djibouti and were bound for Uganda.");
  ASSERT_EQ(e.reports.size(), 1U);
  const v1::IncidentFacts& f = e.reports[0].facts();
  EXPECT_THAT(PlacesOf(f, v1::PLACE_ROLE_ORIGIN), Contains("TR"));
  EXPECT_THAT(PlacesOf(f, v1::PLACE_ROLE_TRANSIT), Contains("DJ"));
  EXPECT_THAT(PlacesOf(f, v1::PLACE_ROLE_DESTINATION), Contains("UG"));
  EXPECT_THAT(PlacesOf(f, v1::PLACE_ROLE_LOCATION), Contains("KE"));
  EXPECT_EQ(f.occurred().edtf(), "2022-05-03");
  EXPECT_EQ(f.stage(), v1::STAGE_FOILED);
}

TEST(ExtractionCases, DatesOfWritingsAndLawsAreKnownAsSuch) {
  v1::DocumentInput input;
  input.set_content(
      "Customs in Mombasa seized 300 kg of smuggled ivory on 9 June 2018 and arrested two men.\n\nOur bulletin of 15 "
      "June 2018 gave another weight for the ivory that was seized. The two men were charged under the Wildlife Act "
      "of 2013.");
  input.set_content_type("text/plain");
  Trace trace;
  trace.wants_candidates = true;
  ASSERT_TRUE(SharedPipeline().Extract(input, &trace).ok());
  std::map<std::string, std::string> kinds;
  for (const TracedCandidate& c : trace.candidates) {
    if (c.decision != "date") continue;
    kinds[c.key] = "";
    for (const auto& [name, value] : c.features)
      if (name.rfind("of:", 0) == 0) kinds[c.key] += name;
  }
  EXPECT_THAT(kinds, ::testing::UnorderedElementsAre(::testing::Pair("2018-06-09", ""),
                                                     ::testing::Pair("2018-06-15", "of:writing"),
                                                     ::testing::Pair("2013", "of:law")));
}

TEST(ExtractionCases, SpokespersonIsASourceAndTheDriverASuspect) {
  const Extraction e = ExtractText(
      "Customs officers in Gdansk seized 4,000 smuggled cigarettes on Tuesday and arrested a 36-year-old driver. "
      "“The load was hidden behind tiles,” said customs spokesman Marek Nowicki.",
      "text/plain", "2022-05-10");
  ASSERT_EQ(e.reports.size(), 1U);
  const v1::IncidentFacts& f = e.reports[0].facts();
  const v1::Party* driver = FindParty(f, "36-year-old driver");
  ASSERT_NE(driver, nullptr);
  EXPECT_EQ(driver->role(), v1::PARTY_ROLE_SUSPECT);
  EXPECT_EQ(driver->age_years(), 36U);
  EXPECT_FALSE(driver->named());
  const v1::Party* spokesman = FindParty(f, "Marek Nowicki");
  ASSERT_NE(spokesman, nullptr);
  EXPECT_EQ(spokesman->role(), v1::PARTY_ROLE_SOURCE);
  EXPECT_EQ(f.offences(0).offence(), v1::OFFENCE_EXCISE_SMUGGLING);
}

TEST(ExtractionCases, ChargedIsNotConvicted) {
  const Extraction e = ExtractText(
      "Olaf Brekke, 44, was charged in Oslo with smuggling 30 rifles from Sweden. The rifles were seized at the border "
      "in March 2021.");
  ASSERT_EQ(e.reports.size(), 1U);
  const v1::Party* brekke = FindParty(e.reports[0].facts(), "Olaf Brekke");
  ASSERT_NE(brekke, nullptr);
  EXPECT_EQ(brekke->standing(), v1::PARTY_STANDING_CHARGED);
}

TEST(ExtractionCases, OtherLanguagesAreStoredAndNotRead) {
  const Extraction e = ExtractText(
      "Celníci v přístavu zadrželi kontejner se čtyřiceti útočnými puškami, které měly být podle dokladů převezeny "
      "jako zemědělské stroje. "
      "Policie zatkla dva muže a případ dál vyšetřuje státní zastupitelství v Praze.");
  EXPECT_TRUE(e.reports.empty());
  EXPECT_EQ(e.document.language(), "cs");
  EXPECT_EQ(e.document.extraction_status(), v1::EXTRACTION_STATUS_LANGUAGE_NOT_READ);
}

struct BadInput {
  const char* name;
  v1::DocumentInput input;
  const char* field;
};

TEST(ExtractionCases, BadInputNamesItsField) {
  std::vector<BadInput> cases(5);
  cases[0] = {"empty", {}, "document.content:"};
  for (size_t i = 1; i < cases.size(); ++i) cases[i].input.set_content("Police seized ten smuggled rifles in Oslo.");
  cases[1].field = "document.url:";
  cases[1].input.set_url("ftp://example.org/a");
  cases[2].field = "document.published:";
  cases[2].input.set_published("2021-02-30");
  cases[3].field = "document.content_type:";
  cases[3].input.set_content_type("application/pdf");
  cases[4].field = "document.publisher:";
  cases[4].input.set_publisher(std::string(257, 'x'));
  for (const BadInput& bad : cases) {
    const auto answer = SharedPipeline().Extract(bad.input);
    ASSERT_FALSE(answer.ok()) << bad.field;
    EXPECT_EQ(answer.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(std::string(answer.status().message()), StartsWith(bad.field));
  }
}

TEST(ExtractionCases, HintsWin) {
  v1::DocumentInput input;
  input.set_content("OSLO, 3 May 2020 - Police seized ten smuggled rifles in Oslo last Tuesday.");
  input.set_published("2022-05-11");
  input.set_publisher("Example Wire");
  const auto answer = SharedPipeline().Extract(input);
  ASSERT_TRUE(answer.ok());
  EXPECT_EQ(answer->document.published(), "2022-05-11");
  EXPECT_EQ(answer->document.publisher(), "Example Wire");
}

}  // namespace
}  // namespace interdict::pipeline
