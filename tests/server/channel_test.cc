#include "services/server/channel.h"

#include <atomic>

#include "grpcpp/channel.h"
#include "nlohmann/json.hpp"
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
using ::testing::HasSubstr;

// A server that is UNAVAILABLE for its first calls.
class ChannelTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ServerOptions options;
    options.listen = "127.0.0.1:0";
    auto server = Server::Start(options, {&service_}, &metrics_, &log_);
    ASSERT_THAT(server, IsOk());
    server_ = *std::move(server);
  }

  grpc::Status CallWith(const ChannelOptions& options) {
    auto channel = MakeChannel("127.0.0.1:" + std::to_string(server_->port()), options);
    EXPECT_THAT(channel, IsOk());
    auto stub = internal::v1::LogService::NewStub(*channel);
    grpc::ClientContext context;
    return Call(stub.get(), &context);
  }

  std::atomic<int> calls_ = 0;
  std::atomic<int> failures_ = 2;
  Metrics metrics_;
  Logger log_{LogLevel::kError, [](const std::string&) {}};
  WorkerPool pool_{"channel", 1, 10};
  TestService service_{&pool_, [this](const CallContext&) {
                         return ++calls_ <= failures_ ? absl::UnavailableError("not yet") : absl::OkStatus();
                       }};
  std::unique_ptr<Server> server_;
};

TEST_F(ChannelTest, RetriesOnlyTheMethodsThatAreNamed) {
  ChannelOptions none;
  EXPECT_EQ(CallWith(none).error_code(), grpc::UNAVAILABLE);
  EXPECT_EQ(calls_, 1);
  ChannelOptions other;
  other.retried_methods = {std::string(TestService::kName) + "/ReadEntries"};
  calls_ = 0;
  EXPECT_EQ(CallWith(other).error_code(), grpc::UNAVAILABLE);
  EXPECT_EQ(calls_, 1);
  ChannelOptions named;
  named.retried_methods = {std::string(TestService::kName) + "/GetLogIdentity"};
  calls_ = 0;
  EXPECT_TRUE(CallWith(named).ok());
  EXPECT_EQ(calls_, 3);
}

TEST_F(ChannelTest, GivesUpAfterThreeRetries) {
  failures_ = 100;
  ChannelOptions options;
  options.retried_methods = {std::string(TestService::kName) + "/GetLogIdentity"};
  EXPECT_EQ(CallWith(options).error_code(), grpc::UNAVAILABLE);
  EXPECT_EQ(calls_, 4);
}

TEST_F(ChannelTest, ServerThatIsNotThereIsUnavailable) {
  const int port = server_->port();
  server_->Stop();
  auto channel = MakeChannel("127.0.0.1:" + std::to_string(port), {});
  ASSERT_THAT(channel, IsOk());
  auto stub = internal::v1::LogService::NewStub(*channel);
  grpc::ClientContext context;
  EXPECT_EQ(Call(stub.get(), &context).error_code(), grpc::UNAVAILABLE);
}

TEST(MakeChannelTest, RefusesWhatIsNoAddress) {
  EXPECT_THAT(MakeChannel("nowhere", {}), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("HOST:PORT")));
  EXPECT_THAT(MakeChannel("127.0.0.1:0", {}), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("port")));
}

TEST(RetryServiceConfigTest, NamesServiceMethodAndCode) {
  EXPECT_EQ(RetryServiceConfig({}), "");
  const auto config = nlohmann::json::parse(RetryServiceConfig({"a.B/C", "a.D/E"}));
  const auto& method_config = config["methodConfig"][0];
  EXPECT_EQ(method_config["name"][0], (nlohmann::json{{"service", "a.B"}, {"method", "C"}}));
  EXPECT_EQ(method_config["name"][1], (nlohmann::json{{"service", "a.D"}, {"method", "E"}}));
  EXPECT_EQ(method_config["retryPolicy"]["retryableStatusCodes"], nlohmann::json::array({"UNAVAILABLE"}));
}

}  // namespace
}  // namespace interdict::server
