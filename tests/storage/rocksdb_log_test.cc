#include "storage/log/rocksdb_log.h"

#include <atomic>
#include <map>

#include "storage/database/database.h"
#include "storage/log/log_keys.h"
#include "tests/storage/log_conformance.h"
#include "tests/storage/log_folder.h"

namespace interdict::log::testing {
namespace {

class RocksdbHarness : public DurableLogHarness {
 public:
  RocksdbHarness(uint32_t intake_partitions, uint32_t incident_partitions)
      : options_{intake_partitions, incident_partitions} {
    Open();
  }

  Log& log() override { return *log_; }
  void Close() override { log_->Close(); }
  void Reopen() override {
    log_.reset();
    Open();
  }

 private:
  void Open() {
    absl::StatusOr<std::unique_ptr<RocksdbLog>> opened = RocksdbLog::Open(folder_.path(), options_);
    ASSERT_THAT(opened, IsOk());
    log_ = *std::move(opened);
  }

  const RocksdbLogOptions options_;
  const LogFolder folder_;
  std::unique_ptr<RocksdbLog> log_;
};

INSTANTIATE_TEST_SUITE_P(RocksdbLog, LogConformance,
                         ::testing::Values(LogFactory{"RocksdbLog", [](uint32_t intake, uint32_t incidents) {
                                                        return std::make_unique<RocksdbHarness>(intake, incidents);
                                                      }}));
INSTANTIATE_TEST_SUITE_P(RocksdbLog, DurableLogConformance,
                         ::testing::Values(DurableLogFactory{"RocksdbLog", [](uint32_t intake, uint32_t incidents) {
                                                               return std::make_unique<RocksdbHarness>(intake,
                                                                                                       incidents);
                                                             }}));

class RocksdbLogTest : public ::testing::Test {
 protected:
  absl::Status Open(const RocksdbLogOptions& options = {}) {
    log_.reset();
    absl::StatusOr<std::unique_ptr<RocksdbLog>> opened = RocksdbLog::Open(folder_.path(), options);
    if (opened.ok()) log_ = *std::move(opened);
    return opened.status();
  }

  // The files of the closed log, to break them.
  std::unique_ptr<database::Database> OpenFiles() {
    log_.reset();
    database::DatabaseOptions options{.what = "log", .schema_version = kLogSchemaVersion};
    options.families.assign(kLogFamilies.begin(), kLogFamilies.end());
    absl::StatusOr<std::unique_ptr<database::Database>> opened = database::Database::Open(folder_.path(), options);
    EXPECT_THAT(opened, IsOk());
    return opened.ok() ? *std::move(opened) : nullptr;
  }

  const PartitionId intake_{LogName::kIntake, 0};
  const LogFolder folder_;
  std::unique_ptr<RocksdbLog> log_;
};

TEST_F(RocksdbLogTest, ANewLogHasOnePartitionEachUnlessTold) {
  ASSERT_THAT(Open(), IsOk());
  EXPECT_EQ(log_->Identity()->intake_partitions, 1);
  EXPECT_EQ(log_->Identity()->incident_partitions, 1);
}

TEST_F(RocksdbLogTest, KeepsItsPartitionsAndRefusesOthers) {
  ASSERT_THAT(Open({.intake_partitions = 3, .incident_partitions = 2}), IsOk());
  ASSERT_THAT(Open(), IsOk());
  EXPECT_EQ(log_->Identity()->intake_partitions, 3);
  EXPECT_EQ(log_->Identity()->incident_partitions, 2);
  EXPECT_THAT(Open({.intake_partitions = 3, .incident_partitions = 2}), IsOk());
  EXPECT_THAT(Open({.intake_partitions = 4}),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       AllOf(HasSubstr("intake_partitions"), HasSubstr("created with 3, asked for 4"))));
  EXPECT_THAT(Open({.incident_partitions = 1}),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       AllOf(HasSubstr("incident_partitions"), HasSubstr("created with 2, asked for 1"))));
}

TEST_F(RocksdbLogTest, RefusesTooManyPartitions) {
  EXPECT_THAT(Open({.intake_partitions = 1025}),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("intake_partitions")));
  EXPECT_FALSE(std::filesystem::exists(folder_.path()));
}

TEST_F(RocksdbLogTest, ASecondOpenSaysWhatToDo) {
  ASSERT_THAT(Open(), IsOk());
  EXPECT_THAT(RocksdbLog::Open(folder_.path(), {}),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       AllOf(HasSubstr(folder_.path()), HasSubstr("in use"), HasSubstr("stop that one"))));
}

TEST_F(RocksdbLogTest, RefusesALogOfANewerVersion) {
  ASSERT_THAT(Open(), IsOk());
  ASSERT_TRUE(OpenFiles()->db().Put({}, "schema_version", absl::StrCat(kLogSchemaVersion + 1)).ok());
  EXPECT_THAT(Open(), StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("upgrade Interdict")));
}

TEST_F(RocksdbLogTest, ACreationThatWasCutShortIsTakenUpAgain) {
  ASSERT_NE(OpenFiles(), nullptr);  // has a schema version, but no identity yet
  EXPECT_THAT(Open({.intake_partitions = 2}), IsOk());
  EXPECT_EQ(log_->Identity()->intake_partitions, 2);
}

TEST_F(RocksdbLogTest, EntriesWithoutIdentityAreDamage) {
  ASSERT_THAT(Open(), IsOk());
  ASSERT_THAT(log_->Append(intake_, {EntryChain().Next("a")}, std::nullopt), IsOk());
  ASSERT_TRUE(OpenFiles()->db().Delete({}, std::string(row::kLogId)).ok());
  EXPECT_THAT(Open(), StatusIs(absl::StatusCode::kDataLoss, HasSubstr("log_id")));
}

TEST_F(RocksdbLogTest, AMissingOrSpoiledRowIsDataLossAndNotErasure) {
  struct Case {
    std::string_view family;
    std::optional<std::string> value;  // nullopt: the row is gone
    std::string part;
  };
  for (const Case& c : {Case{family::kPayloads, std::nullopt, "payload"}, Case{family::kPayloads, "", "payload"},
                        Case{family::kPayloads, "\x7f?", "payload"}, Case{family::kHeaders, std::nullopt, "header"}}) {
    ASSERT_THAT(Open(), IsOk());
    EntryChain chain;
    const uint64_t before = *log_->Last(intake_);
    ASSERT_THAT(log_->Append(intake_, {chain.Next("a"), chain.Next("b"), chain.Next("c")}, std::nullopt), IsOk());
    {
      std::unique_ptr<database::Database> files = OpenFiles();
      const std::string key = EntryKey(intake_, before + 2);
      rocksdb::ColumnFamilyHandle* family = files->Family(c.family);
      ASSERT_TRUE((c.value ? files->db().Put({}, family, key, *c.value) : files->db().Delete({}, family, key)).ok());
    }
    ASSERT_THAT(Open(), IsOk());
    EXPECT_THAT(log_->Read(intake_, before, {.max_entries = 1}), IsOkAndHolds(::testing::SizeIs(1)));
    EXPECT_THAT(log_->Read(intake_, before, {}),
                StatusIs(absl::StatusCode::kDataLoss,
                         HasSubstr(absl::StrCat(c.part, " of entry ", before + 2, " of intake/0"))));
    EXPECT_THAT(log_->Read(intake_, before + 2, {}), IsOkAndHolds(::testing::SizeIs(1)));
  }
}

TEST_F(RocksdbLogTest, TakesPayloadsLargerThanItsBuffers) {
  ASSERT_THAT(Open({.block_cache_bytes = 1 << 20, .write_buffer_bytes = 1 << 20}), IsOk());
  EntryChain chain;
  std::vector<std::string> payloads;
  for (size_t megabytes : {40, 3, 40}) payloads.emplace_back(megabytes << 20, 'x');
  for (const std::string& payload : payloads) {
    ASSERT_THAT(log_->Append(intake_, {chain.Next(payload)}, std::nullopt), IsOk());
  }
  for (int round = 0; round < 2; ++round) {
    for (size_t i = 0; i < payloads.size(); ++i) {
      absl::StatusOr<std::vector<Entry>> read = log_->Read(intake_, i, {});
      ASSERT_THAT(read, IsOkAndHolds(::testing::SizeIs(1)));
      EXPECT_TRUE(read->front().payload == payloads[i]);
    }
    ASSERT_THAT(Open(), IsOk());
  }
}

TEST_F(RocksdbLogTest, AppendsOfManyThreadsAreAllThereOnce) {
  constexpr int kThreads = 8;
  constexpr int kEach = 50;
  ASSERT_THAT(Open(), IsOk());
  std::vector<std::thread> threads;
  std::vector<std::map<uint64_t, std::string>> acknowledged(kThreads);
  for (int thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([this, thread, &acknowledged] {
      EntryChain chain;
      for (int i = 0; i < kEach; ++i) {
        const std::string payload = absl::StrCat(thread, "/", i);
        absl::StatusOr<Sequences> sequences = log_->Append(intake_, {chain.Next(payload)}, std::nullopt);
        ASSERT_THAT(sequences, IsOk());
        acknowledged[thread][sequences->front()] = payload;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::map<uint64_t, std::string> all;
  for (std::map<uint64_t, std::string>& some : acknowledged) all.merge(some);
  EXPECT_EQ(all.size(), kThreads * kEach);
  ASSERT_THAT(Open(), IsOk());
  EXPECT_THAT(log_->Last(intake_), IsOkAndHolds(uint64_t{kThreads * kEach}));
  absl::StatusOr<std::vector<Entry>> entries = log_->Read(intake_, 0, {});
  ASSERT_THAT(entries, IsOkAndHolds(::testing::SizeIs(kThreads * kEach)));
  for (const Entry& entry : *entries) EXPECT_EQ(entry.payload, all[entry.sequence]);
  EXPECT_THAT(VerifyPartition(*log_, intake_).problems, IsEmpty());
}

TEST_F(RocksdbLogTest, AnAppendThatCannotBePlannedFailsAlone) {
  ASSERT_THAT(Open(), IsOk());
  std::atomic<bool> stop = false;
  std::thread bad([this, &stop] {
    EntryChain chain;
    chain.Next("never appended");
    const NewEntry entry = chain.Next("leaves a gap");
    while (!stop) {
      EXPECT_THAT(log_->Append(intake_, {entry}, std::nullopt), StatusIs(absl::StatusCode::kInvalidArgument));
    }
  });
  EntryChain chain;
  for (uint64_t i = 1; i <= 200; ++i) {
    EXPECT_THAT(log_->Append(intake_, {chain.Next("good")}, std::nullopt), IsOkAndHolds(ElementsAre(i)));
  }
  stop = true;
  bad.join();
  EXPECT_THAT(log_->Last(intake_), IsOkAndHolds(200u));
}

TEST_F(RocksdbLogTest, ClosingCancelsAppendsOrFinishesThem) {
  ASSERT_THAT(Open(), IsOk());
  std::vector<std::thread> threads;
  std::atomic<uint64_t> acknowledged = 0;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([this, &acknowledged] {
      EntryChain chain;
      while (true) {
        const absl::Status status = log_->Append(intake_, {chain.Next("a")}, std::nullopt).status();
        if (!status.ok()) {
          EXPECT_THAT(status, StatusIs(absl::StatusCode::kCancelled));
          return;
        }
        ++acknowledged;
      }
    });
  }
  ASSERT_THAT(log_->Wait(intake_, 20, absl::InfiniteFuture()), IsOk());
  log_->Close();
  log_->Close();
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(log_->Append(intake_, {EntryChain().Next("a")}, std::nullopt), StatusIs(absl::StatusCode::kCancelled));
  EXPECT_THAT(log_->Wait(intake_, 0, absl::InfiniteFuture()), StatusIs(absl::StatusCode::kCancelled));
  EXPECT_THAT(log_->Last(intake_), IsOkAndHolds(acknowledged.load()));
  EXPECT_THAT(log_->Read(intake_, 0, {.max_entries = 1}), IsOkAndHolds(::testing::SizeIs(1)));
  ASSERT_THAT(Open(), IsOk());
  EXPECT_THAT(log_->Last(intake_), IsOkAndHolds(acknowledged.load()));
}

}  // namespace
}  // namespace interdict::log::testing
