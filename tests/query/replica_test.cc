// Replicas of a shard: a second is asked when the first is late or has failed. When time has passed, the tests say.
#include <thread>

#include "tests/query/query_fixture.h"

namespace interdict::query {
namespace {

using absl::StatusCode;
using testing::IsOk;

class ReplicaTest : public QueryTest {
 protected:
  void Start(uint32_t shards = 1) {
    StartNode(shards, 2);
    for (size_t i = 0; i < shards_.size(); ++i) shards_[i]->Add(Id(static_cast<int>(i / 2) + 1), 1, "word");
  }
  int Questions() {
    int sum = 0;
    for (auto& shard : shards_) sum += shard->questions();
    return sum;
  }
};

TEST_F(ReplicaTest, ALateReplicaIsOvertaken) {
  Start();
  for (auto& replica : shards_) replica->Hold();
  absl::StatusOr<v1::SearchIncidentsResponse> answer;
  std::thread caller([&] { answer = Search({}); });
  while (Questions() == 0) std::this_thread::yield();
  const size_t first = shards_[0]->questions() == 1 ? 0 : 1;
  EXPECT_EQ(shards_[1 - first]->questions(), 0) << "nobody is late yet";
  EXPECT_EQ(timer_.FireAll(), 1);
  shards_[1 - first]->AwaitHeld(1);
  shards_[1 - first]->Release();
  caller.join();
  ASSERT_THAT(answer, IsOk());
  EXPECT_EQ(answer->incidents_size(), 1);
  // The one that was overtaken is told to stop.
  while (shards_[first]->cancelled() == 0) std::this_thread::yield();
}

TEST_F(ReplicaTest, AnAnswerInTimeIsAskedForOnce) {
  Start();
  for (int i = 0; i < 10; ++i) ASSERT_THAT(Search({}), IsOk());
  timer_.FireAll();
  EXPECT_EQ(Questions(), 10) << "what is answered is not asked again";
  EXPECT_EQ(shards_[0]->questions(), 5) << "they take turns";
}

TEST_F(ReplicaTest, AFailedReplicaIsReplacedAtOnce) {
  Start();
  shards_[0]->FailWith(grpc::Status(grpc::StatusCode::UNAVAILABLE, "down"));
  for (int i = 0; i < 6; ++i) EXPECT_THAT(Search({}), IsOk());
  shards_[0]->FailWith(server::ToGrpc(server::Error(StatusCode::kDataLoss, "STORED_RECORD_CORRUPT", "bad block")));
  for (int i = 0; i < 6; ++i) EXPECT_THAT(Search({}), IsOk());
  shards_[1]->FailWith(grpc::Status(grpc::StatusCode::UNAVAILABLE, "down"));
  // Whichever comes last is told.
  EXPECT_THAT(Search({}).status().code(), ::testing::AnyOf(StatusCode::kUnavailable, StatusCode::kDataLoss));
}

TEST_F(ReplicaTest, AWrongRequestIsAskedOnce) {
  Start();
  v1::SearchIncidentsRequest request;
  request.set_query("(");
  ExpectError(Search(request).status(), StatusCode::kInvalidArgument, "INVALID_QUERY");
  EXPECT_EQ(Questions(), 1);
}

TEST_F(ReplicaTest, ALateFirstMayStillAnswerWhenTheSecondFails) {
  Start();
  for (auto& replica : shards_) replica->Hold();
  absl::StatusOr<v1::SearchIncidentsResponse> answer;
  std::thread caller([&] { answer = Search({}); });
  while (Questions() == 0) std::this_thread::yield();
  const size_t first = shards_[0]->questions() == 1 ? 0 : 1;
  timer_.FireAll();
  shards_[1 - first]->AwaitHeld(1);
  shards_[1 - first]->FailWith(grpc::Status(grpc::StatusCode::UNAVAILABLE, "down"));
  shards_[1 - first]->Release();
  shards_[first]->Release();
  caller.join();
  ASSERT_THAT(answer, IsOk());
}

TEST_F(ReplicaTest, SecondQuestionsAreAShareOfAll) {
  options_.hedge.max_share = 0;
  Start();
  // Ten are in hand at the start, and no question adds to them.
  for (int i = 0; i < 15; ++i) {
    for (auto& replica : shards_) replica->Hold();
    absl::StatusOr<v1::SearchIncidentsResponse> answer;
    const int before = Questions();
    std::thread caller([&] { answer = Search({}); });
    while (Questions() == before) std::this_thread::yield();
    EXPECT_EQ(timer_.FireAll(), 1);
    if (i < 10) {
      while (Questions() == before + 1) std::this_thread::yield();
    }
    for (auto& replica : shards_) replica->Release();
    caller.join();
    ASSERT_THAT(answer, IsOk());
    EXPECT_EQ(Questions(), before + (i < 10 ? 2 : 1)) << i;
  }
}

TEST_F(ReplicaTest, NeverHedgesIfToldSo) {
  options_.hedge.quantile = 1;
  Start();
  ASSERT_THAT(Search({}), IsOk());
  EXPECT_EQ(timer_.FireAll(), 0);
  shards_[0]->FailWith(grpc::Status(grpc::StatusCode::UNAVAILABLE, "down"));
  for (int i = 0; i < 3; ++i) EXPECT_THAT(Search({}), IsOk());
}

}  // namespace
}  // namespace interdict::query
