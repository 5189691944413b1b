// What a person sees of a search: columns that line up, words that were found, no command for the terminal, and a caret
// under what the server did not understand.
#include "services/cli/search_output.h"

#include <sstream>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/cli/query_error.h"
#include "services/cli/search_flags.h"
#include "services/server/status.h"
#include "tests/status_matchers.h"

namespace interdict::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

v1::Incident Sample() {
  v1::Incident incident;
  incident.set_name("incidents/1234");
  v1::IncidentFacts& facts = *incident.mutable_facts();
  facts.set_title("Czech gov’t foiled\nKorean arms plot");
  facts.mutable_occurred()->set_edtf("2012/2013");
  const auto place = [&](v1::PlaceRole role, const std::string& code) {
    facts.add_places()->set_role(role);
    facts.mutable_places()->rbegin()->set_country_code(code);
  };
  place(v1::PLACE_ROLE_TRANSIT, "CN");
  place(v1::PLACE_ROLE_DESTINATION, "KP");
  place(v1::PLACE_ROLE_ORIGIN, "CZ");
  place(v1::PLACE_ROLE_LOCATION, "CZ");
  place(v1::PLACE_ROLE_TRANSIT, "CN");
  for (const std::string category : {"ML6", "ML6", ""}) {
    facts.add_goods()->set_category(category);
    facts.mutable_goods()->rbegin()->set_description("tank parts");
  }
  facts.mutable_verification()->set_status(v1::VERIFICATION_STATUS_PARTIALLY_CONFIRMED);
  return incident;
}

std::string Shown(const TableStyle& table, const v1::SearchHit& hit) {
  std::ostringstream out;
  ShowHeader(out, table);
  ShowHit(out, table, Sample(), hit);
  return out.str();
}

TEST(SearchOutput, ARowUnderItsHeader) {
  EXPECT_EQ(Shown({.width = 100}, {}),
            "DATE        TITLE                          PLACES               GOODS            STATUS\n"
            "2012/2013   Czech gov’t foiled Korean arm… CZ → CN → KP (CZ)    ML6, tank parts  partially confirmed\n"
            "            incidents/1234\n");
}

TEST(SearchOutput, WordsThatWereFoundAreMarkedOnATerminalOnly) {
  v1::SearchHit hit;
  v1::Highlight* highlight = hit.add_highlights();
  highlight->set_field("text");
  highlight->set_text("Šticha spoke of tanks");
  const auto span = [&](uint32_t begin, uint32_t end) {
    highlight->add_spans()->set_begin_bytes(begin);
    highlight->mutable_spans()->rbegin()->set_end_bytes(end);
  };
  span(0, 7);
  span(17, 22);
  span(5, 9);     // does not ascend
  span(20, 999);  // beyond the text
  EXPECT_THAT(Shown({.width = 100}, hit), HasSubstr("text: Šticha spoke of tanks\n"));
  EXPECT_THAT(Shown({.style = {.colour = true}, .width = 100}, hit),
              HasSubstr("\x1b[1;33mŠticha\x1b[0m spoke of \x1b[1;33mtanks\x1b[0m\n"));
}

TEST(SearchOutput, TextOfDocumentsCannotCommandTheTerminal) {
  EXPECT_EQ(Printable("a\x1b[31mb\tc\nd\x07\x7f"), "a?[31mb c d??");
  EXPECT_EQ(Printable("\xff\xfe"), "??");
  EXPECT_EQ(Printable("a\xe2\x80\xae"
                      "b"),
            "a?b");  // right-to-left override
  v1::SearchHit hit;
  hit.add_highlights()->set_text("\x1b]0;owned\x07");
  EXPECT_THAT(Shown({.width = 100}, hit), Not(HasSubstr("\x1b")));
}

TEST(SearchOutput, ColumnsAreCountedAsTheyAreSeen) {
  EXPECT_EQ(DisplayWidth("日本"), 4u);
  EXPECT_EQ(DisplayWidth("e\xcc\x81"), 1u);
  EXPECT_EQ(Fit("日本語", 5), "日本…");
  EXPECT_EQ(Fit("日本語", 4), "日… ");
  EXPECT_EQ(Fit("ab", 4), "ab  ");
  EXPECT_EQ(Fit("abcde", 0), "");
}

TEST(SearchOutput, Routes) {
  v1::IncidentFacts facts;
  facts.add_places()->set_role(v1::PLACE_ROLE_DESTINATION);
  facts.mutable_places(0)->set_country_code("KP");
  EXPECT_EQ(RouteOf(facts), "? → KP");
  facts.mutable_places(0)->set_role(v1::PLACE_ROLE_ORIGIN);
  EXPECT_EQ(RouteOf(facts), "KP → ?");
  facts.mutable_places(0)->set_role(v1::PLACE_ROLE_LOCATION);
  EXPECT_EQ(RouteOf(facts), "(KP)");
}

TEST(SearchOutput, FacetsAndBuckets) {
  v1::FacetResult facet;
  facet.mutable_dimension()->set_field("occurred");
  facet.mutable_dimension()->set_bucket(v1::DATE_BUCKET_YEAR);
  facet.set_bucket_count(9);
  for (const auto& [key, count] : {std::pair("2015", 10), std::pair("2016", 4)}) {
    v1::FacetBucket* bucket = facet.add_buckets();
    bucket->add_keys(key);
    bucket->set_count(count);
  }
  std::ostringstream out;
  ShowFacet(out, {}, facet);
  EXPECT_THAT(out.str(), HasSubstr("occurred by year (2 of 9)\n  2015  10  ▪▪"));
  EXPECT_THAT(out.str(), HasSubstr("  2016   4  ▪"));
  v1::AggregateIncidentsResponse answer;
  answer.add_buckets()->add_keys("CN");
  answer.mutable_buckets(0)->add_keys("KP");
  answer.mutable_buckets(0)->set_count(3);
  answer.set_bucket_count(1);
  answer.set_incident_count(5);
  std::ostringstream table;
  ShowBuckets(table, {}, {"places.origin", "places.destination"}, answer);
  EXPECT_THAT(table.str(), HasSubstr("  places.origin  places.destination\n  CN             KP                  3"));
  EXPECT_THAT(table.str(), HasSubstr("1 bucket(s), 5 incident(s)"));
}

TEST(SearchOutput, HowManyOfHowMany) {
  v1::TotalCount total;
  total.set_count(10000);
  EXPECT_EQ(ShownOf(20, &total), "20 of at least 10000");
  total.set_exact(true);
  EXPECT_EQ(ShownOf(20, &total), "20 of 10000");
  EXPECT_EQ(ShownOf(20, nullptr), "20");
}

std::string PlaceOf(const std::string& field, const std::string& begin, const std::string& end,
                    const std::string& text) {
  std::ostringstream out;
  ShowPlaceOfError(out,
                   server::Error(absl::StatusCode::kInvalidArgument, "INVALID_QUERY", "expected a word",
                                 {{"field", field}, {"begin", begin}, {"end", end}}),
                   {{"query", text}});
  return out.str();
}

TEST(QueryError, TheCaretStandsUnderThePlace) {
  EXPECT_EQ(PlaceOf("query", "9", "12", "Šticha: AND x"), "  Šticha: AND x\n          ^^^\n");
  EXPECT_EQ(PlaceOf("query", "3", "3", "(a "), "  (a \n     ^\n") << "at the end";
  EXPECT_EQ(PlaceOf("query", "7", "99", "abc"), "  abc\n     ^\n") << "beyond the end";
  EXPECT_EQ(PlaceOf("query", "2", "1", "abc"), "  abc\n    ^\n") << "the wrong way round";
  EXPECT_EQ(PlaceOf("filter", "0", "1", "abc"), "") << "another field";
  EXPECT_EQ(PlaceOf("query", "x", "1", "abc"), "") << "no number";
}

TEST(SearchFlags, Dimensions) {
  EXPECT_EQ(ParseDimension("places.origin")->bucket(), v1::DATE_BUCKET_UNSPECIFIED);
  EXPECT_EQ(ParseDimension("occurred:month")->bucket(), v1::DATE_BUCKET_MONTH);
  EXPECT_EQ(ParseDimension("occurred:month")->field(), "occurred");
  EXPECT_THAT(ParseDimension("occurred:week"),
              interdict::testing::StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("year, month or day")));
}

}  // namespace
}  // namespace interdict::cli
