#include "services/server/unary.h"

#include <atomic>
#include <thread>
#include <vector>

#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "services/server/run_server.h"
#include "services/server/status.h"
#include "tests/server/test_service.h"
#include "tests/status_matchers.h"

namespace interdict::server {
namespace {

using ::interdict::testing::Call;
using ::interdict::testing::IsOk;
using ::interdict::testing::StatusIs;
using ::interdict::testing::TestService;

// A server on one worker thread, with room for one more call to wait.
class UnaryTest : public ::testing::Test {
 protected:
  void Start(TestService::Work work) {
    service_ = std::make_unique<TestService>(&pool_, std::move(work));
    ServerOptions options;
    options.listen = "";
    auto server = Server::Start(options, {service_.get()}, &metrics_, &log_);
    ASSERT_THAT(server, IsOk());
    server_ = *std::move(server);
    stub_ = internal::v1::LogService::NewStub(server_->InProcessChannel());
  }

  // Takes the one worker until `release_` is notified.
  void OccupyPool() {
    absl::Notification started;
    ASSERT_TRUE(pool_.TrySubmit([&] {
      started.Notify();
      release_.WaitForNotification();
    }));
    started.WaitForNotification();
  }

  Metrics metrics_;
  Logger log_{LogLevel::kError, [](const std::string&) {}};
  WorkerPool pool_{"unary", 1, 1};
  absl::Notification release_;
  std::unique_ptr<TestService> service_;
  std::unique_ptr<Server> server_;
  std::unique_ptr<internal::v1::LogService::Stub> stub_;
};

TEST_F(UnaryTest, AnswersWithTheStatusOfTheWork) {
  Start([](const CallContext&) { return InvalidField("log", "is empty"); });
  grpc::ClientContext context;
  const absl::Status status = FromGrpc(Call(stub_.get(), &context));
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument, "log: is empty"));
  EXPECT_EQ(FieldOf(status), "log");
}

TEST_F(UnaryTest, WorkSeesTheDeadlineOfTheCall) {
  absl::Time seen;
  Start([&](const CallContext& call) {
    seen = call.deadline;
    return absl::OkStatus();
  });
  const absl::Time deadline = absl::Now() + absl::Hours(2);
  grpc::ClientContext context;
  context.set_deadline(absl::ToChronoTime(deadline));
  EXPECT_TRUE(Call(stub_.get(), &context).ok());
  // The wire carries the time that is left, rounded.
  EXPECT_LT(absl::AbsDuration(seen - deadline), absl::Minutes(2));
  grpc::ClientContext unlimited;
  EXPECT_TRUE(Call(stub_.get(), &unlimited).ok());
  EXPECT_EQ(seen, absl::InfiniteFuture());
}

TEST_F(UnaryTest, CallWhoseDeadlinePassedInTheQueueIsNotRun) {
  std::atomic<int> runs = 0;
  Start([&](const CallContext&) {
    ++runs;
    return absl::OkStatus();
  });
  OccupyPool();
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::milliseconds(50));
  EXPECT_EQ(Call(stub_.get(), &context).error_code(), grpc::DEADLINE_EXCEEDED);
  release_.Notify();
  server_->Stop();
  EXPECT_EQ(runs, 0);
}

TEST_F(UnaryTest, CallCancelledInTheQueueIsNotRun) {
  std::atomic<int> runs = 0;
  Start([&](const CallContext&) {
    ++runs;
    return absl::OkStatus();
  });
  OccupyPool();
  grpc::ClientContext context;
  grpc::Status status;
  std::thread caller([&] { status = Call(stub_.get(), &context); });
  while (pool_.queued() == 0) std::this_thread::yield();
  context.TryCancel();
  caller.join();
  EXPECT_EQ(status.error_code(), grpc::CANCELLED);
  // The server has heard of it once it stops; until then the queued call waits behind the occupied worker.
  std::thread stopping([&] { server_->Stop(); });
  absl::SleepFor(absl::Milliseconds(100));
  release_.Notify();
  stopping.join();
  EXPECT_EQ(runs, 0);
}

TEST_F(UnaryTest, FullQueueAnswersWithARetryHint) {
  std::atomic<int> runs = 0;
  Start([&](const CallContext&) {
    ++runs;
    return absl::OkStatus();
  });
  OccupyPool();
  grpc::Status waiting;
  grpc::ClientContext waiting_context;
  std::thread waiter([&] { waiting = Call(stub_.get(), &waiting_context); });
  while (pool_.queued() == 0) std::this_thread::yield();
  grpc::ClientContext context;
  const absl::Status refused = FromGrpc(Call(stub_.get(), &context));
  EXPECT_THAT(refused, StatusIs(absl::StatusCode::kResourceExhausted));
  EXPECT_EQ(ReasonOf(refused), "WORK_QUEUE_FULL");
  EXPECT_EQ(RetryAfterOf(refused), kQueueFullRetryDelay);
  release_.Notify();
  waiter.join();
  EXPECT_TRUE(waiting.ok());
  EXPECT_EQ(runs, 1);
}

TEST(CheckNotOverTest, TellsDeadlineFromCancellation) {
  EXPECT_THAT(CheckNotOver({}), IsOk());
  CallContext late;
  late.deadline = absl::InfinitePast();
  EXPECT_THAT(CheckNotOver(late), StatusIs(absl::StatusCode::kDeadlineExceeded));
  CallContext cancelled;
  cancelled.cancelled = [] { return true; };
  EXPECT_THAT(CheckNotOver(cancelled), StatusIs(absl::StatusCode::kCancelled));
}

}  // namespace
}  // namespace interdict::server
