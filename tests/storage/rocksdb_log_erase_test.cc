// That what is erased from the embedded log is in no file any more.

#include <atomic>
#include <random>
#include <thread>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "storage/database/database.h"
#include "storage/log/log_keys.h"
#include "storage/log/rocksdb_log.h"
#include "storage/log/verify.h"
#include "tests/status_matchers.h"
#include "tests/storage/entry_chain.h"
#include "tests/storage/log_folder.h"

namespace interdict::log::testing {
namespace {

using ::interdict::testing::IsOk;
using ::testing::IsEmpty;

constexpr PartitionId kIntake{LogName::kIntake, 0};
constexpr PartitionId kSecond{LogName::kIntake, 1};

class RocksdbLogErase : public ::testing::Test {
 protected:
  void SetUp() override { Open(); }

  void Open() {
    log_.reset();
    absl::StatusOr<std::unique_ptr<RocksdbLog>> opened =
        RocksdbLog::Open(folder_.path(), {.intake_partitions = 2, .write_buffer_bytes = 256 << 10});
    ASSERT_THAT(opened, IsOk());
    log_ = *std::move(opened);
  }

  // Random bytes: tables hold them as they are, since they do not shrink.
  std::string Secret(size_t bytes = 4096) {
    std::string secret(bytes, '\0');
    for (char& byte : secret) byte = static_cast<char>(random_());
    return secret;
  }

  // Whether a part of the payload is on disk. Not its beginning, which could be cut off by the file format.
  bool OnDisk(const std::string& payload) { return folder_.AnyFileHolds(payload.substr(64, 24)); }

  std::vector<std::string> AppendSecrets(PartitionId partition, EntryChain& chain, int count) {
    std::vector<std::string> secrets;
    for (int i = 0; i < count; ++i) {
      secrets.push_back(Secret());
      EXPECT_THAT(log_->Append(partition, {chain.Next(secrets.back())}, std::nullopt), IsOk());
    }
    return secrets;
  }

  const LogFolder folder_;
  std::mt19937 random_{7};
  std::unique_ptr<RocksdbLog> log_;
};

TEST_F(RocksdbLogErase, LeavesNoByteInAnyFileAndKeepsTheRest) {
  EntryChain chain;
  // More than the write buffer, so that some are in tables of several levels and some in the write-ahead log only.
  const std::vector<std::string> secrets = AppendSecrets(kIntake, chain, 200);
  for (uint64_t sequence : {1, 2, 100, 199, 200}) {
    ASSERT_TRUE(OnDisk(secrets[sequence - 1]));
    ASSERT_THAT(log_->Erase(kIntake, sequence), IsOk());
    EXPECT_FALSE(OnDisk(secrets[sequence - 1]));
  }
  for (uint64_t kept : {3, 99, 101, 198}) EXPECT_TRUE(OnDisk(secrets[kept - 1]));
  Open();
  EXPECT_FALSE(OnDisk(secrets[0]));
  const PartitionReport report = VerifyPartition(*log_, kIntake);
  EXPECT_THAT(report.problems, IsEmpty());
  EXPECT_EQ(report.entries, 200);
  EXPECT_EQ(report.erased, 5);
}

TEST_F(RocksdbLogErase, ManyAtOnceAllGo) {
  EntryChain one;
  EntryChain two;
  const std::vector<std::string> first = AppendSecrets(kIntake, one, 60);
  const std::vector<std::string> second = AppendSecrets(kSecond, two, 60);
  std::vector<std::thread> threads;
  for (PartitionId partition : {kIntake, kSecond}) {
    for (uint64_t begin = 1; begin <= 4; ++begin) {
      threads.emplace_back([this, partition, begin] {
        for (uint64_t sequence = begin; sequence <= 40; sequence += 3) {  // some by two threads
          EXPECT_THAT(log_->Erase(partition, sequence), IsOk());
        }
      });
    }
  }
  for (std::thread& thread : threads) thread.join();
  for (const std::vector<std::string>& secrets : {first, second}) {
    for (size_t i = 0; i < secrets.size(); ++i) EXPECT_EQ(OnDisk(secrets[i]), i >= 40) << i;
  }
  for (PartitionId partition : {kIntake, kSecond}) {
    EXPECT_EQ(VerifyPartition(*log_, partition).erased, 40);
    EXPECT_THAT(VerifyPartition(*log_, partition).problems, IsEmpty());
  }
}

TEST_F(RocksdbLogErase, GoesOnWhileOthersAppendAndRead) {
  EntryChain chain;
  const std::vector<std::string> secrets = AppendSecrets(kIntake, chain, 30);
  std::atomic<bool> stop = false;
  std::thread reader([this, &stop] {
    while (!stop) EXPECT_THAT(log_->Read(kIntake, 0, {}), IsOk());
  });
  std::thread writer([this, &stop] {
    EntryChain own;
    while (!stop) EXPECT_THAT(log_->Append(kIntake, {own.Next("more")}, std::nullopt), IsOk());
  });
  for (uint64_t sequence = 1; sequence <= 10; ++sequence) {
    EXPECT_THAT(log_->Erase(kIntake, sequence), IsOk());
    EXPECT_FALSE(OnDisk(secrets[sequence - 1]));
  }
  stop = true;
  reader.join();
  writer.join();
  EXPECT_THAT(VerifyPartition(*log_, kIntake).problems, IsEmpty());
}

TEST_F(RocksdbLogErase, APurgeThatACrashCutShortIsDoneAtTheNextOpen) {
  EntryChain chain;
  const std::vector<std::string> secrets = AppendSecrets(kIntake, chain, 3);
  log_.reset();
  database::DatabaseOptions options{.what = "log", .schema_version = kLogSchemaVersion};
  options.families.assign(kLogFamilies.begin(), kLogFamilies.end());
  {
    // What is on disk after the first half of an erasure.
    auto files = database::Database::Open(folder_.path(), options);
    ASSERT_THAT(files, IsOk());
    rocksdb::WriteBatch half;
    const std::string key = EntryKey(kIntake, 2);
    ASSERT_TRUE(half.Put((*files)->Family(family::kPayloads), key, rocksdb::Slice(&kPayloadErased, 1)).ok());
    ASSERT_TRUE(half.Put(std::string(row::kPurgePrefix) + key, "").ok());
    ASSERT_THAT((*files)->Write(half, true), IsOk());
  }
  ASSERT_TRUE(OnDisk(secrets[1]));
  Open();
  EXPECT_FALSE(OnDisk(secrets[1]));
  EXPECT_TRUE(OnDisk(secrets[0]));
  EXPECT_TRUE(log_->Read(kIntake, 1, {})->front().erased);
  log_.reset();
  auto files = database::Database::Open(folder_.path(), options);
  ASSERT_THAT(files, IsOk());
  std::string value;
  EXPECT_TRUE((*files)->db().Get({}, std::string(row::kPurgePrefix) + EntryKey(kIntake, 2), &value).IsNotFound());
}

}  // namespace
}  // namespace interdict::log::testing
