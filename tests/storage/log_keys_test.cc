#include "storage/log/log_keys.h"

#include <limits>

#include "absl/strings/escaping.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace interdict::log {
namespace {

constexpr PartitionId kIntake3{LogName::kIntake, 3};
constexpr PartitionId kIncidents3{LogName::kIncidents, 3};
const std::string kProducer = "000102030405060708090a0b0c0d0eff";

std::string Hex(const std::string& bytes) { return absl::BytesToHexString(bytes); }

// The layout is permanent: these very bytes are on users' disks.
TEST(LogKeys, LayoutIsPermanent) {
  EXPECT_EQ(Hex(EntryKey(kIntake3, 258)), "01000000030000000000000102");
  EXPECT_EQ(Hex(EntryKey(kIncidents3, 258)), "02000000030000000000000102");
  EXPECT_EQ(Hex(ProducerKey(kIntake3, kProducer, 7)), "0100000003" + kProducer + "0000000000000007");
  EXPECT_EQ(Hex(ProducerValue(9, std::string(32, '\xab'))), "0000000000000009" + Hex(std::string(32, '\xab')));
  EXPECT_EQ(kPayloadPresent, 1);
  EXPECT_EQ(kPayloadErased, 2);
}

TEST(LogKeys, SortBySequenceInsideThePartition) {
  EXPECT_LT(EntryKey(kIntake3, 255), EntryKey(kIntake3, 256));
  EXPECT_LT(EntryKey(kIntake3, std::numeric_limits<uint64_t>::max()), EntryKey({LogName::kIntake, 4}, 0));
  EXPECT_LT(EntryKey({LogName::kIntake, std::numeric_limits<uint32_t>::max()}, 1), EntryKey(kIncidents3, 1));
  EXPECT_LT(ProducerKey(kIntake3, kProducer, 255), ProducerKey(kIntake3, kProducer, 256));
}

TEST(LogKeys, SequenceComesBack) {
  for (uint64_t sequence : {uint64_t{1}, uint64_t{1} << 40, std::numeric_limits<uint64_t>::max()}) {
    EXPECT_EQ(SequenceFromKey(kIntake3, EntryKey(kIntake3, sequence)), sequence);
  }
  EXPECT_EQ(SequenceFromKey(kIncidents3, EntryKey(kIntake3, 1)), std::nullopt);
  EXPECT_EQ(SequenceFromKey(kIntake3, EntryKey(kIntake3, 1) + "x"), std::nullopt);
  EXPECT_EQ(SequenceFromKey(kIntake3, ""), std::nullopt);
}

TEST(LogKeys, ProducerRowsComeBackOrAreRefused) {
  const std::string key = ProducerKey(kIntake3, kProducer, 7);
  const std::string hash(32, '\xab');
  const std::optional<ProducerEntry> entry = ParseProducerRow(key, ProducerValue(9, hash));
  ASSERT_TRUE(entry.has_value());
  EXPECT_EQ(entry->producer_sequence, 7);
  EXPECT_EQ(entry->sequence, 9);
  EXPECT_EQ(entry->header_sha256, hash);
  EXPECT_FALSE(ParseProducerRow(key, ProducerValue(9, "short")).has_value());
  EXPECT_FALSE(ParseProducerRow(key.substr(1), ProducerValue(9, hash)).has_value());
}

}  // namespace
}  // namespace interdict::log
