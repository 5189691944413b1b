// kill -9 at random moments: this program runs itself as a child that writes batches for ever while segments are
// sealed, ingested and merged, and kills it. What it left must open, hold every acknowledged batch whole, and answer as
// brute force does, before and after all is compacted. INTERDICT_CRASH_ROUNDS sets how often.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <random>
#include <string>

#include "absl/strings/numbers.h"
#include "absl/time/clock.h"
#include "gtest/gtest.h"
#include "tests/index/engine/random_queries.h"
#include "tests/index/engine/test_engine.h"

namespace interdict::index::testing {
namespace {

constexpr char kChildFlag[] = "--write-until-killed";
constexpr char kBatchesKey[] = "batches";
constexpr int kQuestions = 60;
constexpr uint64_t kSeed = 20261125;

int Rounds() {
  const char* wanted = std::getenv("INTERDICT_CRASH_ROUNDS");
  return wanted == nullptr ? 15 : std::stoi(wanted);
}

// What batch `number` changes: a function of its number alone.
template <typename Put, typename Remove>
void ForEachChange(uint64_t number, Put put, Remove remove) {
  RandomQueries random(kSeed + number, 90);
  for (uint32_t i = 1 + random.Below(12); i > 0; --i) {
    const uint64_t document = 1 + random.Below(400);
    if (random.Below(4) == 0) {
      remove(document);
    } else {
      put(random.Document(document));
    }
  }
}

absl::StatusOr<uint64_t> BatchesIn(const records::Store& store) {
  auto value = store.Snapshot()->Get(kTestFamily, kBatchesKey);
  if (!value.ok()) return value.status();
  uint64_t batches = 0;
  if (value->has_value() && !absl::SimpleAtoi(**value, &batches)) return absl::DataLossError("not a number");
  return batches;
}

// Writes batch after batch, each with its number beside it, and tells each once it is committed.
int RunChild(const std::string& path) {
  auto opened = OpenTestEngine(path, SmallEngineOptions(/*background=*/true));
  if (!opened.ok()) {
    std::cerr << opened.status() << "\n";
    return 1;
  }
  auto batches = BatchesIn(*opened->store);
  if (!batches.ok()) return 1;
  for (uint64_t number = *batches + 1;; ++number) {
    IndexChange change;
    ForEachChange(
        number, [&](IndexDocument document) { change.Put(std::move(document)); },
        [&](uint64_t document) { change.Remove(Collection::kIncidents, document); });
    records::Batch batch;
    batch.Put(kTestFamily, kBatchesKey, std::to_string(number));
    const absl::Status status = opened->engine->Commit(batch, change, /*durable=*/number % 50 == 0);
    if (!status.ok()) {
      std::cerr << status << "\n";
      return 2;
    }
    if (write(STDOUT_FILENO, &number, sizeof(number)) != sizeof(number)) return 3;
  }
}

// Lets a child write for a while and kills it; the last batch that it told.
uint64_t WriteAndKill(const std::string& path, absl::Duration time) {
  int ends[2];
  EXPECT_EQ(pipe(ends), 0);
  const pid_t child = fork();
  if (child == 0) {
    dup2(ends[1], STDOUT_FILENO);
    close(ends[0]);
    close(ends[1]);
    execl("/proc/self/exe", "index_crash_test", kChildFlag, path.c_str(), nullptr);
    _exit(4);
  }
  close(ends[1]);
  uint64_t told = 0;
  uint64_t number = 0;
  const auto more = [&] { return read(ends[0], &number, sizeof(number)) == sizeof(number); };
  if (more()) told = number;
  for (const absl::Time end = absl::Now() + time; absl::Now() < end && more();) told = number;
  kill(child, SIGKILL);
  while (more()) told = number;
  close(ends[0]);
  int status = 0;
  EXPECT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFSIGNALED(status)) << "the child ended with " << WEXITSTATUS(status);
  return told;
}

TEST(EngineCrashTest, WhatWasAcknowledgedIsThereAndAnswersAreRight) {
  const std::string path = ::testing::TempDir() + "/index_crash_" + std::to_string(getpid());
  std::filesystem::remove_all(path);
  std::mt19937 random(std::random_device{}());
  Oracle oracle(TestSchema());
  uint64_t in_oracle = 0;
  for (int round = 0; round < Rounds() && !::testing::Test::HasFailure(); ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    const uint64_t told = WriteAndKill(path, absl::Milliseconds(random() % 300));
    auto opened = OpenTestEngine(path, SmallEngineOptions(/*background=*/false));
    ASSERT_TRUE(opened.ok()) << opened.status();
    auto batches = BatchesIn(*opened->store);
    ASSERT_TRUE(batches.ok()) << batches.status();
    EXPECT_GE(*batches, told);
    while (in_oracle < *batches) {
      ForEachChange(
          ++in_oracle, [&](const IndexDocument& document) { oracle.Put(document); },
          [&](uint64_t document) { oracle.Remove(document); });
    }
    RandomQueries questions(random(), 90);
    for (int i = 0; i < kQuestions; ++i) CompareAnswer(*opened->engine->Snapshot(), oracle, questions.Question());
    if (round % 3 != 2) continue;
    ASSERT_TRUE(opened->engine->Maintain(/*rewrite=*/true).ok());
    for (const auto* families : {&SearchFamilies(), &PackedSearchFamilies()}) {
      for (const std::string& family : *families) ASSERT_TRUE(opened->store->Compact(family).ok());
    }
    for (int i = 0; i < kQuestions; ++i) CompareAnswer(*opened->engine->Snapshot(), oracle, questions.Question());
  }
  EXPECT_GT(in_oracle, 0u);
  std::filesystem::remove_all(path);
}

}  // namespace
}  // namespace interdict::index::testing

int main(int argc, char** argv) {
  using interdict::index::testing::kChildFlag;
  if (argc == 3 && std::string(argv[1]) == kChildFlag) return interdict::index::testing::RunChild(argv[2]);
  ::testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
