#include "services/server/logging.h"

#include <thread>

#include "nlohmann/json.hpp"
#include "tests/status_matchers.h"

namespace interdict::server {
namespace {

using ::interdict::testing::IsOkAndHolds;
using ::interdict::testing::StatusIs;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;

class LoggingTest : public ::testing::Test {
 protected:
  std::vector<std::string> lines_;
  Logger log_{LogLevel::kInfo, [this](const std::string& line) { lines_.push_back(line); }};
};

TEST_F(LoggingTest, EachCallIsOneJsonObjectOnOneLine) {
  log_.Info("listening\non \"two\" lines", {{"address", "127.0.0.1:1"},
                                            {"port", int64_t{-1}},
                                            {"bytes", uint64_t{18446744073709551615u}},
                                            {"ratio", 0.5},
                                            {"ready", true}});
  ASSERT_EQ(lines_.size(), 1u);
  EXPECT_THAT(lines_[0], Not(HasSubstr("\n")));
  const auto line = nlohmann::json::parse(lines_[0]);
  EXPECT_THAT(line["time"].get<std::string>(), MatchesRegex("....-..-..T..:..:..\\.[0-9][0-9][0-9][0-9][0-9][0-9]Z"));
  EXPECT_EQ(line["level"], "info");
  EXPECT_EQ(line["message"], "listening\non \"two\" lines");
  EXPECT_EQ(line["address"], "127.0.0.1:1");
  EXPECT_EQ(line["port"], -1);
  EXPECT_EQ(line["bytes"], 18446744073709551615u);
  EXPECT_EQ(line["ratio"], 0.5);
  EXPECT_EQ(line["ready"], true);
}

TEST_F(LoggingTest, DropsLinesBelowTheLevel) {
  log_.Log(LogLevel::kDebug, "no");
  EXPECT_TRUE(lines_.empty());
  log_.Warning("yes");
  log_.Error("yes");
  EXPECT_EQ(lines_.size(), 2u);
}

TEST_F(LoggingTest, BytesThatAreNotTextDoNotBreakALine) {
  log_.Error("bad \xff bytes", {{"key", std::string("a\0b\xc3", 4)}, {"braces", "{} %v %n"}});
  ASSERT_EQ(lines_.size(), 1u);
  const auto line = nlohmann::json::parse(lines_[0]);
  EXPECT_EQ(line["message"], "bad \uFFFD bytes");
  EXPECT_EQ(line["braces"], "{} %v %n");
}

TEST_F(LoggingTest, ThreadsDoNotMixTheirLines) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([this] {
      for (int n = 0; n < 100; ++n) log_.Info("line", {{"n", int64_t{n}}});
    });
  }
  for (std::thread& thread : threads) thread.join();
  ASSERT_EQ(lines_.size(), 400u);
  for (const std::string& line : lines_) EXPECT_EQ(nlohmann::json::parse(line)["message"], "line");
}

TEST(LogLevelTest, ReadsTheFourWords) {
  EXPECT_THAT(ParseLogLevel("debug"), IsOkAndHolds(LogLevel::kDebug));
  EXPECT_THAT(ParseLogLevel("error"), IsOkAndHolds(LogLevel::kError));
  EXPECT_THAT(ParseLogLevel("loud"), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("warning")));
}

}  // namespace
}  // namespace interdict::server
