#include "services/server/run_server.h"

#include <mutex>
#include <thread>

#include "absl/synchronization/notification.h"
#include "nlohmann/json.hpp"
#include "services/server/status.h"
#include "tests/server/raw_grpc.h"
#include "tests/server/raw_http.h"
#include "tests/server/test_service.h"
#include "tests/status_matchers.h"

namespace interdict::server {
namespace {

using ::interdict::testing::Call;
using ::interdict::testing::Connect;
using ::interdict::testing::Health;
using ::interdict::testing::HttpGet;
using ::interdict::testing::IsOk;
using ::interdict::testing::ListServices;
using ::interdict::testing::StatusIs;
using ::interdict::testing::TestService;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

class RunServerTest : public ::testing::Test {
 protected:
  RunServerTest() { options_.listen = "127.0.0.1:0"; }

  absl::StatusOr<std::unique_ptr<Server>> Start() { return Server::Start(options_, {&service_}, &metrics_, &log_); }

  std::vector<std::string> Lines() {
    std::lock_guard lock(mutex_);
    return lines_;
  }

  std::mutex mutex_;
  std::vector<std::string> lines_;
  Logger log_{LogLevel::kInfo, [this](const std::string& line) {
                std::lock_guard lock(mutex_);
                lines_.push_back(line);
              }};
  Metrics metrics_;
  WorkerPool pool_{"run_server", 2, 10};
  TestService::Work work_ = [](const CallContext&) { return absl::OkStatus(); };
  TestService service_{&pool_, [this](const CallContext& call) { return work_(call); }};
  ServerOptions options_;
};

TEST_F(RunServerTest, PlaintextBeyondLoopbackIsRefusedUnlessInsecure) {
  options_.listen = "0.0.0.0:0";
  auto refused = Start();
  EXPECT_THAT(refused, StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("--insecure")));
  EXPECT_EQ(ReasonOf(refused.status()), "PLAINTEXT_REFUSED");
  options_.insecure = true;
  auto server = Start();
  ASSERT_THAT(server, IsOk());
  EXPECT_THAT(Lines(), Contains(AllOf(HasSubstr("\"level\":\"warning\""), HasSubstr("0.0.0.0:0"))));
}

TEST_F(RunServerTest, PortInUseSaysSo) {
  auto first = Start();
  ASSERT_THAT(first, IsOk());
  options_.listen = "127.0.0.1:" + std::to_string((*first)->port());
  auto second = Start();
  EXPECT_THAT(second, StatusIs(absl::StatusCode::kFailedPrecondition,
                               AllOf(HasSubstr(options_.listen), HasSubstr("Address already in use"))));
  EXPECT_EQ(ReasonOf(second.status()), "ADDRESS_NOT_AVAILABLE");
}

TEST_F(RunServerTest, HealthAndMetricsPortsInUseSaySo) {
  auto first = Start();
  ASSERT_THAT(first, IsOk());
  const std::string taken = "127.0.0.1:" + std::to_string((*first)->port());
  options_.health_listen = taken;
  EXPECT_THAT(Start(), StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr(taken)));
  options_.health_listen = "";
  options_.metrics_listen = taken;
  EXPECT_THAT(Start(), StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr(taken)));
}

TEST_F(RunServerTest, BadAddressNamesTheRemedy) {
  options_.listen = "8600";
  EXPECT_THAT(Start(), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("HOST:PORT")));
}

TEST_F(RunServerTest, LivenessHoldsWhileReadinessChanges) {
  options_.health_listen = "127.0.0.1:0";
  auto server = Start();
  ASSERT_THAT(server, IsOk());
  for (const int port : {(*server)->port(), (*server)->health_port()}) {
    ASSERT_GT(port, 0);
    const auto channel = Connect(port);
    (*server)->SetReady(false);
    EXPECT_EQ(Health(channel, kLivenessService), "SERVING");
    EXPECT_EQ(Health(channel, ""), "NOT_SERVING");
    EXPECT_EQ(Health(channel, TestService::kName), "NOT_SERVING");
    (*server)->SetReady(true);
    EXPECT_EQ(Health(channel, ""), "SERVING");
    EXPECT_EQ(Health(channel, TestService::kName), "SERVING");
    EXPECT_EQ(Health(channel, "no.such.Service"), std::to_string(grpc::NOT_FOUND));
  }
}

TEST_F(RunServerTest, HealthPortServesHealthAlone) {
  options_.health_listen = "127.0.0.1:0";
  auto server = Start();
  ASSERT_THAT(server, IsOk());
  auto stub = internal::v1::LogService::NewStub(Connect((*server)->health_port()));
  grpc::ClientContext context;
  EXPECT_EQ(Call(stub.get(), &context).error_code(), grpc::UNIMPLEMENTED);
  EXPECT_EQ(ListServices(Connect((*server)->health_port())), "");
}

TEST_F(RunServerTest, ReflectionListsTheServices) {
  auto server = Start();
  ASSERT_THAT(server, IsOk());
  EXPECT_THAT(ListServices(Connect((*server)->port())), HasSubstr(TestService::kName));
}

TEST_F(RunServerTest, ReflectionCanBeTurnedOff) {
  options_.reflection = false;
  auto server = Start();
  ASSERT_THAT(server, IsOk());
  EXPECT_EQ(ListServices(Connect((*server)->port())), "");
}

TEST_F(RunServerTest, CallsAreCountedAndServerFaultsLoggedWithoutTheirMessage) {
  options_.metrics_listen = "127.0.0.1:0";
  auto server = Start();
  ASSERT_THAT(server, IsOk());
  auto stub = internal::v1::LogService::NewStub(Connect((*server)->port()));
  grpc::ClientContext first, second;
  EXPECT_TRUE(Call(stub.get(), &first).ok());
  work_ = [](const CallContext&) { return Error(absl::StatusCode::kInternal, "BROKEN", "secret words"); };
  EXPECT_EQ(Call(stub.get(), &second).error_code(), grpc::INTERNAL);
  (*server)->Stop();
  const std::string scraped = HttpGet(metrics_.port(), "/metrics");
  const std::string method = std::string("method=\"/") + TestService::kName + "/GetLogIdentity\"";
  EXPECT_THAT(scraped, HasSubstr("interdict_rpc_handled_total{code=\"OK\"," + method + "} 1\n"));
  EXPECT_THAT(scraped, HasSubstr("interdict_rpc_handled_total{code=\"INTERNAL\"," + method + "} 1\n"));
  EXPECT_THAT(scraped, HasSubstr("interdict_rpc_in_flight{" + method + "} 0\n"));
  EXPECT_THAT(Lines(), Contains(AllOf(HasSubstr("\"reason\":\"BROKEN\""), HasSubstr("GetLogIdentity"))));
  for (const std::string& line : Lines()) {
    EXPECT_TRUE(nlohmann::json::parse(line).is_object());
    EXPECT_THAT(line, Not(HasSubstr("secret")));
  }
}

TEST_F(RunServerTest, StopFinishesARunningCallAndTakesNoNewOnes) {
  absl::Notification running, release, stopping;
  work_ = [&](const CallContext&) {
    running.Notify();
    release.WaitForNotification();
    return absl::OkStatus();
  };
  auto server = Start();
  ASSERT_THAT(server, IsOk());
  const int port = (*server)->port();
  auto stub = internal::v1::LogService::NewStub(Connect(port));
  grpc::ClientContext context;
  grpc::Status status;
  std::thread caller([&] { status = Call(stub.get(), &context); });
  running.WaitForNotification();
  (*server)->OnStop([&] { stopping.Notify(); });
  std::thread stopper([&] { (*server)->Stop(); });
  stopping.WaitForNotification();
  (*server)->SetReady(true);  // too late to have an effect
  release.Notify();
  stopper.join();
  caller.join();
  EXPECT_TRUE(status.ok()) << status.error_message();
  auto late = internal::v1::LogService::NewStub(Connect(port));
  grpc::ClientContext late_context;
  EXPECT_EQ(Call(late.get(), &late_context).error_code(), grpc::UNAVAILABLE);
}

TEST_F(RunServerTest, StopCancelsWhatIsNotDoneWithinTheDrain) {
  absl::Notification running;
  work_ = [&](const CallContext& call) {
    running.Notify();
    while (!call.cancelled()) std::this_thread::yield();
    return CheckNotOver(call);
  };
  options_.drain = absl::Milliseconds(50);
  auto server = Start();
  ASSERT_THAT(server, IsOk());
  auto stub = internal::v1::LogService::NewStub(Connect((*server)->port()));
  grpc::ClientContext context;
  grpc::Status status;
  std::thread caller([&] { status = Call(stub.get(), &context); });
  running.WaitForNotification();
  (*server)->Stop();
  caller.join();
  EXPECT_FALSE(status.ok());
}

TEST_F(RunServerTest, InProcessChannelNeedsNoPort) {
  options_.listen = "";
  auto server = Start();
  ASSERT_THAT(server, IsOk());
  EXPECT_EQ((*server)->port(), 0);
  auto stub = internal::v1::LogService::NewStub((*server)->InProcessChannel());
  grpc::ClientContext context;
  EXPECT_TRUE(Call(stub.get(), &context).ok());
}

// A process lends its services to its own parts in process, and to others on a port; the port is stopped first.
TEST_F(RunServerTest, OneServiceServesOnTwoServers) {
  auto port = Start();
  ASSERT_THAT(port, IsOk());
  options_.listen = "";
  auto inside = Start();
  ASSERT_THAT(inside, IsOk());
  auto outer = internal::v1::LogService::NewStub(Connect((*port)->port()));
  auto inner = internal::v1::LogService::NewStub((*inside)->InProcessChannel());
  grpc::ClientContext first, second, third;
  EXPECT_TRUE(Call(outer.get(), &first).ok());
  EXPECT_TRUE(Call(inner.get(), &second).ok());
  (*port)->Stop();
  EXPECT_TRUE(Call(inner.get(), &third).ok());
}

TEST_F(RunServerTest, MessageAboveTheLimitIsRefused) {
  options_.max_message_bytes = 1000;
  auto server = Start();
  ASSERT_THAT(server, IsOk());
  auto stub = internal::v1::LogService::NewStub(Connect((*server)->port()));
  internal::v1::ReadEntriesRequest request;
  request.set_log(std::string(2000, 'x'));
  internal::v1::ReadEntriesResponse response;
  grpc::ClientContext context;
  EXPECT_EQ(stub->ReadEntries(&context, request, &response).error_code(), grpc::RESOURCE_EXHAUSTED);
}

}  // namespace
}  // namespace interdict::server
