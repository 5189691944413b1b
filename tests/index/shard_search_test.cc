// Searches as the query service asks for them, over a shard that has folded a log: language, schema, engine and records
// together.
#include "services/index/shard_search.h"

#include <fstream>
#include <set>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "services/index/search_request.h"
#include "services/index/shard_reader.h"
#include "services/server/error_metadata.h"
#include "services/server/status.h"
#include "storage/ids/ids.h"
#include "tests/index/index_fixture.h"
#include "tests/source_tree.h"
#include "tests/status_matchers.h"

namespace interdict::index::testing {
namespace {

using interdict::testing::IsOk;
using interdict::testing::StatusIs;
using internal::v1::SearchRequest;
using internal::v1::SearchResponse;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class ShardSearchTest : public ::testing::Test {
 protected:
  ShardSearchTest() : ingest_(&log_) {
    Submit("Rifles bound for Libya were seized in Malta. The crew was held.", "Rifles seized",
           "Rifles bound for Libya were seized in Malta.", R"(
             stage: STAGE_FOILED occurred { edtf: "2015-03" }
             places { role: PLACE_ROLE_TRANSIT country_code: "MT" name: "Malta" point { latitude_degrees: 35.9 longitude_degrees: 14.5 } }
             places { role: PLACE_ROLE_DESTINATION country_code: "LY" name: "Libya" }
             goods { description: "rifles" category: "ML1" })");
    Submit("A ship with centrifuge parts for Pyongyang was stopped. Šticha of BIS confirmed it.",
           "Centrifuge parts stopped", "A ship with centrifuge parts for Pyongyang was stopped.", R"(
             stage: STAGE_FOILED occurred { edtf: "2012/2013" }
             places { role: PLACE_ROLE_DESTINATION country_code: "KP" name: "Pyongyang" }
             parties { name: "Ladislav Šticha" named: true kind: PARTY_KIND_PERSON role: PARTY_ROLE_SOURCE }
             goods { description: "centrifuge parts" category: "DU2" })");
    Submit("Rifles and pistols were sold to Libya, a court found.", "Rifles sold",
           "Rifles and pistols were sold to Libya, a court found.", R"(
             stage: STAGE_COMPLETED occurred { edtf: "2016" }
             places { role: PLACE_ROLE_DESTINATION country_code: "LY" name: "Libya" }
             goods { description: "rifles" category: "ML1" } goods { description: "pistols" category: "ML1" })");
    ingest_.Accept("Der Zoll fand nichts in Köln.", {});
    DecideAll(&log_, folder_ / "view");
    shard_ = FoldAll(folder_ / "index", &log_);
    reader_ = std::make_unique<ShardReader>(shard_.get(), [] { return log::Positions(); });
  }

  // A document with one report: these facts, all resting on one sentence.
  void Submit(const std::string& text, const std::string& title, const std::string& sentence,
              const std::string& facts) {
    internal::v1::IntakeEntry entry;
    auto* accepted = entry.mutable_document_accepted();
    accepted->set_content(text);
    accepted->mutable_document()->set_name("documents/" + IdOf(text));
    accepted->mutable_document()->set_text(text);
    accepted->mutable_document()->set_title(title);
    accepted->mutable_document()->set_text_sha256(ids::Sha256Hex(text));
    accepted->mutable_document()->set_extraction_status(v1::EXTRACTION_STATUS_REPORTED);
    accepted->mutable_report_set()->mutable_extractor()->set_name("interdict");
    accepted->mutable_report_set()->mutable_extractor()->set_version("1.0.0");
    v1::Report* report = accepted->mutable_report_set()->add_reports();
    report->set_name(absl::StrCat("documents/", IdOf(text), "/reports/", ReportIdOf(text, 0)));
    *report->mutable_extractor() = accepted->report_set().extractor();
    ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(facts, report->mutable_facts()));
    v1::Evidence evidence;
    evidence.set_document("documents/" + IdOf(text));
    evidence.set_text_sha256(ids::Sha256Hex(text));
    evidence.set_begin_byte(static_cast<uint32_t>(text.find(sentence)));
    evidence.set_end_byte(static_cast<uint32_t>(text.find(sentence) + sentence.size()));
    evidence.set_quote(sentence);
    evidence.set_sentence(sentence);
    report->mutable_facts()->set_title(title);
    v1::FieldEvidence* field = report->mutable_facts()->add_field_evidence();
    field->set_path("title");
    *field->add_evidence() = evidence;
    v1::IncidentFacts& all = *report->mutable_facts();
    if (all.has_occurred()) *all.mutable_occurred()->add_evidence() = evidence;
    for (v1::Place& place : *all.mutable_places()) *place.add_evidence() = evidence;
    for (v1::Party& party : *all.mutable_parties()) *party.add_evidence() = evidence;
    for (v1::Goods& goods : *all.mutable_goods()) *goods.add_evidence() = evidence;
    v1::FieldEvidence* stage = report->mutable_facts()->add_field_evidence();
    stage->set_path("stage");
    *stage->add_evidence() = evidence;
    ingest_.Append(entry, IdOf(text));
  }

  static SearchRequest Request(const std::string& query, const std::string& filter = "",
                               const std::string& order_by = "") {
    SearchRequest request;
    request.set_collection(internal::v1::SEARCH_COLLECTION_INCIDENTS);
    request.set_query(query);
    request.set_filter(filter);
    request.set_order_by(order_by);
    request.set_page_size(10);
    return request;
  }
  SearchResponse Search(const SearchRequest& request) const {
    auto response = reader_->Search(request, [] { return absl::OkStatus(); });
    EXPECT_THAT(response, IsOk());
    return response.ok() ? *response : SearchResponse();
  }
  absl::Status Failure(const SearchRequest& request) const {
    return reader_->Search(request, [] { return absl::OkStatus(); }).status();
  }
  static std::vector<std::string> Titles(const SearchResponse& response) {
    std::vector<std::string> titles;
    for (const auto& hit : response.hits()) titles.push_back(hit.incident().facts().title());
    return titles;
  }

  TempFolder folder_;
  log::MemoryLog log_;
  FakeIngest ingest_;
  std::unique_ptr<Shard> shard_;
  std::unique_ptr<ShardReader> reader_;
};

TEST_F(ShardSearchTest, TextFilterAndOrderTogether) {
  EXPECT_THAT(Titles(Search(Request("rifle", "", "occurred desc"))), ElementsAre("Rifles sold", "Rifles seized"));
  EXPECT_THAT(Titles(Search(Request("rifle", "occurred >= \"2015\" AND places.transit = \"MT\""))),
              ElementsAre("Rifles seized"));
  EXPECT_THAT(Titles(Search(Request("", "places.destination = \"002\"", "occurred asc"))),
              ElementsAre("Rifles seized", "Rifles sold"));
  EXPECT_THAT(Titles(Search(Request("", "certainly(occurred, \"2012\")"))), IsEmpty());
  EXPECT_THAT(Titles(Search(Request("", "possibly(occurred, \"2012\")"))), ElementsAre("Centrifuge parts stopped"));
  EXPECT_THAT(Titles(Search(Request("", "within(places, 36, 14, 100)"))), ElementsAre("Rifles seized"));
  EXPECT_THAT(Titles(Search(Request("centrifuge NEAR/2 parts"))), ElementsAre("Centrifuge parts stopped"));
  EXPECT_THAT(Titles(Search(Request("party:sticha"))), ElementsAre("Centrifuge parts stopped"));
  EXPECT_THAT(Titles(Search(Request("crew"))), IsEmpty());  // stands in the document, not in the report's sentences
  EXPECT_TRUE(Search(Request("rifle", "", "relevance")).by_relevance());
}

TEST_F(ShardSearchTest, PagesFollowEachOtherByTheCursor) {
  SearchRequest request = Request("", "", "occurred asc");
  request.set_page_size(1);
  std::vector<std::string> titles;
  while (true) {
    const SearchResponse page = Search(request);
    ASSERT_EQ(page.hits_size(), 1);
    titles.push_back(page.hits(0).incident().facts().title());
    if (!page.more()) break;
    *request.mutable_after() = page.hits(0).cursor();
  }
  EXPECT_THAT(titles, ElementsAre("Centrifuge parts stopped", "Rifles seized", "Rifles sold"));
}

TEST_F(ShardSearchTest, CountsAndFacetsAreOfAllThatMatch) {
  SearchRequest request = Request("", "stage : *");
  request.set_page_size(0);
  request.set_count(v1::COUNT_MODE_EXACT);
  request.add_facets()->add_dimensions()->set_field("goods.category");
  auto* years = request.add_facets()->add_dimensions();
  years->set_field("occurred");
  years->set_bucket(v1::DATE_BUCKET_YEAR);
  auto* route = request.add_facets();
  route->add_dimensions()->set_field("places.transit");
  route->add_dimensions()->set_field("places.destination");
  request.add_facets()->add_dimensions()->set_field("places.name");
  const SearchResponse response = Search(request);
  EXPECT_EQ(response.hits_size(), 0);
  EXPECT_EQ(response.total().count(), 3u);
  EXPECT_TRUE(response.total().exact());
  ASSERT_EQ(response.facets_size(), 4);
  EXPECT_EQ(response.facets(0).buckets(0).keys(0), "ML1");
  EXPECT_EQ(response.facets(0).buckets(0).count(), 2u);
  EXPECT_EQ(response.facets(1).bucket_count(), 3u);
  ASSERT_EQ(response.facets(2).buckets_size(), 1);
  EXPECT_THAT(response.facets(2).buckets(0).keys(), ElementsAre("MT", "LY"));
  EXPECT_EQ(response.facets(3).buckets(0).keys(0), "Libya");
}

TEST_F(ShardSearchTest, HighlightsAreBytesOfWhatTheyShow) {
  SearchRequest request = Request("sticha centrifuge", "", "relevance");
  request.set_highlight(true);
  const SearchResponse response = Search(request);
  ASSERT_EQ(response.hits_size(), 1);
  ASSERT_GT(response.hits(0).match().highlights_size(), 1);
  const std::string text = "A ship with centrifuge parts for Pyongyang was stopped. Šticha of BIS confirmed it.";
  std::set<std::string> shown;
  for (const v1::Highlight& highlight : response.hits(0).match().highlights()) {
    ASSERT_GT(highlight.spans_size(), 0);
    for (const v1::ByteSpan& span : highlight.spans()) {
      shown.insert(highlight.text().substr(span.begin_bytes(), span.end_bytes() - span.begin_bytes()));
    }
    if (highlight.field() != "text") continue;
    EXPECT_EQ(highlight.document(), "documents/" + IdOf(text));
    EXPECT_EQ(text.substr(highlight.offset_bytes(), highlight.text().size()), highlight.text());
  }
  EXPECT_EQ(shown.count("Šticha"), 1u);
}

TEST_F(ShardSearchTest, DocumentsOfAnyLanguage) {
  SearchRequest request = Request("koln");
  request.set_collection(internal::v1::SEARCH_COLLECTION_DOCUMENTS);
  request.set_highlight(true);
  const SearchResponse response = Search(request);
  ASSERT_EQ(response.hits_size(), 1);
  EXPECT_EQ(response.hits(0).document().name(), "documents/" + IdOf("Der Zoll fand nichts in Köln."));
  EXPECT_EQ(response.hits(0).document().text(), "");
  const v1::Highlight& highlight = response.hits(0).match().highlights(0);
  EXPECT_EQ(highlight.text().substr(highlight.spans(0).begin_bytes()), "Köln.");
  request.set_query("crew held");
  EXPECT_EQ(Search(request).hits_size(), 1);
}

TEST_F(ShardSearchTest, CorrectsWhatNothingHas) {
  SearchRequest request = Request("rifels malta");
  request.set_suggest(true);
  EXPECT_EQ(Search(request).did_you_mean(), "rifles malta");
  request.set_query("rifle malta");
  EXPECT_EQ(Search(request).did_you_mean(), "");
}

TEST_F(ShardSearchTest, ErrorsNameFieldAndPlace) {
  absl::Status status = Failure(Request("rifle AND"));
  EXPECT_EQ(server::ReasonOf(status), "INVALID_QUERY");
  EXPECT_THAT(std::string(status.message()), HasSubstr("query: at byte 9"));
  EXPECT_EQ(server::ReasonOf(Failure(Request("", "stage = NOWHERE"))), "INVALID_FILTER");
  EXPECT_EQ(server::ReasonOf(Failure(Request("", "", "nothing"))), "INVALID_ORDER_BY");
  SearchRequest request = Request("");
  request.add_facets()->add_dimensions()->set_field("nothing");
  EXPECT_EQ(server::ReasonOf(Failure(request)), "INVALID_FACET");
  EXPECT_EQ(server::MetadataOf(Failure(request), "field"), "facets[0].dimensions[0].field");
  request = Request("");
  request.clear_collection();
  EXPECT_THAT(Failure(request), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(ShardSearchTest, ADeadlineEndsTheSearch) {
  auto response = reader_->Search(Request("rifle"), [] { return absl::DeadlineExceededError("over"); });
  EXPECT_THAT(response, StatusIs(absl::StatusCode::kDeadlineExceeded));
}

TEST_F(ShardSearchTest, HostileQueriesAreAnsweredOrRefused) {
  std::string prefixes = "a*";
  for (char c = 'b'; c <= 'z'; ++c) absl::StrAppend(&prefixes, " OR ", std::string(1, c), "*");
  std::string ors = "a";
  for (int i = 0; i < 10000; ++i) ors += " OR b";
  std::string many = "word0";
  for (int i = 1; i < 1000; ++i) absl::StrAppend(&many, " OR word", i);
  const std::string deep = std::string(1000, '(') + "a" + std::string(1000, ')');
  const std::string near = "the NEAR/99 of NEAR/99 in NEAR/99 for NEAR/99 was NEAR/99 were";
  for (const std::string& query : {prefixes, ors, many, deep, near, std::string("a~2 OR b~2 OR c~2")}) {
    const absl::Status status = Failure(Request(query, "", "relevance"));
    EXPECT_TRUE(status.ok() || absl::IsInvalidArgument(status) || absl::IsResourceExhausted(status)) << status;
  }
}

TEST_F(ShardSearchTest, ALimitNamesTheClauseThatCostIt) {
  const auto fails = [this](const std::string& query, const std::string& filter, SearchLimits limits) {
    auto read = ReadSearchRequest(Request(query, filter));
    EXPECT_THAT(read, IsOk());
    read->query.limits = limits;
    const auto result = shard_->Search()->Search(read->collection, read->query);
    return SearchError(*read, result.status());
  };
  SearchLimits limits;
  limits.max_postings = 1;
  const absl::Status postings = fails("nothing OR rifles", "", limits);
  EXPECT_EQ(server::ReasonOf(postings), "QUERY_TOO_COSTLY");
  EXPECT_EQ(server::MetadataOf(postings, "field"), "query");
  EXPECT_EQ(server::MetadataOf(postings, "begin"), "11");
  EXPECT_EQ(server::MetadataOf(postings, "end"), "17");
  limits = SearchLimits();
  limits.max_expansion = 1;
  const absl::Status expansion = fails("malta AND s*", "", limits);
  EXPECT_EQ(server::ReasonOf(expansion), "QUERY_TOO_COSTLY");
  EXPECT_EQ(server::MetadataOf(expansion, "begin"), "10");
  EXPECT_EQ(server::MetadataOf(expansion, "end"), "12");
}

TEST_F(ShardSearchTest, StatisticsOfOneShardGiveTheScoresOfThatShard) {
  internal::v1::GetSearchStatisticsRequest ask;
  ask.set_collection(internal::v1::SEARCH_COLLECTION_INCIDENTS);
  ask.set_query("rifle malta OR libya");
  auto statistics = reader_->GetSearchStatistics(ask, [] { return absl::OkStatus(); });
  ASSERT_THAT(statistics, IsOk());
  EXPECT_EQ(statistics->statistics().document_count(), 3u);
  SearchRequest request = Request(ask.query(), "", "relevance");
  const SearchResponse alone = Search(request);
  *request.mutable_statistics() = statistics->statistics();
  const SearchResponse given = Search(request);
  ASSERT_EQ(alone.hits_size(), given.hits_size());
  for (int i = 0; i < alone.hits_size(); ++i) {
    EXPECT_EQ(alone.hits(i).match().score(), given.hits(i).match().score());
  }
}

// A change of plan or score shows here, in review.
TEST_F(ShardSearchTest, ExplainsPlanAndScoreAsBefore) {
  SearchRequest request = Request("rifle AND (malta OR \"sold to\")", "occurred >= \"2015\"", "relevance");
  request.set_explain(true);
  const SearchResponse response = Search(request);
  std::string explained = response.plan();
  for (const auto& hit : response.hits()) {
    absl::StrAppend(&explained, "\n", hit.incident().facts().title(), "\n", hit.match().explanation());
  }
  std::ifstream file(interdict::testing::SourcePath("tests/testdata/golden/search_explain.txt"));
  std::stringstream golden;
  golden << file.rdbuf();
  EXPECT_EQ(explained, golden.str()) << "if the change is meant, this is the new golden file";
}

}  // namespace
}  // namespace interdict::index::testing
