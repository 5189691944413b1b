#include "services/ingest/circuit_breaker.h"

#include "gtest/gtest.h"

namespace interdict::ingest {
namespace {

class CircuitBreakerTest : public ::testing::Test {
 protected:
  void FailTimes(int times) {
    for (int i = 0; i < times; ++i) {
      ASSERT_TRUE(breaker_.TryEnter());
      breaker_.Failed();
    }
  }

  absl::Time now_ = absl::UnixEpoch();
  CircuitBreaker breaker_{{.failures_to_open = 3, .first_open = absl::Seconds(10), .max_open = absl::Seconds(30)},
                          [this] { return now_; }};
};

TEST_F(CircuitBreakerTest, OpensAfterFailuresInARowOnly) {
  FailTimes(2);
  ASSERT_TRUE(breaker_.TryEnter());
  breaker_.Succeeded();
  FailTimes(2);
  EXPECT_EQ(breaker_.state(), CircuitBreaker::State::kClosed);
  FailTimes(1);
  EXPECT_EQ(breaker_.state(), CircuitBreaker::State::kOpen);
  EXPECT_FALSE(breaker_.TryEnter());
}

TEST_F(CircuitBreakerTest, LetsOneProbeThroughAndClosesWhenItSucceeds) {
  FailTimes(3);
  now_ += absl::Seconds(9);
  EXPECT_FALSE(breaker_.TryEnter());
  now_ += absl::Seconds(1);
  EXPECT_TRUE(breaker_.TryEnter());
  EXPECT_EQ(breaker_.state(), CircuitBreaker::State::kHalfOpen);
  EXPECT_FALSE(breaker_.TryEnter()) << "a second call beside the probe";
  breaker_.Succeeded();
  EXPECT_EQ(breaker_.state(), CircuitBreaker::State::kClosed);
  EXPECT_TRUE(breaker_.TryEnter());
  EXPECT_TRUE(breaker_.TryEnter());
}

TEST_F(CircuitBreakerTest, StaysOpenTwiceAsLongAfterEachFailedProbeUpToTheLimit) {
  FailTimes(3);
  for (const int seconds : {10, 20, 30, 30}) {
    now_ += absl::Seconds(seconds) - absl::Milliseconds(1);
    EXPECT_FALSE(breaker_.TryEnter()) << seconds;
    now_ += absl::Milliseconds(1);
    ASSERT_TRUE(breaker_.TryEnter()) << seconds;
    breaker_.Failed();
    EXPECT_EQ(breaker_.state(), CircuitBreaker::State::kOpen);
  }
}

TEST_F(CircuitBreakerTest, ALateAnswerOfACallFromBeforeChangesNothing) {
  ASSERT_TRUE(breaker_.TryEnter());  // ends after the breaker has opened
  FailTimes(3);
  breaker_.Succeeded();
  EXPECT_FALSE(breaker_.TryEnter());
  breaker_.Failed();
  now_ += absl::Seconds(10);
  EXPECT_TRUE(breaker_.TryEnter()) << "a late failure must not prolong the wait";
}

}  // namespace
}  // namespace interdict::ingest
