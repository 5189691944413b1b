// Which shard is asked for one incident: what is learned, and what a filter tells.
#include "services/query/shard_map.h"

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "storage/log/incident_partition.h"
#include "storage/log/position.h"
#include "tests/query/query_fixture.h"

namespace interdict::query {
namespace {

constexpr char kIdOne[] = "00000001000000000000000000000000";
constexpr char kIdTwo[] = "00000002000000000000000000000000";

std::string Token(const std::vector<uint32_t>& partitions) {
  log::Positions positions;
  for (const uint32_t partition : partitions) positions[{log::LogName::kIncidents, partition}] = 5;
  positions[{log::LogName::kIntake, 0}] = 7;
  return log::EncodePositionToken(FakeShard::kLogId, positions);
}

TEST(IncidentNamedByTest, OneNameThatMustHold) {
  const std::string name = absl::StrCat("incidents/", kIdOne);
  for (const std::string& filter :
       {absl::StrCat("name = \"", name, "\""), absl::StrCat("name = ", name), absl::StrCat("name='", name, "'"),
        absl::StrCat("stage = FOILED AND name = \"", name, "\" AND occurred >= \"2012\""),
        absl::StrCat("occurred >= 2012-07 name = \"", name, "\"")}) {
    EXPECT_EQ(IncidentNamedBy(filter), kIdOne) << filter;
  }
}

TEST(IncidentNamedByTest, AnythingElseIsAskedOfAll) {
  const std::string name = absl::StrCat("\"incidents/", kIdOne, "\"");
  for (const std::string& filter :
       {std::string(), absl::StrCat("name != ", name), absl::StrCat("NOT name = ", name),
        absl::StrCat("-name = ", name), absl::StrCat("name = ", name, " OR stage = FOILED"),
        absl::StrCat("(name = ", name, ")"), absl::StrCat("stage = FOILED OR name = ", name),
        absl::StrCat("name = (", name, " OR ", name, ")"), absl::StrCat("name : ", name),
        absl::StrCat("title = ", name), std::string("name = \"incidents/0000*\""), std::string("name = "),
        absl::StrCat("name = ", name, " AND title"), absl::StrCat("name = \"", kIdOne, "\""),
        absl::StrCat("title = \"a \\\" b\" name = ", name), std::string("name = \"incidents/")}) {
    EXPECT_EQ(IncidentNamedBy(filter), std::nullopt) << filter;
  }
}

TEST(ShardMapTest, KnowsWhenAllWereHeard) {
  ShardMap map(2);
  EXPECT_EQ(map.ShardOf(kIdOne), std::nullopt);
  map.Learn(0, Token({0, 2}));
  map.Learn(1, "garbage");
  EXPECT_EQ(map.ShardOf(kIdOne), std::nullopt);
  map.Learn(1, Token({1}));
  EXPECT_EQ(map.ShardOf(kIdOne), 1U);  // partition 1 of 3
  EXPECT_EQ(map.ShardOf(kIdTwo), 0U);
  EXPECT_TRUE(map.Confirms(kIdOne, Token({1})));
  EXPECT_FALSE(map.Confirms(kIdOne, Token({0, 2}))) << "another process listens there now";
  EXPECT_EQ(map.ShardOf(kIdOne), std::nullopt);
}

TEST(ShardMapTest, AGapIsNoNumberOfPartitions) {
  ShardMap map(2);
  map.Learn(0, Token({0}));
  map.Learn(1, Token({2}));
  EXPECT_EQ(map.ShardOf(kIdOne), std::nullopt);
}

TEST_F(QueryTest, ASearchForOneIncidentAsksItsShardAlone) {
  StartNode(3);
  v1::SearchIncidentsRequest request;
  request.set_filter(absl::StrCat("name = \"incidents/", kIdTwo, "\""));
  ASSERT_THAT(Search(request), testing::IsOk());
  for (auto& shard : shards_) EXPECT_EQ(shard->questions(), 1) << "who has what is not known yet";
  ASSERT_THAT(Search(request), testing::IsOk());
  EXPECT_EQ(shards_[0]->questions(), 1);
  EXPECT_EQ(shards_[1]->questions(), 1);
  EXPECT_EQ(shards_[2]->questions(), 2);
  // Its failure is an error, or a marked answer of the others.
  shards_[2]->FailWith(grpc::Status(grpc::StatusCode::UNAVAILABLE, "down"));
  ExpectError(Search(request).status(), absl::StatusCode::kUnavailable, "INDEX_UNAVAILABLE");
  request.set_allow_partial(true);
  const auto partial = Search(request);
  ASSERT_THAT(partial, testing::IsOk());
  ASSERT_EQ(partial->missing_shards_size(), 1);
  EXPECT_EQ(partial->missing_shards(0).shard(), 2U);
}

TEST_F(QueryTest, AnIncidentIsReadFromItsShardAlone) {
  StartNode(3);
  shards_[2]->Add(kIdTwo, 1, "Rifles");
  v1::GetIncidentRequest request;
  request.set_name(absl::StrCat("incidents/", kIdTwo));
  ASSERT_THAT(Call(&Stub::GetIncident, request), testing::IsOk());
  for (auto& shard : shards_) EXPECT_EQ(shard->questions(), 1) << "who has what is not known yet";
  // The others are not needed, not even alive.
  for (int other : {0, 1}) shards_[other]->FailWith(grpc::Status(grpc::StatusCode::UNAVAILABLE, "down"));
  const auto found = Call(&Stub::GetIncident, request);
  ASSERT_THAT(found, testing::IsOk());
  EXPECT_EQ(found->incident().name(), request.name());
  EXPECT_EQ(shards_[0]->questions(), 1);
  EXPECT_EQ(shards_[1]->questions(), 1);
  EXPECT_EQ(shards_[2]->questions(), 2);
  shards_[2]->FailWith(grpc::Status(grpc::StatusCode::UNAVAILABLE, "down"));
  ExpectError(Call(&Stub::GetIncident, request).status(), absl::StatusCode::kUnavailable, "INDEX_UNAVAILABLE");
}

TEST_F(QueryTest, AnIncidentThatItsShardHasNotIsAskedOfAll) {
  StartNode(3);
  shards_[0]->Add(kIdTwo, 1, "Rifles");
  v1::GetIncidentRequest request;
  request.set_name(absl::StrCat("incidents/", kIdTwo));
  ASSERT_THAT(Call(&Stub::GetIncident, request), testing::IsOk());
  ASSERT_THAT(Call(&Stub::GetIncident, request), testing::IsOk());
  EXPECT_EQ(shards_[2]->questions(), 3) << "alone, then with the others";
  EXPECT_EQ(shards_[1]->questions(), 2);
  // Nor is a shard that is down an answer.
  shards_[0]->FailWith(grpc::Status(grpc::StatusCode::UNAVAILABLE, "down"));
  ExpectError(Call(&Stub::GetIncident, request).status(), absl::StatusCode::kUnavailable, "INDEX_UNAVAILABLE");
}

}  // namespace
}  // namespace interdict::query
