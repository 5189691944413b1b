#include "services/server/listen_address.h"

#include "services/server/status.h"
#include "tests/status_matchers.h"

namespace interdict::server {
namespace {

using ::interdict::testing::IsOk;
using ::interdict::testing::StatusIs;
using ::testing::HasSubstr;

TEST(ListenAddressTest, ReadsAndWritesWhatConfigurationHolds) {
  for (const char* text : {"127.0.0.1:8600", "[::1]:0", "localhost:65535", "0.0.0.0:1", "index.interdict.svc:8602"}) {
    auto address = ParseListenAddress(text);
    ASSERT_THAT(address, IsOk()) << text;
    EXPECT_EQ(ToString(*address), text);
  }
  EXPECT_EQ(ParseListenAddress("[::1]:8600")->host, "::1");
  EXPECT_EQ(ParseListenAddress("[::1]:8600")->port, 8600);
}

TEST(ListenAddressTest, RefusesWhatIsNoAddressAndSaysHowToWriteOne) {
  for (const char* text : {"", ":", "localhost", ":8600", "127.0.0.1:", "127.0.0.1:http", "127.0.0.1:65536",
                           "127.0.0.1:-1", "127.0.0.1:+1", "127.0.0.1: 1", "::1:8600", "127.0.0.1:99999999999"}) {
    auto address = ParseListenAddress(text);
    EXPECT_THAT(address, StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("HOST:PORT"))) << text;
    EXPECT_EQ(ReasonOf(address.status()), "INVALID_ADDRESS") << text;
  }
}

TEST(ListenAddressTest, KnowsLoopback) {
  for (const char* text : {"127.0.0.1:1", "127.8.9.10:1", "[::1]:1", "localhost:1"}) {
    EXPECT_TRUE(IsLoopback(*ParseListenAddress(text))) << text;
  }
  for (const char* text : {"0.0.0.0:1", "[::]:1", "10.0.0.1:1", "example.org:1", "localhost.example.org:1"}) {
    EXPECT_FALSE(IsLoopback(*ParseListenAddress(text))) << text;
  }
}

TEST(ListenAddressTest, AddressOfAnotherMachineIsNotAvailable) {
  // 192.0.2.0/24 is reserved for documentation: no machine has it.
  const absl::Status status = CheckBindable({"192.0.2.1", 0});
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("192.0.2.1:0")));
  EXPECT_EQ(ReasonOf(status), "ADDRESS_NOT_AVAILABLE");
  EXPECT_THAT(CheckBindable({"127.0.0.1", 0}), IsOk());
}

}  // namespace
}  // namespace interdict::server
