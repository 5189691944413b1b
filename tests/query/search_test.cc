// Searches over several shards: the same answers as one shard gives, pages and streams that go on, and what is missing.
#include <algorithm>
#include <random>

#include "absl/strings/str_join.h"
#include "services/server/error_metadata.h"
#include "storage/log/position.h"
#include "tests/query/query_fixture.h"

namespace interdict::query {
namespace {

using absl::StatusCode;
using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::IsEmpty;
using testing::IsOk;

struct Sample {
  std::string id;
  int64_t seconds;
  std::string title;
  std::string country;
};

// Words of very different rarity, times with ties, unevenly spread over the shards.
std::vector<Sample> Samples(int count) {
  std::mt19937 random(7);
  std::vector<Sample> samples;
  for (int i = 1; i <= count; ++i) {
    std::vector<std::string> words = {"coal"};
    for (const auto& [word, one_in] : {std::pair("tank", 3), std::pair("ship", 5), std::pair("missile", 40)}) {
      for (unsigned n = random() % 3; n > 0 && random() % one_in == 0; --n) words.emplace_back(word);
    }
    samples.push_back({Id(i), static_cast<int64_t>(random() % 60) * 31'556'952, absl::StrJoin(words, " "),
                       std::vector<std::string>{"KP", "IR", "LY", "SY"}[random() % 4]});
  }
  return samples;
}

size_t ShardOf(int i) { return i % 7 == 0 ? 1 : (i % 11 == 0 ? 2 : 0); }

class SearchTest : public QueryTest {
 protected:
  // Fills one node's shards; each incident has the same number wherever it is.
  void Fill(const std::vector<Sample>& samples) {
    for (size_t i = 0; i < samples.size(); ++i) {
      const Sample& sample = samples[i];
      FakeShard& shard = *shards_[shards_.size() == 1 ? 0 : ShardOf(static_cast<int>(i))];
      shard.Add(sample.id, sample.seconds, sample.title, sample.country, i + 1);
    }
  }
};

v1::SearchIncidentsRequest Request(const std::string& query, const std::string& order, int page_size) {
  v1::SearchIncidentsRequest request;
  request.set_query(query);
  request.set_order_by(order);
  request.set_page_size(page_size);
  return request;
}

v1::SearchIncidentsRequest WithFacets(v1::SearchIncidentsRequest request) {
  request.add_facets()->mutable_dimension()->set_field("country");
  v1::FacetRequest* years = request.add_facets();
  years->mutable_dimension()->set_field("create_time");
  years->mutable_dimension()->set_bucket(v1::DATE_BUCKET_YEAR);
  years->set_limit(7);
  request.set_count(v1::COUNT_MODE_EXACT);
  return request;
}

// The same node twice, once with one shard and once with three.
class TwoNodes {
 public:
  class Node : public SearchTest {
   public:
    void TestBody() override {}
    using SearchTest::Call;
    using SearchTest::Fill;
    using SearchTest::ReadAll;
    using SearchTest::ReadStream;
    using SearchTest::Search;
    using SearchTest::StartNode;
    using Stub = SearchTest::Stub;
  };

  explicit TwoNodes(const std::vector<Sample>& samples) {
    one.StartNode(1);
    one.Fill(samples);
    three.StartNode(3);
    three.Fill(samples);
  }

  Node one;
  Node three;
};

TEST(ShardsTest, ThreeAnswerAsOne) {
  TwoNodes nodes(Samples(200));
  for (const std::string order : {"", "relevance", "create_time asc", "create_time desc"}) {
    for (const std::string query : {"", "coal", "tank", "tank missile", "ship", "nothing"}) {
      for (const int page_size : {1, 9, 50, 1000}) {
        const auto request = Request(query, order, page_size);
        EXPECT_THAT(nodes.three.ReadAll(request), ElementsAreArray(nodes.one.ReadAll(request)))
            << query << " by " << order << ", " << page_size;
      }
      const auto request = WithFacets(Request(query, order, 5));
      const auto one = nodes.one.Search(request);
      const auto three = nodes.three.Search(request);
      ASSERT_THAT(one, IsOk());
      ASSERT_THAT(three, IsOk());
      EXPECT_EQ(one->total().count(), three->total().count());
      EXPECT_TRUE(three->total().exact());
      ASSERT_EQ(one->facets_size(), three->facets_size());
      for (int i = 0; i < one->facets_size(); ++i) {
        EXPECT_EQ(one->facets(i).ShortDebugString(), three->facets(i).ShortDebugString());
      }
      for (int i = 0; i < one->hits_size(); ++i) EXPECT_DOUBLE_EQ(one->hits(i).score(), three->hits(i).score());
    }
  }
}

TEST(ShardsTest, AggregatesAreExact) {
  TwoNodes nodes(Samples(300));
  for (const v1::BucketOrder order : {v1::BUCKET_ORDER_UNSPECIFIED, v1::BUCKET_ORDER_KEY}) {
    for (const int limit : {0, 3}) {
      v1::AggregateIncidentsRequest request;
      request.set_query("tank");
      request.add_by()->set_field("country");
      request.add_by()->set_field("create_time");
      request.set_order(order);
      request.set_limit(limit);
      auto one = nodes.one.Call(&TwoNodes::Node::Stub::AggregateIncidents, request);
      auto three = nodes.three.Call(&TwoNodes::Node::Stub::AggregateIncidents, request);
      ASSERT_THAT(one, IsOk());
      ASSERT_THAT(three, IsOk());
      EXPECT_GT(one->bucket_count(), 3u);
      EXPECT_EQ(one->buckets_size(), limit == 0 ? static_cast<int>(one->bucket_count()) : limit);
      one->clear_read_position();
      three->clear_read_position();
      EXPECT_EQ(one->ShortDebugString(), three->ShortDebugString());
    }
  }
}

TEST(ShardsTest, AStreamIsTheWholeListAndGoesOnAnywhere) {
  TwoNodes nodes(Samples(450));
  v1::StreamIncidentsRequest request;
  request.set_query("coal");
  request.set_order_by("create_time desc");
  const std::vector<std::string> all = nodes.one.ReadAll(Request("coal", "create_time desc", 1000));
  EXPECT_EQ(all.size(), 450u);
  EXPECT_EQ(nodes.three.ReadStream(request).first, all);
  for (const size_t cut : {1, 2, 199, 200, 201, 449, 450}) {
    auto [names, token] = nodes.three.ReadStream(request, cut);
    v1::StreamIncidentsRequest rest = request;
    rest.set_resume_token(token);
    const auto more = nodes.three.ReadStream(rest).first;
    names.insert(names.end(), more.begin(), more.end());
    EXPECT_EQ(names, all) << cut;
  }
}

TEST_F(SearchTest, PagesSurviveInsertsAndARestartOfTheService) {
  StartNode(2);
  for (int i = 1; i <= 6; ++i) shards_[i % 2]->Add(Id(i), i, "x");
  v1::SearchIncidentsRequest request;
  request.set_page_size(2);
  const auto first = Search(request);
  EXPECT_EQ(first->incidents(1).name(), "incidents/" + Id(5));
  shards_[0]->Add(Id(7), 7, "x");
  shards_[1]->Add(Id(8), 8, "x");
  request.set_page_token(first->next_page_token());
  const auto second = Search(request);
  ASSERT_EQ(second->incidents_size(), 2);
  EXPECT_EQ(second->incidents(0).name(), "incidents/" + Id(4));
  EXPECT_EQ(second->incidents(1).name(), "incidents/" + Id(3));
  // Another process with the same shards.
  const auto other =
      QueryNode::Start(options_, {{shard_servers_[0]->InProcessChannel({})}, {shard_servers_[1]->InProcessChannel({})}},
                       &metrics_, &logger_);
  ASSERT_THAT(other, IsOk());
  grpc::ServerBuilder builder;
  for (grpc::Service* service : (*other)->Services()) builder.RegisterService(service);
  const auto server = builder.BuildAndStart();
  const auto stub = v1::QueryService::NewStub(server->InProcessChannel({}));
  grpc::ClientContext context;
  v1::SearchIncidentsResponse again;
  ASSERT_TRUE(stub->SearchIncidents(&context, request, &again).ok());
  EXPECT_EQ(again.ShortDebugString(), second->ShortDebugString());
  server->Shutdown();
}

TEST_F(SearchTest, ATokenBelongsToAllItsArguments) {
  StartNode();
  for (int i = 1; i <= 4; ++i) shards_[0]->Add(Id(i), i, "x", "KP");
  v1::SearchIncidentsRequest request;
  request.set_page_size(2);
  request.set_filter("KP");
  request.set_page_token(Search(request)->next_page_token());
  ASSERT_THAT(Search(request), IsOk());
  const std::vector<std::function<void(v1::SearchIncidentsRequest&)>> changes = {
      [](auto& r) { r.set_query("y"); },
      [](auto& r) { r.set_page_size(3); },
      [](auto& r) { r.set_filter(""); },
      [](auto& r) { r.set_order_by("create_time asc"); },
      [](auto& r) { r.set_allow_partial(true); },
      [](auto& r) { r.add_facets()->mutable_dimension()->set_field("country"); },
      [](auto& r) { r.set_page_token("nonsense"); }};
  for (const auto& change : changes) {
    v1::SearchIncidentsRequest other = request;
    change(other);
    ExpectError(Search(other).status(), StatusCode::kInvalidArgument, "PAGE_TOKEN_MISMATCH");
  }
  // A token of one RPC is none of another.
  v1::SearchDocumentsRequest documents;
  documents.set_page_size(2);
  documents.set_filter("KP");
  documents.set_page_token(request.page_token());
  ExpectError(Call(&Stub::SearchDocuments, documents).status(), StatusCode::kInvalidArgument, "PAGE_TOKEN_MISMATCH");
}

TEST_F(SearchTest, AStreamRefusesTokensOfOtherArguments) {
  StartNode();
  for (int i = 1; i <= 3; ++i) shards_[0]->Add(Id(i), i, "x");
  v1::StreamIncidentsRequest request;
  request.set_resume_token(ReadStream(request, 1).second);
  EXPECT_EQ(ReadStream(request).first.size(), 2u);
  request.set_query("x");
  grpc::ClientContext context;
  v1::StreamIncidentsResponse message;
  auto reader = stub_->StreamIncidents(&context, request);
  EXPECT_FALSE(reader->Read(&message));
  ExpectError(server::FromGrpc(reader->Finish()), StatusCode::kInvalidArgument, "PAGE_TOKEN_MISMATCH");
}

TEST_F(SearchTest, AStreamThatNobodyReadsEndsWithItsClient) {
  StartNode();
  for (int i = 1; i <= 500; ++i) shards_[0]->Add(Id(i), i, "x");
  ReadStream({}, 3);
  node_->Stop();  // returns when the cancelled stream is over
}

TEST_F(SearchTest, PartialAnswersOnlyWhenAllowedAndAlwaysMarked) {
  StartNode(3);
  for (int i = 1; i <= 9; ++i) shards_[i % 3]->Add(Id(i), i, "word", "KP");
  shards_[1]->FailWith(grpc::Status(grpc::StatusCode::UNAVAILABLE, "down"));
  for (const std::string order : {"", "relevance"}) {
    v1::SearchIncidentsRequest request = WithFacets(Request("word", order, 4));
    ExpectError(Search(request).status(), StatusCode::kUnavailable, "INDEX_UNAVAILABLE");
    request.set_allow_partial(true);
    const auto partial = Search(request);
    ASSERT_THAT(partial, IsOk());
    ASSERT_EQ(partial->missing_shards_size(), 1);
    EXPECT_EQ(partial->missing_shards(0).shard(), 1u);
    EXPECT_EQ(partial->missing_shards(0).reason(), "INDEX_UNAVAILABLE");
    EXPECT_EQ(partial->total().count(), 6u);
    EXPECT_EQ(partial->facets(0).buckets(0).count(), 6u);
    // It ends, though a shard is missing.
    EXPECT_EQ(ReadAll(request).size(), 6u);
  }
  v1::AggregateIncidentsRequest aggregate;
  aggregate.add_by()->set_field("country");
  ExpectError(Call(&Stub::AggregateIncidents, aggregate).status(), StatusCode::kUnavailable, "INDEX_UNAVAILABLE");
  aggregate.set_allow_partial(true);
  EXPECT_EQ(Call(&Stub::AggregateIncidents, aggregate)->missing_shards_size(), 1);
  shards_[1]->FailWith(grpc::Status::OK);
  v1::SearchIncidentsRequest whole = Request("word", "", 4);
  whole.set_allow_partial(true);
  EXPECT_THAT(Search(whole)->missing_shards(), IsEmpty());
}

TEST_F(SearchTest, WithoutAnyShardThereIsNoPartialAnswer) {
  StartNode(2);
  for (auto& shard : shards_) shard->FailWith(grpc::Status(grpc::StatusCode::UNAVAILABLE, "down"));
  v1::SearchIncidentsRequest request;
  request.set_allow_partial(true);
  ExpectError(Search(request).status(), StatusCode::kUnavailable, "INDEX_UNAVAILABLE");
}

TEST_F(SearchTest, ALateShardIsMissingBeforeTheCallEnds) {
  StartNode(2);
  shards_[0]->Add(Id(1), 1, "word");
  shards_[1]->Hold();
  v1::SearchIncidentsRequest request;
  request.set_allow_partial(true);
  const auto answer = Call(&Stub::SearchIncidents, request, absl::Seconds(2));
  ASSERT_THAT(answer, IsOk());
  ASSERT_EQ(answer->missing_shards_size(), 1);
  EXPECT_EQ(answer->missing_shards(0).reason(), "DEADLINE_PASSED");
  EXPECT_EQ(answer->incidents_size(), 1);
}

TEST_F(SearchTest, AWrongRequestIsNotMissing) {
  StartNode(2);
  for (auto& shard : shards_) shard->Add(Id(1), 1, "word");
  v1::SearchIncidentsRequest request = Request("(", "", 4);
  request.set_allow_partial(true);
  ExpectError(Search(request).status(), StatusCode::kInvalidArgument, "INVALID_QUERY");
}

TEST_F(SearchTest, SaysWhatItFoundOutOnTheWay) {
  StartNode(2);
  for (int i = 1; i <= 8; ++i) shards_[i % 2]->Add(Id(i), i, "word");
  v1::SearchIncidentsRequest request = Request("wird", "", 4);
  request.set_explain(true);
  EXPECT_EQ(Search(request)->did_you_mean(), "word");
  EXPECT_EQ(Search(request)->plan(), "shard 0\ntitle\nshard 1\ntitle\n");
  EXPECT_EQ(Search(Request("word", "", 4))->did_you_mean(), "");
  options_.capped_count = 3;
  request = Request("word", "", 4);
  EXPECT_FALSE(Search(request)->has_total());
  request.set_count(v1::COUNT_MODE_CAPPED);
  EXPECT_TRUE(Search(request)->total().exact());
}

TEST_F(SearchTest, ACappedCountSaysSo) {
  options_.capped_count = 3;
  StartNode(2);
  for (int i = 1; i <= 9; ++i) shards_[i % 2]->Add(Id(i), i, "word");
  v1::SearchIncidentsRequest request = Request("word", "", 4);
  request.set_count(v1::COUNT_MODE_CAPPED);
  EXPECT_EQ(Search(request)->total().count(), 6u);
  EXPECT_FALSE(Search(request)->total().exact());
}

TEST_F(SearchTest, DocumentsTellOfIncidentsInAllShards) {
  StartNode(2);
  shards_[0]->Add(Id(1), 1, "word");
  shards_[1]->AddDocument(Id(1) + Id(1), false, {{9, "incidents/i"}});
  v1::SearchDocumentsRequest request;
  const auto answer = Call(&Stub::SearchDocuments, request);
  ASSERT_THAT(answer, IsOk());
  ASSERT_EQ(answer->documents_size(), 1);
  EXPECT_THAT(answer->documents(0).incidents(), ElementsAre("incidents/i"));
}

// A shard knows facets by its own request.
TEST_F(SearchTest, AWrongFieldIsNamedAsTheClientSentIt) {
  StartNode();
  const auto fail = [this](const std::string& field) {
    shards_[0]->FailWith(
        server::ToGrpc(server::Error(absl::StatusCode::kInvalidArgument, "INVALID_FACET", field + ": no such field",
                                     {{"field", field}, {"begin", "0"}, {"end", "7"}})));
  };
  fail("facets[0].dimensions[1].field");
  v1::AggregateIncidentsRequest aggregate;
  for (const char* name : {"country", "nothing"}) aggregate.add_by()->set_field(name);
  const absl::Status status = Call(&Stub::AggregateIncidents, aggregate).status();
  EXPECT_EQ(server::ReasonOf(status), "INVALID_FACET");
  EXPECT_EQ(server::MetadataOf(status, "field"), "by[1].field");
  EXPECT_EQ(server::MetadataOf(status, "end"), "7");
  EXPECT_EQ(status.message(), "by[1].field: no such field");
  fail("facets[2].dimensions[0].field");
  EXPECT_EQ(server::MetadataOf(Search(v1::SearchIncidentsRequest()).status(), "field"), "facets[2].dimension.field");
}

TEST_F(SearchTest, FieldsAreChecked) {
  StartNode();
  v1::SearchIncidentsRequest request;
  request.add_facets();
  ExpectError(Search(request).status(), StatusCode::kInvalidArgument, "INVALID_FIELD", "facets[0].dimension.field");
  request.mutable_facets(0)->mutable_dimension()->set_field("country");
  request.mutable_facets(0)->set_limit(1001);
  ExpectError(Search(request).status(), StatusCode::kInvalidArgument, "INVALID_FIELD", "facets[0].limit");
  request.clear_facets();
  for (int i = 0; i < 21; ++i) request.add_facets()->mutable_dimension()->set_field("country");
  ExpectError(Search(request).status(), StatusCode::kInvalidArgument, "INVALID_FIELD", "facets");
  request.clear_facets();
  request.set_filter(std::string(20000, 'x'));
  ExpectError(Search(request).status(), StatusCode::kInvalidArgument, "INVALID_FIELD", "filter");
  v1::AggregateIncidentsRequest aggregate;
  ExpectError(Call(&Stub::AggregateIncidents, aggregate).status(), StatusCode::kInvalidArgument, "INVALID_FIELD", "by");
  aggregate.add_by()->set_field("country");
  aggregate.set_limit(-1);
  ExpectError(Call(&Stub::AggregateIncidents, aggregate).status(), StatusCode::kInvalidArgument, "INVALID_FIELD",
              "limit");
}

}  // namespace
}  // namespace interdict::query
