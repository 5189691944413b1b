#include "services/index/engine/language/compile.h"

#include <random>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "services/index/engine/schema/date_span.h"
#include "services/index/engine/schema/enum_names.h"
#include "services/index/engine/schema/field_ids.h"
#include "services/index/engine/schema/incident_document.h"
#include "services/index/engine/schema/text_document.h"
#include "tests/index/document_matcher.h"

namespace interdict::index {
namespace {

using internal::v1::StoredReport;
using ::testing::HasSubstr;

using testing::Matches;

v1::IncidentFacts Facts(const std::string& text) {
  v1::IncidentFacts facts;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &facts)) << text;
  return facts;
}

IndexDocument DocumentOf(const std::string& facts) {
  StoredReport report;
  *report.mutable_report()->mutable_facts() = Facts(facts);
  v1::Incident incident;
  *incident.mutable_facts() = report.report().facts();
  incident.set_name("incidents/3b97");
  return IncidentDocument(1, incident, {report});
}

QueryNode CompiledFilter(const std::string& filter, const FieldCatalog& catalog = FieldCatalog::Incidents()) {
  auto parsed = ParseFilter(filter);
  EXPECT_TRUE(parsed.ok()) << filter << ": " << parsed.status();
  auto compiled = CompileFilter(*parsed, catalog);
  EXPECT_TRUE(compiled.ok()) << filter << ": " << compiled.status();
  return compiled.ok() ? *compiled : NoDocument();
}

QueryNode CompiledText(const std::string& query, const FieldCatalog& catalog = FieldCatalog::Incidents()) {
  auto parsed = ParseText(query, catalog.text_names());
  EXPECT_TRUE(parsed.ok()) << query << ": " << parsed.status();
  auto compiled = CompileText(*parsed, catalog);
  EXPECT_TRUE(compiled.ok()) << query << ": " << compiled.status();
  return compiled.ok() ? *compiled : NoDocument();
}

constexpr char kShipment[] = R"(
  title: "Centrifuge bearings seized"
  summary: "Customs seized two crates of bearings."
  offences { offence: OFFENCE_PROLIFERATION confidence: 0.8
    evidence { quote: "bearings" sentence: "The smugglers loaded bearings for the centrifuge at night." } }
  stage: STAGE_FOILED
  occurred { edtf: "2012/2013" }
  places { role: PLACE_ROLE_ORIGIN country_code: "CN" name: "Dalian" }
  places { role: PLACE_ROLE_TRANSIT region_code: "002" name: "Africa" }
  places { role: PLACE_ROLE_DESTINATION country_code: "KP" name: "Nampo" }
  parties { name: "Ladislav \305\240ticha" named: true kind: PARTY_KIND_PERSON role: PARTY_ROLE_SUSPECT age_years: 44 }
  goods { description: "bearings" category: "DU2" models: "T-54" part: true quantities { value: 2.5 unit: "t" }
    values { amount: 1000000 currency_code: "EUR" } }
  legal_basis { instrument: "UNSCR 1718" }
  verification { status: VERIFICATION_STATUS_DISPUTED independent_sources: 3 reliability: RELIABILITY_B confidence: 0.75 }
)";

TEST(CompileFilterTest, EveryKindOfFact) {
  const IndexDocument document = DocumentOf(kShipment);
  const std::vector<std::pair<std::string, bool>> cases = {
      {"", true},
      {"offences = PROLIFERATION", true},
      {"offences.offence = \"OFFENCE_PROLIFERATION\"", true},
      {"offence : proliferation", true},
      {"offence != PROLIFERATION", false},
      {"stage = FOILED AND stage != COMPLETED", true},
      {"places.destination = \"KP\"", true},
      {"places.destination = \"PRK\"", true},
      {"places.destination = \"CN\"", false},
      {"places.country = CN", true},
      {"places.origin = \"142\"", true},   // Asia
      {"places.transit = \"002\"", true},  // the region itself
      {"places.transit = LY", false},      // which need not be in it
      {"places.destination = WASSENAAR", false},
      {"places.origin = (DE OR CN)", true},
      {"places.name = \"NAMPO\"", true},
      {"parties.name = \"ladislav sticha\"", true},
      {"parties.name = \"ladislav*\"", true},
      {"parties.suspect = \"Ladislav Šticha\" AND NOT parties.authority = \"Ladislav Šticha\"", true},
      {"parties.named = true", true},
      {"parties.age_years >= 44 AND parties.age_years < 45", true},
      {"parties.age_years > 44", false},
      {"goods.category : \"du2\"", true},
      {"goods.category = DU*", true},
      {"goods.category = ML*", false},
      {"goods.category : *", true},
      {"conveyances.name : *", false},
      {"NOT conveyances.kind : *", true},
      {"goods.models = \"t54\"", false},
      {"goods.models = \"T 54\"", true},
      {"goods.description : \"bearing\"", true},
      {"goods.quantity = 2.5 AND goods.unit = t", true},
      {"goods.quantity > 2.5", false},
      {"goods.quantity >= 2.4999", true},
      {"goods.quantity = 2.50001", false},
      {"goods.amount >= 1e6 AND goods.currency = eur", true},
      {"legal_basis = \"UNSCR 17*\"", true},
      {"verification.status = DISPUTED", true},
      {"verification.status != \"DISPUTED\"", false},
      {"verification.independent_sources > 2", true},
      {"verification.reliability = B", true},
      {"verification.confidence >= 0.75 AND offences.confidence = 0.8", true},
      {"title : \"centrifuge bearings\"", true},
      {"title : \"bearings centrifuge\"", false},
      {"occurred >= \"2012\" AND places.destination = \"KP\" AND goods.category : \"DU2\"", true},
  };
  for (const auto& [filter, expected] : cases) EXPECT_EQ(Matches(CompiledFilter(filter), document), expected) << filter;
}

TEST(CompileFilterTest, RefusesWithTheFieldAndTheRemedy) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"places.destinaton = KP", "did you mean places.destination"},
      {"category = ML6", "did you mean goods.category"},
      {"nonsense = 1", "there are "},
      {"places.destination = \"XX\"", "no country, M49 region or group"},
      {"places.destination < KP", "has no order"},
      {"stage = FOILD", "did you mean FOILED"},
      {"occurred >= \"20122\"", "expected a date"},
      {"occurred > \"2012/..\"", "is open at the end"},
      {"occurred < (\"2012\" OR \"2013\")", "takes one value"},
      {"goods.quantity > many", "expected a number"},
      {"goods.quantity = nan", "expected a number"},
      {"parties.named = maybe", "true or false"},
      {"create_time > noon", "RFC 3339"},
      {"certainly(occurred)", "two values"},
      {"certainly(stage, 2012)", "is not an uncertain date"},
      {"perhaps(occurred, 2012)", "there is no function `perhaps`"},
      {"within(places, 91, 0, 1)", "a latitude"},
      {"within(places, 0, 181, 1)", "a longitude"},
      {"within(places, 0, 0, -1)", "kilometres"},
      {"within(stage, 0, 0, 1)", "has no points"},
      {"places = malta", "ask with within"},
      {"parties.name = \"…\"", "neither letter nor digit"},
      {"title : \"--\"", "holds no word"},
  };
  for (const auto& [filter, problem] : cases) {
    auto parsed = ParseFilter(filter);
    ASSERT_TRUE(parsed.ok()) << filter << ": " << parsed.status();
    const absl::Status status = CompileFilter(*parsed, FieldCatalog::Incidents()).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << filter;
    EXPECT_THAT(std::string(status.message()), HasSubstr(problem)) << filter;
    ASSERT_TRUE(SpanOf(status).has_value()) << filter;
    EXPECT_LE(SpanOf(status)->end, filter.size());
  }
}

TEST(CompileFilterTest, ClausesKnowTheirPlace) {
  const QueryNode node = CompiledFilter("stage = FOILED AND certainly(occurred, 2012)");
  EXPECT_EQ(node.children[0].source_begin, 0u);
  EXPECT_EQ(node.children[0].source_end, 14u);
  EXPECT_EQ(node.children[1].source_begin, 19u);
  EXPECT_EQ(node.children[1].children[0].source_end, 44u);
}

TEST(CompileFilterTest, WithinTakesAnyRole) {
  EXPECT_EQ(CompiledFilter("within(places, 35.9, 14.5, 50)").field, kPlacePoint);
  const QueryNode node = CompiledFilter("within(places.destination, -35.9, 14.5, 50)");
  EXPECT_EQ(node.field, kDestinationPoint);
  EXPECT_EQ(node.latitude, -35.9);
  EXPECT_EQ(node.km, 50);
}

// The truth table of uncertain dates: what the record says, what is asked, the answers of possibly and certainly.
TEST(UncertainDateTest, TruthTable) {
  struct Row {
    std::string occurred;
    std::string asked;
    bool possibly;
    bool certainly;
  };
  const std::vector<Row> rows = {
      {"2012", "2012", true, true},
      {"2012-07", "2012", true, true},
      {"2012", "2012-07", true, false},
      {"2012/2013", "2012", true, false},
      {"2012/2013", "2012/2013", true, true},
      {"2012/2013", "2011/2014", true, true},
      {"2011", "2012", false, false},
      {"2012/..", "2012", true, false},
      {"2012/..", "2012/..", true, true},
      {"2012/..", "../2011", false, false},
      {"../2012", "2010", true, false},
      {"../2012", "../2012", true, true},
      {"../2012", "../2013", true, true},
      {"../2012", "2013/..", false, false},
      {"2012-12-31", "2012", true, true},
      {"2012-12-31", "2013/..", false, false},
      {"", "2012", false, false},
      {"", "1900/..", false, false},
  };
  for (const Row& row : rows) {
    const IndexDocument document =
        DocumentOf(row.occurred.empty() ? "title: \"x\"" : "occurred { edtf: \"" + row.occurred + "\" }");
    EXPECT_EQ(Matches(CompiledFilter("possibly(occurred, \"" + row.asked + "\")"), document), row.possibly)
        << row.occurred << " ? " << row.asked;
    EXPECT_EQ(Matches(CompiledFilter("certainly(occurred, \"" + row.asked + "\")"), document), row.certainly)
        << row.occurred << " ! " << row.asked;
    EXPECT_EQ(Matches(CompiledFilter("occurred = \"" + row.asked + "\""), document), row.possibly);
    EXPECT_EQ(Matches(CompiledFilter("occurred != \"" + row.asked + "\""), document), !row.possibly);
  }
}

// All comparators against the definition: some day that the record allows satisfies the comparison.
TEST(UncertainDateTest, BareComparisonsMeanPossibly) {
  const std::vector<std::string> dates = {"2011", "2012", "2012-06", "2012-06-15", "2012/2013", "2012-06/.."};
  const int64_t first = ParseDaySpan("2009")->first;
  const int64_t last = ParseDaySpan("2016")->last;
  for (const std::string& occurred : dates) {
    const IndexDocument document = DocumentOf("occurred { edtf: \"" + occurred + "\" }");
    const DaySpan record = *ParseDaySpan(occurred);
    for (const std::string asked : {"2011", "2012", "2012-06", "2012-06-15", "2013"}) {
      const DaySpan span = *ParseDaySpan(asked);
      bool less = false, less_or_equal = false, greater = false, greater_or_equal = false, equal = false;
      for (int64_t day = std::max(first, record.first); day <= std::min(last, record.last); ++day) {
        less = less || day < span.first;
        less_or_equal = less_or_equal || day <= span.last;
        greater = greater || day > span.last;
        greater_or_equal = greater_or_equal || day >= span.first;
        equal = equal || (day >= span.first && day <= span.last);
      }
      const auto matches = [&](const std::string& comparator) {
        return Matches(CompiledFilter("occurred " + comparator + " \"" + asked + "\""), document);
      };
      EXPECT_EQ(matches("<"), less) << occurred << " < " << asked;
      EXPECT_EQ(matches("<="), less_or_equal) << occurred << " <= " << asked;
      EXPECT_EQ(matches(">"), greater) << occurred << " > " << asked;
      EXPECT_EQ(matches(">="), greater_or_equal) << occurred << " >= " << asked;
      EXPECT_EQ(matches("="), equal) << occurred << " = " << asked;
    }
  }
}

TEST(UncertainDateTest, OtherReadingsMayBeAndAreNotCertain) {
  const IndexDocument document = DocumentOf("occurred { edtf: \"2012\" alternatives { value: \"2015\" } }");
  EXPECT_TRUE(Matches(CompiledFilter("possibly(occurred, 2015)"), document));
  EXPECT_FALSE(Matches(CompiledFilter("certainly(occurred, 2012)"), document));
  EXPECT_TRUE(Matches(CompiledFilter("certainly(occurred, \"2012/2015\")"), document));
}

TEST(UncertainDateTest, OneOfSeveralDatesIsEnough) {
  const IndexDocument document = DocumentOf("actions { date: \"2012\" } actions { date: \"2015-03\" }");
  EXPECT_TRUE(Matches(CompiledFilter("certainly(actions.date, \"2015\")"), document));
  EXPECT_FALSE(Matches(CompiledFilter("certainly(actions.date, \"2013/2014\")"), document));
  EXPECT_FALSE(Matches(CompiledFilter("possibly(actions.date, \"2013/2014\")"), document));
}

TEST(CompileTextTest, WordsMeetInTheirFields) {
  const IndexDocument document = DocumentOf(kShipment);
  const std::vector<std::pair<std::string, bool>> cases = {
      {"", true},
      {"loads", true},    // the stem of loaded
      {"=loads", false},  // the very word is not there
      {"=loaded", true},
      {"STICHA", true},
      {"šticha nampo", true},
      {"sticha AND geneva", false},
      {"sticha OR geneva", true},
      {"NOT geneva", true},
      {"title:smugglers", false},
      {"text:smugglers", true},
      {"party:sticha", true},
      {"place:sticha", false},
      {"\"loaded bearings\"", true},
      {"\"bearings loaded\"", false},
      {"=\"loaded bearing\"", false},
      {"\"loading bearing\"", true},
      {"centrifuge NEAR/3 bearings", true},
      {"text:(centrifuge NEAR/2 bearings)", false},
      {"seized NEAR/9 smugglers", false},  // in different sentences
      {"centrif*", true},
      {"smuggler*", true},
      {"smuggla*", false},
      {"T-54", true},
      {"rifle & bearings", false},
      {"& bearings", true},
  };
  for (const auto& [query, expected] : cases) EXPECT_EQ(Matches(CompiledText(query), document), expected) << query;
}

TEST(CompileTextTest, WordsOfAllReportsMeet) {
  StoredReport first;
  *first.mutable_report()->mutable_facts() =
      Facts("title: \"Rifles found\" offences { evidence { quote: \"rifles\" sentence: \"Rifles lay below deck.\" } }");
  first.set_text("Rifles lay below deck. Elsewhere a bank was robbed.");
  StoredReport second;
  *second.mutable_report()->mutable_facts() = Facts(
      "title: \"Crew held\" offences { evidence { quote: \"crew\" sentence: \"The crew came from Valletta.\" } }");
  v1::Incident incident;
  *incident.mutable_facts() = first.report().facts();
  const IndexDocument document = IncidentDocument(1, incident, {first, second});
  EXPECT_TRUE(Matches(CompiledText("deck AND valletta"), document));
  EXPECT_TRUE(Matches(CompiledText("title:crew title:rifles"), document));
  // Only another passage of the document has it.
  EXPECT_FALSE(Matches(CompiledText("robbed"), document));
}

TEST(CompileTextTest, RefusesWhatCannotBeLookedUp) {
  for (const std::string& query : {std::string("&"), std::string("\"\""), std::string("T-5*"), std::string("a-b~")}) {
    auto parsed = ParseText(query, FieldCatalog::Incidents().text_names());
    ASSERT_TRUE(parsed.ok()) << query;
    const absl::Status status = CompileText(*parsed, FieldCatalog::Incidents()).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << query;
    EXPECT_TRUE(SpanOf(status).has_value()) << query;
  }
}

TEST(CompileTextTest, DocumentsInAnyLanguageAreFound) {
  internal::v1::StoredDocument stored;
  stored.mutable_document()->set_title("Beschlagnahme in Köln");
  stored.mutable_document()->set_text("Der Zoll beschlagnahmte Gewehre.\n\n朝鲜 船舶");
  stored.mutable_document()->set_language("DE");
  stored.mutable_document()->set_published("2021-05");
  v1::Sighting sighting;
  sighting.set_url("https://www.Example.org:8443/a?b");
  const IndexDocument document = TextDocument(3, stored, {sighting});
  const FieldCatalog& catalog = FieldCatalog::Documents();
  EXPECT_TRUE(Matches(CompiledText("gewehre koln", catalog), document));
  EXPECT_TRUE(Matches(CompiledText("朝鲜", catalog), document));
  EXPECT_FALSE(Matches(CompiledText("鲜朝", catalog), document));
  EXPECT_TRUE(Matches(CompiledFilter("language = de AND host = example.org AND published = 2021", catalog), document));
  EXPECT_FALSE(ParseText("party:x", catalog.text_names()).ok());
}

TEST(ParseOrderTest, FieldsAndDirections) {
  const FieldCatalog& catalog = FieldCatalog::Incidents();
  EXPECT_EQ(ParseOrder("relevance", catalog)->by, Order::By::kRelevance);
  EXPECT_EQ(ParseOrder("occurred desc", catalog)->column, kOccurredDay);
  EXPECT_TRUE(ParseOrder("occurred desc", catalog)->descending);
  EXPECT_FALSE(ParseOrder("update_time", catalog)->descending);
  EXPECT_FALSE(ParseOrder(" update_time  asc ", catalog)->descending);
  for (const char* order : {"", "occured desc", "stage", "occurred down", "occurred desc, stage", "relevance asc",
                            "a b c", "actions.date"}) {
    EXPECT_EQ(ParseOrder(order, catalog).status().code(), absl::StatusCode::kInvalidArgument) << order;
  }
}

TEST(CompileFacetTest, EveryFieldOrARefusal) {
  const FieldCatalog& catalog = FieldCatalog::Incidents();
  using Of = FacetDimension::Of;
  EXPECT_EQ(CompileFacet("goods.category", Of::kValue, catalog)->of, Of::kKeyword);
  EXPECT_EQ(CompileFacet("parties.name", Of::kValue, catalog)->field, kPartyNameShown);
  EXPECT_EQ(CompileFacet("occurred", Of::kYear, catalog)->of, Of::kYear);
  EXPECT_EQ(CompileFacet("occurred", Of::kValue, catalog)->of, Of::kDay);
  EXPECT_EQ(CompileFacet("verification.independent_sources", Of::kValue, catalog)->of, Of::kValue);
  for (const char* field : {"goods.categry", "title", "places"}) {
    EXPECT_EQ(CompileFacet(field, Of::kValue, catalog).status().code(), absl::StatusCode::kInvalidArgument) << field;
  }
  EXPECT_FALSE(CompileFacet("stage", Of::kYear, catalog).ok());
}

// Random filters over random facts, against a reading of the facts that knows neither index nor catalog.
TEST(CompileFilterTest, RandomFiltersAgreeWithTheFacts) {
  const std::vector<std::string> countries = {"KP", "LY", "MT", "CN", "DE"};
  const std::vector<std::string> categories = {"ML1", "ML6", "DU2"};
  std::mt19937 random(11);
  const auto below = [&random](size_t limit) { return random() % limit; };
  size_t matched = 0;
  for (int round = 0; round < 3000; ++round) {
    v1::IncidentFacts facts;
    for (size_t i = below(3); i > 0; --i) {
      v1::Place* place = facts.add_places();
      place->set_role(static_cast<v1::PlaceRole>(1 + below(4)));
      place->set_country_code(countries[below(countries.size())]);
    }
    for (size_t i = below(3); i > 0; --i) facts.add_goods()->set_category(categories[below(categories.size())]);
    if (below(2) == 0) facts.set_stage(static_cast<v1::Stage>(1 + below(5)));
    const std::string country = countries[below(countries.size())];
    const std::string category = categories[below(categories.size())];
    const auto stage = static_cast<v1::Stage>(1 + below(5));
    bool destination = false, any_category = false;
    for (const v1::Place& place : facts.places()) {
      destination = destination || (place.role() == v1::PLACE_ROLE_DESTINATION && place.country_code() == country);
    }
    for (const v1::Goods& goods : facts.goods()) any_category = any_category || goods.category() == category;
    const bool is_stage = facts.stage() == stage;
    const std::string stage_name = EnumName(*v1::Stage_descriptor(), stage);
    const std::string d = "places.destination = " + country;
    const std::string c = "goods.category : \"" + category + "\"";
    const std::string s = "stage = " + stage_name;
    const std::vector<std::pair<std::string, bool>> cases = {
        {d + " AND " + c, destination && any_category},
        {d + " OR " + c, destination || any_category},
        {d + " OR " + c + " AND " + s, (destination || any_category) && is_stage},
        {"(" + d + " AND " + c + ") OR " + s, (destination && any_category) || is_stage},
        {"NOT " + d + " AND -" + c, !destination && !any_category},
        {"stage != " + stage_name + " AND goods.category != " + category, !is_stage && !any_category},
        {"stage : *", facts.stage() != v1::STAGE_UNSPECIFIED},
        {"goods.count >= 2", facts.goods_size() >= 2},
    };
    v1::Incident incident;
    *incident.mutable_facts() = facts;
    const IndexDocument document = IncidentDocument(1, incident, {});
    for (const auto& [filter, expected] : cases) {
      ASSERT_EQ(Matches(CompiledFilter(filter), document), expected) << filter << "\n" << facts.DebugString();
      matched += expected ? 1 : 0;
    }
  }
  EXPECT_GT(matched, 1000u);
}

TEST(FieldCatalogTest, IdsAreEachOfOneField) {
  for (const FieldCatalog* catalog : {&FieldCatalog::Incidents(), &FieldCatalog::Documents()}) {
    const IndexSchema schema = catalog->Schema();
    size_t ids = 0;
    for (const SearchField& field : catalog->fields()) {
      ids += (field.keyword != kNoField ? 1 : 0) + (field.shown != kNoField ? 1 : 0);
      EXPECT_EQ(catalog->Find(field.name), &field) << field.name;
      for (const std::string& alias : field.aliases) EXPECT_EQ(catalog->Find(alias), &field) << alias;
    }
    EXPECT_EQ(schema.keyword_fields.size(), ids);
  }
}

}  // namespace
}  // namespace interdict::index
