// When which replica is asked, and when a shard's answers are late.
#include "services/query/attempts.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/query/latency_window.h"
#include "services/server/status.h"

namespace interdict::query {
namespace {

using Then = Attempts::Then;

TEST(Attempts, TheFirstGoodAnswerCountsOnce) {
  Attempts attempts(3, 2);
  EXPECT_EQ(attempts.Next(), 2u);
  EXPECT_EQ(attempts.Next(), 0u);
  EXPECT_EQ(attempts.Ended(true, false), Then::kAnswer);
  EXPECT_EQ(attempts.Next(), std::nullopt);
  EXPECT_EQ(attempts.Ended(true, false), Then::kNothing);
}

TEST(Attempts, FailuresGoOnUntilAllHaveFailed) {
  Attempts attempts(2, 0);
  attempts.Next();
  EXPECT_EQ(attempts.Ended(false, true), Then::kAskNext);
  EXPECT_EQ(attempts.Next(), 1u);
  EXPECT_EQ(attempts.Next(), std::nullopt);
  EXPECT_EQ(attempts.Ended(false, true), Then::kAnswer);
}

TEST(Attempts, AFailureWaitsForTheOneUnderWay) {
  Attempts attempts(2, 0);
  attempts.Next();
  attempts.Next();
  EXPECT_EQ(attempts.Ended(false, true), Then::kNothing);
  EXPECT_EQ(attempts.Ended(true, false), Then::kAnswer);
}

TEST(Attempts, AnErrorOfTheRequestIsTheAnswer) {
  Attempts attempts(2, 0);
  attempts.Next();
  EXPECT_EQ(attempts.Ended(false, false), Then::kAnswer);
}

TEST(MayFailOver, OnlyWhereAnotherMayDoBetter) {
  EXPECT_TRUE(MayFailOver(grpc::Status(grpc::UNAVAILABLE, "")));
  EXPECT_TRUE(MayFailOver(grpc::Status(grpc::DATA_LOSS, "")));
  EXPECT_TRUE(
      MayFailOver(server::ToGrpc(server::Error(absl::StatusCode::kResourceExhausted, "WORK_QUEUE_FULL", "full"))));
  EXPECT_FALSE(
      MayFailOver(server::ToGrpc(server::Error(absl::StatusCode::kResourceExhausted, "QUERY_TOO_COSTLY", "costly"))));
  for (const auto code : {grpc::INVALID_ARGUMENT, grpc::NOT_FOUND, grpc::CANCELLED, grpc::DEADLINE_EXCEEDED}) {
    EXPECT_FALSE(MayFailOver(grpc::Status(code, "")));
  }
}

TEST(LatencyWindow, TellsTheQuantileOfTheLastSamples) {
  LatencyWindow window(0.95, absl::Milliseconds(50));
  EXPECT_EQ(window.Quantile(), absl::Milliseconds(50));
  for (size_t i = 1; i < LatencyWindow::kEnough; ++i) window.Add(absl::Milliseconds(1));
  EXPECT_EQ(window.Quantile(), absl::Milliseconds(50)) << "too few to know";
  for (int i = 1; i <= 1000; ++i) window.Add(absl::Milliseconds(i % 100));
  EXPECT_GT(window.Quantile(), absl::Milliseconds(90));
  EXPECT_LT(window.Quantile(), absl::Milliseconds(99));
  for (size_t i = 0; i < 2 * LatencyWindow::kSamples; ++i) window.Add(absl::Milliseconds(2));
  EXPECT_EQ(window.Quantile(), absl::Milliseconds(2)) << "what is long ago does not count";
}

}  // namespace
}  // namespace interdict::query
