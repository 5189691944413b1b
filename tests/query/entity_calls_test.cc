// MatchEntities, GetEntity and ExpandNetwork over fake shards: order, limits, merging, paths, errors.
#include <set>

#include "services/query/validate_entities.h"
#include "tests/query/query_fixture.h"

namespace interdict::query {
namespace {

using absl::StatusCode;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::IsOk;
using ::testing::SizeIs;

class EntityCallsTest : public QueryTest {
 protected:
  struct Matched {
    std::vector<v1::MatchResult> results;
    std::vector<std::string> lists;  // of the last message
    int messages = 0;
    absl::Status status;
  };

  Matched Match(const v1::MatchEntitiesRequest& request) {
    grpc::ClientContext context;
    context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(60)));
    auto reader = stub_->MatchEntities(&context, request);
    Matched matched;
    v1::MatchEntitiesResponse message;
    while (reader->Read(&message)) {
      ++matched.messages;
      EXPECT_FALSE(message.read_position().empty());
      matched.lists.clear();
      for (const v1::ReferenceList& list : message.lists()) matched.lists.push_back(list.name() + " " + list.version());
      matched.results.insert(matched.results.end(), message.results().begin(), message.results().end());
    }
    matched.status = server::FromGrpc(reader->Finish());
    return matched;
  }

  absl::StatusOr<v1::ExpandNetworkResponse> Expand(int from, int depth, int to = 0, bool observers = false,
                                                   int max_entities = 0) {
    v1::ExpandNetworkRequest request;
    request.set_name("entities/" + Id(from));
    if (to != 0) request.set_to("entities/" + Id(to));
    request.set_depth(depth);
    request.set_include_observers(observers);
    request.set_max_entities(max_entities);
    return Call(&Stub::ExpandNetwork, request);
  }

  // 1 – 2 over incident 11, 2 – 3 over 12 and 13, 3 – 4 over 14; 9 investigates 11 and 20, where 5 is.
  void AddChain() {
    const auto shard = [this](int incident) { return shards_[static_cast<size_t>(incident) % shards_.size()].get(); };
    for (const auto& [entity, incident] :
         {std::pair(1, 11), {2, 11}, {2, 12}, {3, 12}, {2, 13}, {3, 13}, {3, 14}, {4, 14}, {5, 20}}) {
      shard(incident)->AddMention(Id(entity), Id(incident), absl::StrCat("Name ", entity));
    }
    for (const int incident : {11, 20}) {
      shard(incident)->AddMention(Id(9), Id(incident), "Customs", v1::PARTY_ROLE_AUTHORITY);
    }
  }
};

std::vector<std::string> Names(const v1::ExpandNetworkResponse& network) {
  std::vector<std::string> names;
  for (const v1::NetworkNode& node : network.nodes()) {
    names.push_back(absl::StrCat(node.entity().display_name(), " ", node.distance()));
  }
  return names;
}

TEST_F(EntityCallsTest, ResultsComeInTheOrderOfTheQueriesAndTellTheLists) {
  StartNode(2);
  shards_[0]->AddList("lists/demo", {"Name 3"});
  shards_[1]->AddMention(Id(1), Id(11), "Name 250");
  v1::MatchEntitiesRequest request;
  for (int i = 0; i < 1000; ++i) {
    v1::MatchQuery* query = request.add_queries();
    query->set_id(absl::StrCat("q", i));
    query->set_name(absl::StrCat("Name ", i));
  }
  const Matched matched = Match(request);
  ASSERT_THAT(matched.status, IsOk());
  ASSERT_THAT(matched.results, SizeIs(1000));
  EXPECT_GT(matched.messages, 1);
  for (uint32_t i = 0; i < 1000; ++i) {
    EXPECT_EQ(matched.results[i].query_index(), i);
    EXPECT_EQ(matched.results[i].id(), absl::StrCat("q", i));
    EXPECT_THAT(matched.results[i].matches(), SizeIs(i == 3 || i == 250 ? 1 : 0));
  }
  EXPECT_EQ(matched.results[3].matches(0).entry().name(), "lists/demo/entries/Name 3");
  EXPECT_EQ(matched.results[250].matches(0).entity().name(), "entities/" + Id(1));
  EXPECT_THAT(matched.lists, ElementsAre("lists/demo 7"));
}

TEST_F(EntityCallsTest, AnEmptyAnswerTellsTheListsAndAnUnknownListIsAnError) {
  StartNode();
  shards_[0]->AddList("lists/demo", {"Somebody"});
  v1::MatchEntitiesRequest request;
  request.add_queries()->set_name("Nobody");
  const Matched nothing = Match(request);
  ASSERT_THAT(nothing.status, IsOk());
  ASSERT_THAT(nothing.results, SizeIs(1));
  EXPECT_THAT(nothing.results[0].matches(), IsEmpty());
  EXPECT_THAT(nothing.lists, ElementsAre("lists/demo 7"));
  request.add_lists("lists/other");
  const Matched unknown = Match(request);
  EXPECT_EQ(server::ReasonOf(unknown.status), "LIST_NOT_FOUND");
  EXPECT_THAT(unknown.results, IsEmpty());
}

TEST_F(EntityCallsTest, AnEntityOfSeveralShardsIsToldOnce) {
  StartNode(3);
  for (auto& shard : shards_) shard->AddMention(Id(1), Id(11), "Name 1");
  v1::MatchEntitiesRequest request;
  request.add_queries()->set_name("Name 1");
  EXPECT_THAT(Match(request).results[0].matches(), SizeIs(1));
}

TEST_F(EntityCallsTest, AFailingShardEndsTheStream) {
  StartNode(2);
  shards_[1]->FailWith(grpc::Status(grpc::StatusCode::DATA_LOSS, "broken"));
  v1::MatchEntitiesRequest request;
  for (int i = 0; i < 900; ++i) request.add_queries()->set_name("Name");
  EXPECT_EQ(Match(request).status.code(), StatusCode::kDataLoss);
}

TEST_F(EntityCallsTest, WrongMatchRequestsNameTheField) {
  StartNode();
  const auto expect = [this](const v1::MatchEntitiesRequest& request, const std::string& field) {
    ExpectError(Match(request).status, StatusCode::kInvalidArgument, "INVALID_FIELD", field);
  };
  v1::MatchEntitiesRequest request;
  expect(request, "queries");
  request.add_queries();
  expect(request, "queries[0].name");
  request.mutable_queries(0)->set_name("Name");
  request.mutable_queries(0)->add_country_codes("kp");
  expect(request, "queries[0].country_codes[0]");
  request.mutable_queries(0)->set_country_codes(0, "KP");
  request.mutable_queries(0)->set_birth_date("24 October 1963");
  expect(request, "queries[0].birth_date");
  for (const char* date : {"1963", "1963-10", "1963-10-24", "1963~", "1962/1964"}) {
    request.mutable_queries(0)->set_birth_date(date);
    EXPECT_THAT(ValidateMatchEntities(request), IsOk()) << date;
  }
  request.set_threshold(1.5);
  expect(request, "threshold");
  request.set_threshold(0);
  request.set_limit(101);
  expect(request, "limit");
  request.set_limit(0);
  request.add_lists("demo");
  expect(request, "lists[0]");
  request.clear_lists();
  for (int i = 0; i < 10'000; ++i) request.add_queries()->set_name("Name");
  expect(request, "queries");
}

TEST_F(EntityCallsTest, AnEntityIsPutTogetherFromAllShards) {
  StartNode(2);
  shards_[0]->AddList("lists/demo", {"Full Name One"});
  shards_[0]->AddMention(Id(1), Id(11), "Name 1");
  shards_[1]->AddMention(Id(1), Id(12), "Full Name One");
  shards_[1]->AddMention(Id(2), Id(13), "Full Name One");
  v1::GetEntityRequest request;
  request.set_name("entities/" + Id(1));
  const auto entity = Call(&Stub::GetEntity, request);
  ASSERT_THAT(entity, IsOk());
  EXPECT_EQ(entity->entity().display_name(), "Full Name One");
  EXPECT_THAT(entity->entity().aliases(), ElementsAre("Name 1"));
  EXPECT_THAT(entity->names(), SizeIs(2));
  EXPECT_THAT(entity->appearances(), SizeIs(2));
  ASSERT_THAT(entity->list_matches(), SizeIs(1));
  EXPECT_EQ(entity->list_matches(0).entry().name(), "lists/demo/entries/Full Name One");
  // Another bearer of the name is told, not the entity itself.
  ASSERT_THAT(entity->similar_entities(), SizeIs(1));
  EXPECT_EQ(entity->similar_entities(0).entity().name(), "entities/" + Id(2));
  EXPECT_THAT(entity->lists(), SizeIs(1));
  request.set_name("entities/" + Id(7));
  ExpectError(Call(&Stub::GetEntity, request).status(), StatusCode::kNotFound, "ENTITY_NOT_FOUND");
  request.set_name("entities/X");
  ExpectError(Call(&Stub::GetEntity, request).status(), StatusCode::kInvalidArgument, "INVALID_FIELD", "name");
}

TEST_F(EntityCallsTest, TheNetworkGrowsStepByStepAndNotThroughThoseWhoInvestigate) {
  StartNode(2);
  AddChain();
  EXPECT_THAT(Names(*Expand(1, 1)), ElementsAre("Name 1 0", "Name 2 1"));
  EXPECT_THAT(Names(*Expand(1, 4)), ElementsAre("Name 1 0", "Name 2 1", "Name 3 2", "Name 4 3"));
  EXPECT_FALSE(Expand(1, 4)->truncated());
  EXPECT_THAT(Names(*Expand(1, 2, 0, /*observers=*/true)),
              ElementsAre("Name 1 0", "Name 2 1", "Customs 1", "Name 3 2", "Name 5 2"));
  const auto edges = Expand(1, 1)->edges();
  ASSERT_THAT(edges, SizeIs(2));
  EXPECT_EQ(edges[0].incident(), "incidents/" + Id(11));
  ExpectError(Expand(8, 1).status(), StatusCode::kNotFound, "ENTITY_NOT_FOUND");
  ExpectError(Expand(1, 5).status(), StatusCode::kInvalidArgument, "INVALID_FIELD", "depth");
}

TEST_F(EntityCallsTest, ALimitedNetworkSaysThatItIsLimited) {
  StartNode(2);
  AddChain();
  const auto limited = Expand(1, 4, 0, false, /*max_entities=*/2);
  EXPECT_THAT(Names(*limited), ElementsAre("Name 1 0", "Name 2 1"));
  EXPECT_TRUE(limited->truncated());
}

TEST_F(EntityCallsTest, ShortestPathsBetweenTwo) {
  StartNode(2);
  AddChain();
  const auto network = Expand(1, 4, 3);
  ASSERT_THAT(network, IsOk());
  std::set<std::vector<std::string>> paths;
  for (const v1::NetworkPath& path : network->paths()) paths.emplace(path.names().begin(), path.names().end());
  const auto path = [](int second_incident) {
    return std::vector<std::string>{"entities/" + Id(1), "incidents/" + Id(11), "entities/" + Id(2),
                                    "incidents/" + Id(second_incident), "entities/" + Id(3)};
  };
  EXPECT_EQ(paths, (std::set<std::vector<std::string>>{path(12), path(13)}));
  EXPECT_THAT(Expand(1, 1, 3)->paths(), IsEmpty());
  EXPECT_THAT(Expand(1, 4, 5)->paths(), IsEmpty());  // only through those who investigate
  EXPECT_THAT(Expand(1, 4, 5, /*observers=*/true)->paths(), SizeIs(1));
}

}  // namespace
}  // namespace interdict::query
