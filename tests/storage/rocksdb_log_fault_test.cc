// Torn and garbled files, and writes that fail.

#include <signal.h>
#include <sys/resource.h>

#include <algorithm>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "storage/log/rocksdb_log.h"
#include "storage/log/verify.h"
#include "tests/status_matchers.h"
#include "tests/storage/entry_chain.h"
#include "tests/storage/log_folder.h"

namespace interdict::log::testing {
namespace {

using ::interdict::testing::IsOk;
using ::interdict::testing::IsOkAndHolds;
using ::interdict::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr PartitionId kIntake{LogName::kIntake, 0};

// Entries with the size that the write-ahead log had when each was acknowledged.
struct Written {
  std::vector<NewEntry> entries;
  std::vector<uint64_t> ends;

  // How many were whole in a write-ahead log cut or garbled at `offset`.
  uint64_t WholeBefore(uint64_t offset) const {
    return std::count_if(ends.begin(), ends.end(), [offset](uint64_t end) { return end <= offset; });
  }
};

Written WriteLog(const LogFolder& folder) {
  Written written;
  auto log = RocksdbLog::Open(folder.path(), {});
  EXPECT_THAT(log, IsOk());
  EntryChain chain;
  written.ends.reserve(20);
  for (int i = 0; i < 20; ++i) {
    written.entries.push_back(chain.Next(absl::StrCat("payload ", i, std::string(50 * i, 'x'))));
    EXPECT_THAT((*log)->Append(kIntake, {written.entries.back()}, std::nullopt), IsOk());
    written.ends.push_back(std::filesystem::file_size(folder.NewestWriteAheadLog()));
  }
  return written;
}

// Opens what is left, expects exactly the entries that were whole, and that the producer can go on where they end.
void ExpectWhole(const LogFolder& folder, const Written& written, uint64_t whole) {
  auto log = RocksdbLog::Open(folder.path(), {});
  ASSERT_THAT(log, IsOk());
  EXPECT_THAT((*log)->Last(kIntake), IsOkAndHolds(whole));
  EXPECT_THAT((*log)->Append(kIntake, written.entries, std::nullopt), IsOk());
  absl::StatusOr<std::vector<Entry>> read = (*log)->Read(kIntake, 0, {});
  ASSERT_THAT(read, IsOkAndHolds(::testing::SizeIs(written.entries.size())));
  for (size_t i = 0; i < read->size(); ++i) EXPECT_EQ((*read)[i].payload, written.entries[i].payload);
  EXPECT_THAT(VerifyPartition(**log, kIntake).problems, IsEmpty());
}

TEST(RocksdbLogFault, ATornTailLosesOnlyWhatIsTorn) {
  const LogFolder original;
  const Written written = WriteLog(original);
  const uint64_t size = written.ends.back();
  for (uint64_t cut : {uint64_t{1}, uint64_t{7}, uint64_t{300}, size - written.ends[3], size - written.ends[10] + 5}) {
    const LogFolder folder;
    std::filesystem::copy(original.path(), folder.path());
    std::filesystem::resize_file(folder.NewestWriteAheadLog(), size - cut);
    SCOPED_TRACE(cut);
    ExpectWhole(folder, written, written.WholeBefore(size - cut));
  }
}

TEST(RocksdbLogFault, AGarbledTailLosesOnlyWhatIsBehindTheFirstBadByte) {
  const LogFolder original;
  const Written written = WriteLog(original);
  const uint64_t size = written.ends.back();
  for (uint64_t garbled : {uint64_t{1}, uint64_t{40}, uint64_t{700}, size - written.ends[5] - 3}) {
    const LogFolder folder;
    std::filesystem::copy(original.path(), folder.path());
    std::string content = ReadFile(folder.NewestWriteAheadLog());
    for (uint64_t i = size - garbled; i < size; ++i) content[i] = static_cast<char>(~content[i]);
    WriteFile(folder.NewestWriteAheadLog(), content);
    SCOPED_TRACE(garbled);
    ExpectWhole(folder, written, written.WholeBefore(size - garbled));
  }
}

// No file of this process may grow beyond some bytes, as on a disk with a fault.
class FileLimit {
 public:
  explicit FileLimit(uint64_t bytes) : handler_(signal(SIGXFSZ, SIG_IGN)) {
    getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{bytes, before_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileLimit() {
    setrlimit(RLIMIT_FSIZE, &before_);
    signal(SIGXFSZ, handler_);
  }
  FileLimit(const FileLimit&) = delete;
  FileLimit& operator=(const FileLimit&) = delete;

 private:
  void (*handler_)(int);
  rlimit before_{};
};

TEST(RocksdbLogFault, AfterAFailedWriteTheSameAppendSettlesIt) {
  const LogFolder folder;
  EntryChain chain;
  const NewEntry first = chain.Next("first");
  const NewEntry large = chain.Next(std::string(3 << 20, 'l'));
  const NewEntry next = chain.Next("next");
  {
    auto log = RocksdbLog::Open(folder.path(), {});
    ASSERT_THAT(log, IsOk());
    ASSERT_THAT((*log)->Append(kIntake, {first}, std::nullopt), IsOk());
    {
      const FileLimit limit(1 << 20);
      EXPECT_THAT((*log)->Append(kIntake, {large}, std::nullopt), StatusIs(absl::StatusCode::kUnavailable));
      EXPECT_THAT((*log)->Last(kIntake), IsOkAndHolds(1u));
      EXPECT_THAT((*log)->Read(kIntake, 0, {}), IsOkAndHolds(::testing::SizeIs(1)));
    }
    // The open log may or may not recover by itself, but it never lies.
    absl::StatusOr<std::vector<uint64_t>> again = (*log)->Append(kIntake, {large}, std::nullopt);
    if (again.ok()) {
      EXPECT_THAT(*again, ElementsAre(2));
    } else {
      EXPECT_THAT(again, StatusIs(absl::StatusCode::kUnavailable));
    }
    RecordProperty("recovered_while_open", again.ok());
  }
  auto log = RocksdbLog::Open(folder.path(), {});
  ASSERT_THAT(log, IsOk());
  EXPECT_THAT((*log)->Append(kIntake, {large, next}, std::nullopt), IsOkAndHolds(ElementsAre(2, 3)));
  EXPECT_THAT((*log)->Last(kIntake), IsOkAndHolds(3u));
  EXPECT_THAT(VerifyPartition(**log, kIntake).problems, IsEmpty());
}

}  // namespace
}  // namespace interdict::log::testing
