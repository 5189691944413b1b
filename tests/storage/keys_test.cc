#include "storage/records/keys.h"

#include <random>
#include <set>

#include "tests/status_matchers.h"

namespace interdict::records {
namespace {

using ::interdict::testing::IsOkAndHolds;
using ::interdict::testing::StatusIs;

TEST(KeysTest, IdsRoundTripAndRefuseWhatIsNone) {
  const std::string hex = "00ff10a0b1c2d3e4f5061728394a5b6c";
  const auto id = IdFromHex(hex, kIncidentIdBytes);
  ASSERT_TRUE(id.ok());
  EXPECT_EQ(id->size(), kIncidentIdBytes);
  EXPECT_EQ(HexFromId(*id), hex);
  for (const std::string& bad :
       std::vector<std::string>{std::string(), hex.substr(1), hex + "0", "00FF10a0b1c2d3e4f5061728394a5b6c",
                                "0gff10a0b1c2d3e4f5061728394a5b6c", std::string(32, '\0')}) {
    EXPECT_THAT(IdFromHex(bad, kIncidentIdBytes), StatusIs(absl::StatusCode::kInvalidArgument)) << bad;
  }
}

TEST(KeysTest, NumbersComeBackAndNewerSortFirst) {
  std::mt19937_64 random(7);
  for (int i = 0; i < 1000; ++i) {
    const uint64_t a = random() >> (random() % 64);
    const uint64_t b = random() >> (random() % 64);
    EXPECT_EQ(NumberFromKey(NumberKey(a)), a);
    EXPECT_EQ(NumberKey(a) < NumberKey(b), a > b);
  }
}

TEST(KeysTest, IntegersSortAsNumbers) {
  EXPECT_LT(BigEndian32(255), BigEndian32(256));
  EXPECT_LT(BigEndian64(255), BigEndian64(uint64_t{1} << 40));
  EXPECT_EQ(BigEndian32(0x01020304), std::string("\x01\x02\x03\x04", 4));
}

// URLs that are prefixes of each other must not share keys.
TEST(KeysTest, PrefixesDoNotMixUp) {
  const std::string inner = UrlKey("https://a.org/x", 0, 1);
  EXPECT_NE(inner.compare(0, UrlPrefix("https://a.org/").size(), UrlPrefix("https://a.org/")), 0);
}

TEST(KeysTest, EveryKeyOfDifferentPartsDiffers) {
  const log::PartitionId intake{log::LogName::kIntake, 1};
  const log::PartitionId incidents{log::LogName::kIncidents, 1};
  const std::set<std::string> keys = {
      PositionMetaKey(intake), PositionMetaKey(incidents), WatermarkMetaKey(incidents, intake),
      SkippedKey(intake, 1),   SkippedKey(incidents, 1),   SkippedKey(intake, 2)};
  EXPECT_EQ(keys.size(), 6u);
  EXPECT_EQ(PositionMetaKey(incidents), "position/incidents/1");
  EXPECT_EQ(WatermarkMetaKey(incidents, intake), "watermark/incidents/1/intake/1");
}

}  // namespace
}  // namespace interdict::records
