#include "storage/log/position.h"

#include <random>

#include "absl/strings/escaping.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "interdict/internal/v1/log_entry.pb.h"
#include "storage/ids/ids.h"
#include "tests/status_matchers.h"

namespace interdict::log {
namespace {

using ::interdict::testing::IsOkAndHolds;
using ::interdict::testing::StatusIs;
using ::testing::HasSubstr;

constexpr char kLogId[] = "00112233445566778899aabbccddeeff";
const PartitionId kIntake0{LogName::kIntake, 0};
const PartitionId kIntake7{LogName::kIntake, 7};
const PartitionId kIncidents0{LogName::kIncidents, 0};

// A token with any content, rightly checksummed.
std::string TokenOf(const internal::v1::PositionToken& token) {
  const std::string content = token.SerializeAsString();
  return absl::WebSafeBase64Escape(content + ids::Sha256(content).substr(0, 4));
}

TEST(LogNames, RoundTrip) {
  EXPECT_THAT(ParseLogName("intake"), IsOkAndHolds(LogName::kIntake));
  EXPECT_THAT(ParseLogName("incidents"), IsOkAndHolds(LogName::kIncidents));
  for (const char* word : {"", "Intake", "incident", "intake "}) {
    EXPECT_THAT(ParseLogName(word), StatusIs(absl::StatusCode::kInvalidArgument));
  }
  EXPECT_EQ(ToString(kIntake7), "intake/7");
}

TEST(LogIdentity, ListsItsPartitionsIntakeFirst) {
  const LogIdentity identity{kLogId, 2, 1};
  EXPECT_THAT(identity.Partitions(), ::testing::ElementsAre(kIntake0, PartitionId{LogName::kIntake, 1}, kIncidents0));
}

TEST(PositionToken, RoundTrips) {
  for (const Positions& positions :
       {Positions{}, Positions{{kIntake0, 17}}, Positions{{kIntake0, 0}, {kIntake7, UINT64_MAX}, {kIncidents0, 34}}}) {
    const std::string token = EncodePositionToken(kLogId, positions);
    EXPECT_FALSE(token.empty());
    EXPECT_EQ(token.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
              std::string::npos);
    EXPECT_THAT(DecodePositionToken(token, kLogId), IsOkAndHolds(positions));
    EXPECT_THAT(DecodePositionToken(token, ""), IsOkAndHolds(positions));
  }
}

TEST(PositionToken, OfAnotherLogIsRefused) {
  const std::string token = EncodePositionToken(kLogId, {{kIntake0, 17}});
  EXPECT_THAT(DecodePositionToken(token, std::string(32, '0')),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("another log")));
}

TEST(PositionToken, MalformedIsRefused) {
  const std::string token = EncodePositionToken(kLogId, {{kIntake0, 17}});
  for (const std::string& bad :
       {std::string(), std::string("x"), std::string("not a token!"), token + "A", token + "=", " " + token,
        token.substr(1), token.substr(0, token.size() - 1), std::string(1, '\0'), std::string(3 << 20, 'A')}) {
    EXPECT_THAT(DecodePositionToken(bad, ""), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("malformed")));
  }
}

TEST(PositionToken, UnknownLogsAndPartitionsTwiceAreRefused) {
  internal::v1::PositionToken unknown;
  unknown.add_positions()->set_log("elsewhere");
  EXPECT_THAT(DecodePositionToken(TokenOf(unknown), ""), StatusIs(absl::StatusCode::kInvalidArgument));
  internal::v1::PositionToken twice;
  twice.add_positions()->set_log("intake");
  *twice.add_positions() = twice.positions(0);
  EXPECT_THAT(DecodePositionToken(TokenOf(twice), ""), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(PositionToken, GarbledIsNeverTakenForAnother) {
  std::mt19937 random(20210401);
  const std::string token = EncodePositionToken(kLogId, {{kIntake0, 17}, {kIncidents0, 34}});
  for (int round = 0; round < 20000; ++round) {
    std::string garbled = token;
    const int changes = 1 + static_cast<int>(random() % 3);
    for (int change = 0; change < changes; ++change) garbled[random() % garbled.size()] = static_cast<char>(random());
    if (garbled == token) continue;
    EXPECT_THAT(DecodePositionToken(garbled, ""), StatusIs(absl::StatusCode::kInvalidArgument));
  }
}

TEST(Positions, AreReadable) {
  EXPECT_EQ(ToString(Positions{{kIncidents0, 34}, {kIntake0, 17}}), "intake/0=17 incidents/0=34");
  EXPECT_EQ(ToString(Positions{}), "");
}

}  // namespace
}  // namespace interdict::log
