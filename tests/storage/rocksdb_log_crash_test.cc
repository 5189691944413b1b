// kill -9 at random moments: this program runs itself as a child that appends and erases and tells what was
// acknowledged, kills it, and looks at what it left. INTERDICT_CRASH_ROUNDS sets how often.

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <iostream>
#include <map>
#include <random>
#include <set>
#include <thread>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
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
using ::testing::IsEmpty;

constexpr char kChildFlag[] = "--append-until-killed";
constexpr int kThreads = 4;
constexpr int kDefaultRounds = 12;
// Small, so that tables are written and compacted all the time.
constexpr RocksdbLogOptions kOptions{
    .intake_partitions = 2, .incident_partitions = 1, .block_cache_bytes = 1 << 20, .write_buffer_bytes = 64 << 10};

// One line, in one piece: pipes keep short writes whole.
void Tell(const std::string& line) {
  if (write(STDOUT_FILENO, line.data(), line.size()) != static_cast<ssize_t>(line.size())) _exit(3);
}

// Appends to one partition for ever, each entry after the one before is acknowledged; erases some of them.
void AppendForEver(RocksdbLog& log, uint32_t number) {
  const PartitionId partition{LogName::kIntake, number % 2};
  EntryChain chain;
  for (int i = 0; true; ++i) {
    const std::string marker = ids::RandomId();
    const std::string payload = absl::StrCat(marker, std::string(i % 7 * 300, 'x'));
    auto sequences = log.Append(partition, {chain.Next(payload)}, std::nullopt);
    if (!sequences.ok()) {
      std::cerr << sequences.status() << "\n";
      _exit(2);
    }
    Tell(absl::StrCat("appended ", partition.number, " ", sequences->front(), " ", marker, "\n"));
    if (number != 0 || i % 10 != 9) continue;
    const absl::Status erased = log.Erase(partition, sequences->front());
    if (!erased.ok()) {
      std::cerr << erased << "\n";
      _exit(2);
    }
    Tell(absl::StrCat("erased ", partition.number, " ", sequences->front(), " ", marker, "\n"));
  }
}

int RunChild(const std::string& path) {
  auto log = RocksdbLog::Open(path, kOptions);
  if (!log.ok()) {
    std::cerr << log.status() << "\n";
    return 1;
  }
  std::vector<std::thread> threads;
  for (uint32_t number = 0; number < kThreads; ++number) {
    threads.emplace_back([&log, number] { AppendForEver(**log, number); });
  }
  for (std::thread& thread : threads) thread.join();
  return 0;
}

// The child, with what it says.
class Child {
 public:
  explicit Child(const std::string& path) {
    int ends[2];
    EXPECT_EQ(pipe(ends), 0);
    pid_ = fork();
    if (pid_ == 0) {
      dup2(ends[1], STDOUT_FILENO);
      close(ends[0]);
      close(ends[1]);
      execl("/proc/self/exe", "rocksdb_log_crash_test", kChildFlag, path.c_str(), nullptr);
      _exit(4);
    }
    close(ends[1]);
    output_ = ends[0];
  }
  ~Child() { close(output_); }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  // Reads on until it has said `lines` lines, or ended.
  void ReadLines(size_t lines) {
    while (static_cast<size_t>(std::count(said_.begin(), said_.end(), '\n')) < lines && ReadSome()) {
    }
  }

  // Kills it and returns all that it said. It must not have ended by itself.
  std::vector<std::string> Kill() {
    kill(pid_, SIGKILL);
    while (ReadSome()) {
    }
    int status = 0;
    EXPECT_EQ(waitpid(pid_, &status, 0), pid_);
    EXPECT_TRUE(WIFSIGNALED(status)) << "the child ended with " << WEXITSTATUS(status);
    return absl::StrSplit(said_, '\n', absl::SkipEmpty());
  }

 private:
  bool ReadSome() {
    char buffer[4096];
    const ssize_t count = read(output_, buffer, sizeof(buffer));
    if (count > 0) said_.append(buffer, count);
    return count > 0;
  }

  pid_t pid_ = -1;
  int output_ = -1;
  std::string said_;
};

struct Acknowledged {
  std::map<std::pair<uint32_t, uint64_t>, std::string> markers;  // by partition and sequence
  std::set<std::pair<uint32_t, uint64_t>> erased;

  void Add(const std::vector<std::string>& lines) {
    for (const std::string& line : lines) {
      const std::vector<std::string> words = absl::StrSplit(line, ' ');
      ASSERT_EQ(words.size(), 4) << line;
      std::pair<uint32_t, uint64_t> place;
      ASSERT_TRUE(absl::SimpleAtoi(words[1], &place.first) && absl::SimpleAtoi(words[2], &place.second)) << line;
      if (words[0] == "erased") {
        erased.insert(place);
      } else {
        EXPECT_TRUE(markers.emplace(place, words[3]).second) << "a sequence was given twice: " << line;
      }
    }
  }
};

void ExpectAllThere(RocksdbLog& log, const Acknowledged& acknowledged) {
  std::map<std::pair<uint32_t, uint64_t>, Entry> there;
  std::set<std::string> seen;
  for (uint32_t number : {0, 1}) {
    EXPECT_THAT(VerifyPartition(log, {LogName::kIntake, number}).problems, IsEmpty());
    auto entries = log.Read({LogName::kIntake, number}, 0, {.max_entries = 1'000'000, .max_bytes = 1 << 30});
    ASSERT_THAT(entries, IsOk());
    for (Entry& entry : *entries) {
      if (!entry.erased) {
        EXPECT_TRUE(seen.insert(entry.payload.substr(0, 32)).second) << "an entry is there twice";
      }
      there[{number, entry.sequence}] = std::move(entry);
    }
  }
  for (const auto& [place, marker] : acknowledged.markers) {
    auto entry = there.find(place);
    ASSERT_NE(entry, there.end()) << "lost " << place.first << "/" << place.second;
    const bool erased = acknowledged.erased.contains(place);
    if (entry->second.erased) continue;  // at least begun
    EXPECT_FALSE(erased) << "an erasure was lost";
    EXPECT_EQ(entry->second.payload.substr(0, 32), marker);
  }
}

int Rounds() {
  int rounds = kDefaultRounds;
  const char* asked = std::getenv("INTERDICT_CRASH_ROUNDS");
  if (asked != nullptr) {
    EXPECT_TRUE(absl::SimpleAtoi(asked, &rounds)) << "INTERDICT_CRASH_ROUNDS is not a number";
  }
  return rounds;
}

TEST(RocksdbLogCrash, KillsLoseNothingThatWasAcknowledged) {
  const LogFolder folder;
  std::mt19937 random(std::random_device{}());
  Acknowledged acknowledged;
  for (int round = 0; round < Rounds() && !::testing::Test::HasFailure(); ++round) {
    SCOPED_TRACE(round);
    Child child(folder.path());
    child.ReadLines(random() % 300);
    absl::SleepFor(absl::Microseconds(random() % 20'000));
    acknowledged.Add(child.Kill());
    auto log = RocksdbLog::Open(folder.path(), {});
    ASSERT_THAT(log, IsOk());
    ExpectAllThere(**log, acknowledged);
    for (const auto& place : acknowledged.erased) {
      EXPECT_FALSE(folder.AnyFileHolds(acknowledged.markers[place])) << "erased, but still on disk";
    }
  }
  EXPECT_FALSE(acknowledged.markers.empty());
}

TEST(RocksdbLogCrash, AKillWhileTheLogIsBeingCreatedLeavesOneThatOpens) {
  std::mt19937 random(std::random_device{}());
  for (int round = 0; round < Rounds() && !::testing::Test::HasFailure(); ++round) {
    SCOPED_TRACE(round);
    const LogFolder folder;
    Child child(folder.path());
    absl::SleepFor(absl::Microseconds(random() % 100'000));
    Acknowledged acknowledged;
    acknowledged.Add(child.Kill());
    auto log = RocksdbLog::Open(folder.path(), kOptions);
    ASSERT_THAT(log, IsOk());
    ExpectAllThere(**log, acknowledged);
  }
}

}  // namespace
}  // namespace interdict::log::testing

int main(int argc, char** argv) {
  using interdict::log::testing::kChildFlag;
  if (argc == 3 && std::string(argv[1]) == kChildFlag) return interdict::log::testing::RunChild(argv[2]);
  ::testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
