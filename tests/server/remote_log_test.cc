#include "services/log/remote_log.h"

#include <atomic>
#include <thread>

#include "absl/synchronization/notification.h"
#include "grpcpp/channel.h"
#include "services/log/log_service.h"
#include "services/server/run_server.h"
#include "services/server/status.h"
#include "storage/log/memory_log.h"
#include "storage/log/producer.h"
#include "tests/storage/log_conformance.h"

namespace interdict::log::testing {
namespace {

// A server that lends a log, and what it needs.
class Lender {
 public:
  explicit Lender(Log* log, const LogServiceOptions& options = {}) {
    service_ = *LogService::Create(log, &pool_, options);
    server::ServerOptions server_options;
    server_options.listen = "127.0.0.1:0";
    server_options.max_message_bytes = kMaxLogMessageBytes;
    server_options.drain = absl::Seconds(5);
    server_ = *server::Server::Start(server_options, {service_->service()}, &metrics_, &quiet_);
    server_->OnStop([this] { service_->StopWaits(); });
  }

  server::Server& server() { return *server_; }
  // Over TCP: gRPC lets no call be made in process once the server stops.
  std::shared_ptr<grpc::Channel> Channel() {
    return *server::MakeChannel("127.0.0.1:" + std::to_string(server_->port()), LogChannelOptions());
  }
  server::WorkerPool& pool() { return pool_; }

 private:
  server::Metrics metrics_;
  server::Logger quiet_{server::LogLevel::kError, [](const std::string&) {}};
  server::WorkerPool pool_{"log", 2, 100};
  std::unique_ptr<LogService> service_;
  std::unique_ptr<server::Server> server_;
};

class RemoteHarness : public LogHarness {
 public:
  RemoteHarness(uint32_t intake, uint32_t incidents) : memory_(intake, incidents) {}
  Log& log() override { return remote_; }
  void Close() override { remote_.Close(); }

 private:
  MemoryLog memory_;
  Lender lender_{&memory_};
  RemoteLog remote_{lender_.server().InProcessChannel()};
};

INSTANTIATE_TEST_SUITE_P(RemoteLog, LogConformance,
                         ::testing::Values(LogFactory{"RemoteLog", [](uint32_t intake, uint32_t incidents) {
                                                        return std::make_unique<RemoteHarness>(intake, incidents);
                                                      }}));

class RemoteLogTest : public ::testing::Test {
 protected:
  const PartitionId intake_{LogName::kIntake, 0};
  MemoryLog memory_;
};

TEST_F(RemoteLogTest, LargestEntryGoesThereAndBack) {
  Lender lender(&memory_);
  RemoteLog remote(lender.Channel());
  EntryChain chain;
  const NewEntry large = chain.Next(std::string(48 << 20, 'x'));
  const NewEntry next = chain.Next(std::string(20 << 20, 'y'));
  ASSERT_THAT(remote.Append(intake_, {large}, std::nullopt), IsOk());
  ASSERT_THAT(remote.Append(intake_, {next}, std::nullopt), IsOk());
  auto read = remote.Read(intake_, 0, {.max_entries = 10, .max_bytes = 1 << 30});
  ASSERT_THAT(read, IsOk());
  ASSERT_EQ(read->size(), 1u);
  EXPECT_TRUE(read->front().payload == large.payload);
  EXPECT_EQ(remote.Read(intake_, 1, {})->size(), 1u);
}

TEST_F(RemoteLogTest, BatchThatNoMessageHoldsIsRefusedByName) {
  Lender lender(&memory_);
  RemoteLog remote(lender.server().InProcessChannel());
  EntryChain chain;
  const absl::Status status = remote.Append(intake_, {chain.Next(std::string(64 << 20, 'x'))}, std::nullopt).status();
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("entries")));
  EXPECT_THAT(memory_.Last(intake_), IsOkAndHolds(0u));
}

TEST_F(RemoteLogTest, ServerThatStopsIsUnavailableToWaitsAndCalls) {
  Lender lender(&memory_);
  RemoteLog remote(lender.Channel());
  ASSERT_THAT(remote.Identity(), IsOk());
  absl::Status woken;
  std::thread waiter([&] { woken = remote.Wait(intake_, 0, absl::InfiniteFuture()).status(); });
  lender.server().Stop();
  waiter.join();
  EXPECT_THAT(woken, StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_THAT(remote.Read(intake_, 0, {}), StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_THAT(remote.Append(intake_, {EntryChain().Next("a")}, std::nullopt), StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_THAT(remote.Identity(), IsOk());  // remembered
}

TEST_F(RemoteLogTest, FullQueueAndSlowServerAreUnavailable) {
  Lender lender(&memory_);
  RemoteLog remote(lender.server().InProcessChannel(), {.call_timeout = absl::Milliseconds(100)});
  absl::Notification release;
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(lender.pool().TrySubmit([&] { release.WaitForNotification(); }));
  EXPECT_THAT(remote.Append(intake_, {EntryChain().Next("a")}, std::nullopt), StatusIs(absl::StatusCode::kUnavailable));
  while (lender.pool().TrySubmit([&] { release.WaitForNotification(); })) {
  }
  const absl::Status full = remote.Read(intake_, 0, {}).status();
  EXPECT_THAT(full, StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_EQ(server::ReasonOf(full), "WORK_QUEUE_FULL");
  release.Notify();
}

TEST_F(RemoteLogTest, WaitsHoldNoThreadOfThePool) {
  Lender lender(&memory_);
  RemoteLog remote(lender.server().InProcessChannel());
  std::vector<std::thread> waiters;
  std::atomic<int> woken = 0;
  for (int i = 0; i < 20; ++i) {
    waiters.emplace_back([&] {
      EXPECT_THAT(remote.Wait(intake_, 0, absl::InfiniteFuture()), IsOkAndHolds(1u));
      ++woken;
    });
  }
  // The pool has two threads: were they taken, this would never be answered.
  EXPECT_THAT(remote.Read(intake_, 0, {}), IsOkAndHolds(IsEmpty()));
  EXPECT_EQ(woken, 0);
  EXPECT_THAT(remote.Append(intake_, {EntryChain().Next("a")}, std::nullopt), IsOk());
  for (std::thread& waiter : waiters) waiter.join();
  EXPECT_EQ(woken, 20);
}

TEST_F(RemoteLogTest, WaitInSlicesOutlastsOneSlice) {
  Lender lender(&memory_);
  RemoteLog remote(lender.server().InProcessChannel(), {.wait_slice = absl::Milliseconds(10)});
  std::thread waiter([&] { EXPECT_THAT(remote.Wait(intake_, 0, absl::InfiniteFuture()), IsOkAndHolds(1u)); });
  absl::SleepFor(absl::Milliseconds(50));
  EXPECT_THAT(memory_.Append(intake_, {EntryChain().Next("a")}, std::nullopt), IsOk());
  waiter.join();
}

TEST_F(RemoteLogTest, WaitsBeyondTheLimitAreToldToComeLater) {
  Lender lender(&memory_, {.max_waits = 0});
  RemoteLog remote(lender.server().InProcessChannel());
  const absl::Status status = remote.Wait(intake_, 0, absl::InfiniteFuture()).status();
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_EQ(server::ReasonOf(status), "TOO_MANY_WAITS");
  EXPECT_GT(server::RetryAfterOf(status), absl::ZeroDuration());
  EXPECT_THAT(remote.Last(intake_), IsOkAndHolds(0u));
}

TEST_F(RemoteLogTest, ProducerWritesOnceThoughTheServerWasBusy) {
  Lender lender(&memory_);
  RemoteLog remote(lender.server().InProcessChannel(), {.call_timeout = absl::Milliseconds(50)});
  absl::Notification release;
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(lender.pool().TrySubmit([&] { release.WaitForNotification(); }));
  Producer producer(&remote, [] { return absl::FromUnixSeconds(1'700'000'000); });
  std::thread releaser([&] {
    absl::SleepFor(absl::Milliseconds(200));
    release.Notify();
  });
  EXPECT_THAT(producer.Append(intake_, {internal::v1::ENTRY_KIND_INTAKE, 1, "a"}, absl::Now() + absl::Minutes(1)),
              IsOkAndHolds(1u));
  releaser.join();
  EXPECT_THAT(memory_.Last(intake_), IsOkAndHolds(1u));
}

}  // namespace
}  // namespace interdict::log::testing
