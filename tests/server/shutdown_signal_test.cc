#include "services/server/shutdown_signal.h"

#include <csignal>
#include <thread>

#include "tests/status_matchers.h"

namespace interdict::server {
namespace {

using ::interdict::testing::IsOk;

TEST(ShutdownSignalTest, WaitReturnsTheSignal) {
  for (const int number : {SIGTERM, SIGINT}) {
    auto shutdown = ShutdownSignal::Create();
    ASSERT_THAT(shutdown, IsOk());
    ASSERT_EQ(raise(number), 0);
    EXPECT_EQ((*shutdown)->Wait(), number);
  }
}

TEST(ShutdownSignalTest, InterruptEndsTheWait) {
  auto shutdown = ShutdownSignal::Create();
  ASSERT_THAT(shutdown, IsOk());
  std::thread interrupter([&] { (*shutdown)->Interrupt(); });
  EXPECT_EQ((*shutdown)->Wait(), 0);
  interrupter.join();
}

TEST(ShutdownSignalDeathTest, ASecondSignalEndsTheProcessAtOnce) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(
      {
        auto shutdown = ShutdownSignal::Create();
        raise(SIGTERM);
        (*shutdown)->Wait();
        raise(SIGTERM);
      },
      ::testing::KilledBySignal(SIGTERM), "");
}

}  // namespace
}  // namespace interdict::server
