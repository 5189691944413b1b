#include "services/server/worker_pool.h"

#include <atomic>
#include <thread>
#include <vector>

#include "absl/synchronization/notification.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace interdict::server {
namespace {

using ::testing::ElementsAre;

TEST(WorkerPoolTest, RefusesWhatExceedsItsQueue) {
  WorkerPool pool("test", 1, 2);
  absl::Notification started, release;
  std::atomic<int> done = 0;
  ASSERT_TRUE(pool.TrySubmit([&] {
    started.Notify();
    release.WaitForNotification();
    ++done;
  }));
  started.WaitForNotification();
  EXPECT_TRUE(pool.TrySubmit([&] { ++done; }));
  EXPECT_TRUE(pool.TrySubmit([&] { ++done; }));
  EXPECT_EQ(pool.queued(), 2u);
  EXPECT_FALSE(pool.TrySubmit([&] { ++done; }));
  release.Notify();
  pool.Stop();
  EXPECT_EQ(done, 3);
}

TEST(WorkerPoolTest, StartsInOrderOfSubmission) {
  WorkerPool pool("test", 1, 10);
  std::vector<int> order;
  for (int i = 0; i < 4; ++i) ASSERT_TRUE(pool.TrySubmit([&order, i] { order.push_back(i); }));
  pool.Stop();
  EXPECT_THAT(order, ElementsAre(0, 1, 2, 3));
}

TEST(WorkerPoolTest, StopFinishesWhatIsQueuedAndTakesNoMore) {
  WorkerPool pool("test", 2, 100);
  absl::Notification release;
  std::atomic<int> done = 0;
  for (int i = 0; i < 20; ++i) {
    ASSERT_TRUE(pool.TrySubmit([&] {
      release.WaitForNotification();
      ++done;
    }));
  }
  std::thread stopping([&] { pool.Stop(); });
  release.Notify();
  stopping.join();
  EXPECT_EQ(done, 20);
  EXPECT_FALSE(pool.TrySubmit([&] { ++done; }));
  pool.Stop();
  EXPECT_EQ(done, 20);
}

TEST(WorkerPoolTest, WorkMaySubmitMoreWork) {
  WorkerPool pool("test", 1, 10);
  absl::Notification done;
  ASSERT_TRUE(pool.TrySubmit([&] { EXPECT_TRUE(pool.TrySubmit([&] { done.Notify(); })); }));
  done.WaitForNotification();
}

}  // namespace
}  // namespace interdict::server
