#include "tests/query/random_cases.h"

#include "absl/strings/str_cat.h"
#include "storage/ids/ids.h"
#include "tests/index/index_fixture.h"

namespace interdict::query {
namespace {

constexpr const char* kGoods[] = {"rifles", "centrifuge parts", "ball bearings", "coal", "gold", "missile parts"};
constexpr const char* kCategories[] = {"ML1", "DU2", "ML6", "ML6.1", "ML4"};
constexpr const char* kPlaces[] = {"Malta", "Nampo", "Misrata", "Piraeus", "Vienna", "Odessa", "Karachi"};
constexpr const char* kCountries[] = {"LY", "KP", "MT", "GR", "AT", "UA", "PK", "002"};
constexpr const char* kStages[] = {"STAGE_PLANNED", "STAGE_FOILED", "STAGE_COMPLETED"};
constexpr const char* kRoles[] = {"PLACE_ROLE_ORIGIN", "PLACE_ROLE_TRANSIT", "PLACE_ROLE_DESTINATION"};
constexpr const char* kDates[] = {"2012",    "2012/2013",  "2013-05",        "2014-03-02",
                                  "2015-03", "2015-03-09", "2016-11/2017-02"};
constexpr const char* kNames[] = {"Ladislav Šticha", "Kim Chol", "Adam Kaya", "Jade Petrel", "Orient Star"};
constexpr const char* kVerbs[] = {"seized", "stopped", "smuggled", "were smuggling", "sold", "confiscated"};
constexpr const char* kWords[] = {"rifle",   "rifles",  "centrifuge", "parts",   "bearing",   "coal",
                                  "gold",    "missile", "seized",     "smuggle", "smuggling", "sold",
                                  "customs", "malta",   "nampo",      "misrata", "vienna",    "sticha",
                                  "kim",     "adam",    "container",  "vessel",  "nothere"};

}  // namespace

internal::v1::IntakeEntry RandomCases::Document(uint64_t number) {
  const std::string goods = Pick(kGoods);
  const std::string place = Pick(kPlaces);
  const std::string name = Pick(kNames);
  const std::string sentence =
      absl::StrCat("Customs in ", place, " said that ", name, " ", Pick(kVerbs), " ", 10 + Below(9000), " ", goods,
                   " hidden in a ", Below(2) == 0 ? "container" : "vessel", ".");
  const std::string text =
      absl::StrCat(sentence, " It was case ", number, ". ", Pick(kGoods), " were ", Pick(kVerbs), " before.");
  const std::string title = absl::StrCat(goods, " ", Pick(kVerbs), " in ", place);
  internal::v1::IntakeEntry entry;
  auto* accepted = entry.mutable_document_accepted();
  accepted->set_content(text);
  v1::Document* document = accepted->mutable_document();
  document->set_name("documents/" + index::testing::IdOf(text));
  document->set_text(text);
  document->set_title(title);
  document->set_text_sha256(ids::Sha256Hex(text));
  document->set_extraction_status(v1::EXTRACTION_STATUS_REPORTED);
  accepted->mutable_report_set()->mutable_extractor()->set_name("interdict");
  accepted->mutable_report_set()->mutable_extractor()->set_version("1.0.0");
  v1::Report* report = accepted->mutable_report_set()->add_reports();
  report->set_name(absl::StrCat(document->name(), "/reports/", index::testing::ReportIdOf(text, 0)));
  *report->mutable_extractor() = accepted->report_set().extractor();
  v1::Evidence evidence;
  evidence.set_document(document->name());
  evidence.set_text_sha256(document->text_sha256());
  evidence.set_begin_byte(0);
  evidence.set_end_byte(static_cast<uint32_t>(sentence.size()));
  evidence.set_quote(sentence);
  evidence.set_sentence(sentence);
  v1::IncidentFacts& facts = *report->mutable_facts();
  facts.set_title(title);
  for (const char* path : {"title", "stage"}) {
    v1::FieldEvidence* field = facts.add_field_evidence();
    field->set_path(path);
    *field->add_evidence() = evidence;
  }
  v1::Stage stage = v1::STAGE_UNSPECIFIED;
  v1::Stage_Parse(Pick(kStages), &stage);
  facts.set_stage(stage);
  if (Below(5) != 0) {
    facts.mutable_occurred()->set_edtf(Pick(kDates));
    *facts.mutable_occurred()->add_evidence() = evidence;
  }
  for (uint32_t i = Below(3); i-- > 0;) {
    v1::Place* at = facts.add_places();
    v1::PlaceRole role = v1::PLACE_ROLE_UNSPECIFIED;
    v1::PlaceRole_Parse(Pick(kRoles), &role);
    at->set_role(role);
    at->set_country_code(kCountries[Below(7)]);
    at->set_name(Pick(kPlaces));
    at->mutable_point()->set_latitude_degrees(20 + Below(30));
    at->mutable_point()->set_longitude_degrees(10 + Below(40));
    *at->add_evidence() = evidence;
  }
  for (uint32_t i = Below(3); i-- > 0;) {
    v1::Goods* what = facts.add_goods();
    what->set_description(Pick(kGoods));
    what->set_category(Pick(kCategories));
    *what->add_evidence() = evidence;
  }
  if (Below(2) == 0) {
    v1::Party* party = facts.add_parties();
    party->set_name(name);
    party->set_named(true);
    party->set_kind(v1::PARTY_KIND_PERSON);
    party->set_role(v1::PARTY_ROLE_SUSPECT);
    *party->add_evidence() = evidence;
  }
  return entry;
}

std::string RandomCases::Word() {
  const std::string word = Pick(kWords);
  switch (Below(9)) {
    case 0:
      return "=" + word;
    case 1:
      return absl::StrCat(Below(2) == 0 ? "title:" : "goods:", word);
    case 2:
      return absl::StrCat("text:", word);
    default:
      return word;
  }
}

std::string RandomCases::TextQuery(int depth) {
  switch (Below(depth > 1 ? 6 : 10)) {
    case 0:
      return absl::StrCat("\"", Pick(kWords), " ", Pick(kWords), "\"");
    case 1:
      return absl::StrCat(Pick(kWords), " NEAR/", 1 + Below(8), " ", Pick(kWords));
    case 6:
      return absl::StrCat("(", TextQuery(depth + 1), " OR ", TextQuery(depth + 1), ")");
    case 7:
      return absl::StrCat("(", TextQuery(depth + 1), " AND ", TextQuery(depth + 1), ")");
    case 8:
      return absl::StrCat("(", Word(), " ", Word(), " NOT ", TextQuery(depth + 1), ")");
    default:
      return Word();
  }
}

std::string RandomCases::Filter(int depth) {
  switch (Below(depth > 1 ? 8 : 11)) {
    case 0:
      return absl::StrCat("places.destination = \"", Pick(kCountries), "\"");
    case 1:
      return absl::StrCat("places.country_code ", Below(2) == 0 ? "=" : "!=", " \"", Pick(kCountries), "\"");
    case 2:
      return absl::StrCat("goods.category : \"", Below(2) == 0 ? "ML*" : Pick(kCategories), "\"");
    case 3:
      return absl::StrCat(Below(2) == 0 ? "possibly" : "certainly", "(occurred, \"", Pick(kDates), "\")");
    case 4:
      return absl::StrCat("occurred ", Below(2) == 0 ? ">=" : "<", " \"", Pick(kDates), "\"");
    case 5:
      return absl::StrCat("stage = ", Pick(kStages));
    case 6:
      return absl::StrCat("within(places, ", 20 + Below(30), ", ", 10 + Below(40), ", ", 100 + Below(900), ")");
    case 7:
      return Below(2) == 0 ? "parties.name : *" : absl::StrCat("parties.suspect = \"", Pick(kNames), "\"");
    case 8:
      return absl::StrCat("NOT (", Filter(depth + 1), ")");
    case 9:
      return absl::StrCat("(", Filter(depth + 1), " OR ", Filter(depth + 1), ")");
    default:
      return absl::StrCat("(", Filter(depth + 1), " AND ", Filter(depth + 1), ")");
  }
}

v1::SearchIncidentsRequest RandomCases::Question() {
  constexpr const char* kOrders[] = {"relevance", "relevance", "occurred", "occurred desc", "create_time desc", ""};
  constexpr const char* kFacets[] = {"places.destination", "goods.category", "stage"};
  v1::SearchIncidentsRequest request;
  if (Below(5) != 0) request.set_query(TextQuery(0));
  if (Below(2) == 0) request.set_filter(Filter(0));
  request.set_order_by(Pick(kOrders));
  request.set_page_size(static_cast<int32_t>(1 + Below(12)));
  request.set_count(v1::COUNT_MODE_EXACT);
  request.set_highlight(Below(3) == 0);
  if (Below(3) == 0) {
    v1::FacetRequest* facet = request.add_facets();
    facet->mutable_dimension()->set_field(Pick(kFacets));
    facet->set_limit(1000);
    facet = request.add_facets();
    facet->mutable_dimension()->set_field("occurred");
    facet->mutable_dimension()->set_bucket(Below(2) == 0 ? v1::DATE_BUCKET_YEAR : v1::DATE_BUCKET_MONTH);
    facet->set_limit(1000);
  }
  return request;
}

}  // namespace interdict::query
