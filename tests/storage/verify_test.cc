#include "storage/log/verify.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "storage/log/memory_log.h"
#include "tests/status_matchers.h"
#include "tests/storage/entry_chain.h"

namespace interdict::log {
namespace {

using ::interdict::testing::IsOk;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr PartitionId kIntake{LogName::kIntake, 0};

// A log that shows whatever it is given.
class ShownLog : public LogReader {
 public:
  explicit ShownLog(std::vector<Entry> entries) : entries_(std::move(entries)) {}
  absl::StatusOr<LogIdentity> Identity() override { return LogIdentity{std::string(32, '0'), 1, 0}; }
  absl::StatusOr<std::vector<Entry>> Read(PartitionId, uint64_t after, const ReadLimits&) override {
    std::vector<Entry> result;
    for (const Entry& entry : entries_) {
      if (entry.sequence > after) result.push_back(entry);
    }
    if (!unreadable.ok()) return unreadable;
    return result;
  }
  absl::StatusOr<uint64_t> Last(PartitionId) override { return entries_.empty() ? 0 : entries_.back().sequence; }
  absl::StatusOr<uint64_t> Wait(PartitionId partition, uint64_t, absl::Time) override { return Last(partition); }

  absl::Status unreadable;

 private:
  std::vector<Entry> entries_;
};

std::vector<Entry> ThreeEntries() {
  testing::EntryChain chain;
  std::vector<Entry> entries;
  for (const char* payload : {"a", "b", "c"}) {
    NewEntry made = chain.Next(payload);
    entries.push_back({entries.size() + 1, made.header, made.payload, false});
  }
  return entries;
}

std::vector<std::string> ProblemsOf(std::vector<Entry> entries) {
  ShownLog log(std::move(entries));
  return VerifyPartition(log, kIntake).problems;
}

TEST(Verify, FindsNothingWrongWithAGoodLog) {
  std::vector<Entry> entries = ThreeEntries();
  entries[1].payload.clear();
  entries[1].erased = true;
  ShownLog log(entries);
  absl::StatusOr<std::vector<PartitionReport>> reports = VerifyLog(log);
  ASSERT_THAT(reports, IsOk());
  ASSERT_EQ(reports->size(), 1);
  EXPECT_THAT(reports->front().problems, IsEmpty());
  EXPECT_EQ(reports->front().entries, 3);
  EXPECT_EQ(reports->front().erased, 1);
}

TEST(Verify, FindsAnAlteredPayload) {
  std::vector<Entry> entries = ThreeEntries();
  entries[1].payload = "B";
  EXPECT_THAT(ProblemsOf(entries), ElementsAre(AllOf(HasSubstr("intake/0 2"), HasSubstr("does not match the hash"))));
}

TEST(Verify, FindsALostPayload) {
  std::vector<Entry> entries = ThreeEntries();
  entries[2].payload.clear();
  EXPECT_THAT(ProblemsOf(entries), ElementsAre(HasSubstr("does not match the hash")));
}

TEST(Verify, FindsAMissingEntry) {
  std::vector<Entry> entries = ThreeEntries();
  entries.erase(entries.begin() + 1);
  EXPECT_THAT(ProblemsOf(entries),
              ElementsAre(HasSubstr("intake/0 2 is missing"), HasSubstr("is number 3 of its producer")));
}

TEST(Verify, FindsAnAlteredHeaderByTheChain) {
  std::vector<Entry> entries = ThreeEntries();
  internal::v1::EntryHeader header;
  ASSERT_TRUE(header.ParseFromString(entries[0].header));
  header.set_append_time_us(1);
  entries[0].header = header.SerializeAsString();
  EXPECT_THAT(ProblemsOf(entries), ElementsAre(AllOf(HasSubstr("intake/0 2"), HasSubstr("previous header"))));
}

TEST(Verify, FindsUnknownKindsAndNewerVersions) {
  testing::EntryChain chain;
  internal::v1::EntryHeader header = chain.NextHeader("a");
  header.set_kind(static_cast<internal::v1::EntryKind>(77));
  header.set_format_version(kNewestFormatVersion + 1);
  EXPECT_THAT(ProblemsOf({{1, header.SerializeAsString(), "a", false}}),
              ElementsAre(HasSubstr("kind 77"), HasSubstr("format version 2")));
  header = chain.NextHeader("a");
  header.set_kind(internal::v1::ENTRY_KIND_DECISION);
  EXPECT_THAT(ProblemsOf({{1, header.SerializeAsString(), "a", false}}), ElementsAre(HasSubstr("does not belong")));
}

TEST(Verify, TellsWhatCannotBeRead) {
  ShownLog log(ThreeEntries());
  log.unreadable = absl::DataLossError("block 7");
  EXPECT_THAT(VerifyPartition(log, kIntake).problems, ElementsAre(HasSubstr("block 7")));
}

TEST(Verify, ListsNoMoreProblemsThanAPersonReads) {
  std::vector<Entry> entries;
  for (uint64_t sequence = 1; sequence <= 500; ++sequence) entries.push_back({sequence, "\xff", "", false});
  ShownLog log(entries);
  const PartitionReport report = VerifyPartition(log, kIntake);
  EXPECT_EQ(report.problems.size(), 100);
  EXPECT_TRUE(report.truncated);
}

}  // namespace
}  // namespace interdict::log
