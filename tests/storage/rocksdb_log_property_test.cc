// Random operations on the embedded log and on the log in memory: whatever is asked, both give the same answers.

#include <map>
#include <random>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "storage/log/memory_log.h"
#include "storage/log/rocksdb_log.h"
#include "storage/log/verify.h"
#include "tests/status_matchers.h"
#include "tests/storage/entry_chain.h"
#include "tests/storage/log_folder.h"

namespace interdict::log::testing {
namespace {

using ::interdict::testing::IsOk;

constexpr int kSteps = 250;

class BothLogs {
 public:
  explicit BothLogs(uint32_t seed) : random_(seed) { Reopen(); }

  void Step() {
    const uint64_t choice = Below(100);
    if (choice < 60) return Append();
    if (choice < 80) return Read();
    if (choice < 86) return Last();
    if (choice < 92) return Erase();
    if (choice < 96) return Damaged();
    Reopen();
  }

  void CompareAll() {
    for (PartitionId partition : embedded_->Identity()->Partitions()) {
      CompareReads(partition, 0, {.max_entries = 100'000, .max_bytes = 1 << 30});
      EXPECT_EQ(VerifyPartition(*embedded_, partition).problems, VerifyPartition(memory_, partition).problems);
    }
  }

 private:
  using Chain = std::vector<NewEntry>;  // all entries that a producer has made so far

  uint64_t Below(uint64_t bound) { return std::uniform_int_distribution<uint64_t>(0, bound - 1)(random_); }

  PartitionId AnyPartition() {
    const std::vector<PartitionId> partitions = memory_.Identity()->Partitions();
    return partitions[Below(partitions.size())];
  }

  // A run of one producer's entries: the next ones, old ones again, or with a gap; at times with a fence.
  void Append() {
    const PartitionId partition = AnyPartition();
    std::vector<std::pair<EntryChain, Chain>>& producers = producers_[partition];
    if (producers.empty() || Below(20) == 0) producers.emplace_back();
    auto& [chain, made] = producers[Below(producers.size())];
    const uint64_t begin = Below(4) == 0 ? Below(made.size() + 2) : made.size();
    const uint64_t end = begin + 1 + Below(4);
    while (made.size() < end) made.push_back(chain.Next(RandomPayload()));
    const std::vector<NewEntry> entries(made.begin() + begin, made.begin() + end);
    std::optional<uint64_t> expected_last;
    if (Below(3) == 0) expected_last = *memory_.Last(partition) + (Below(4) == 0 ? 1 : 0);
    CompareAppends(partition, entries, expected_last);
    // What was refused must not stay ahead of what is there, or the producer would never get on.
    CompareAppends(partition, made, std::nullopt);
  }

  void CompareAppends(PartitionId partition, const std::vector<NewEntry>& entries, std::optional<uint64_t> expected) {
    const auto real = embedded_->Append(partition, entries, expected);
    const auto fake = memory_.Append(partition, entries, expected);
    ASSERT_EQ(real.status(), fake.status());
    if (real.ok()) {
      EXPECT_EQ(*real, *fake);
    }
  }

  void Damaged() {
    NewEntry entry = EntryChain().Next("payload");
    entry.payload = "other";
    CompareAppends(AnyPartition(), {entry}, std::nullopt);
  }

  void Read() {
    const PartitionId partition = AnyPartition();
    const uint64_t last = *memory_.Last(partition);
    CompareReads(partition, Below(last + 3),
                 {.max_entries = static_cast<uint32_t>(1 + Below(20)), .max_bytes = 1 + Below(20'000)});
  }

  void CompareReads(PartitionId partition, uint64_t after, const ReadLimits& limits) {
    const auto real = embedded_->Read(partition, after, limits);
    const auto fake = memory_.Read(partition, after, limits);
    ASSERT_THAT(real, IsOk());
    ASSERT_EQ(real->size(), fake->size());
    for (size_t i = 0; i < real->size(); ++i) {
      EXPECT_EQ((*real)[i].sequence, (*fake)[i].sequence);
      EXPECT_EQ((*real)[i].header, (*fake)[i].header);
      EXPECT_EQ((*real)[i].payload, (*fake)[i].payload);
      EXPECT_EQ((*real)[i].erased, (*fake)[i].erased);
    }
  }

  void Last() {
    const PartitionId partition = AnyPartition();
    EXPECT_EQ(*embedded_->Last(partition), *memory_.Last(partition));
    EXPECT_EQ(*embedded_->Wait(partition, 0, absl::InfinitePast()), *memory_.Last(partition));
  }

  void Erase() {
    const PartitionId partition = AnyPartition();
    const uint64_t sequence = Below(*memory_.Last(partition) + 2);
    EXPECT_EQ(embedded_->Erase(partition, sequence), memory_.Erase(partition, sequence));
  }

  void Reopen() {
    embedded_.reset();
    auto opened = RocksdbLog::Open(folder_.path(), {2, 2, 1 << 20, 64 << 10});
    ASSERT_THAT(opened, IsOk());
    embedded_ = *std::move(opened);
  }

  std::string RandomPayload() {
    std::string payload(Below(8) == 0 ? Below(20'000) : Below(200), '\0');
    for (char& byte : payload) byte = static_cast<char>(Below(256));
    return payload;
  }

  std::mt19937_64 random_;
  const LogFolder folder_;
  MemoryLog memory_{2, 2};
  std::unique_ptr<RocksdbLog> embedded_;
  std::map<PartitionId, std::vector<std::pair<EntryChain, Chain>>> producers_;
};

class RocksdbLogProperty : public ::testing::TestWithParam<uint32_t> {};

TEST_P(RocksdbLogProperty, AnswersAsTheLogInMemory) {
  BothLogs logs(GetParam());
  for (int step = 0; step < kSteps && !HasFailure(); ++step) {
    SCOPED_TRACE(step);
    logs.Step();
  }
  logs.CompareAll();
}

INSTANTIATE_TEST_SUITE_P(Seeds, RocksdbLogProperty, ::testing::Values(1, 2, 3));

}  // namespace
}  // namespace interdict::log::testing
