// Random documents, inserts, replacements, removals, merges and reopened stores: the index must answer every random
// question as brute force does. 20,000 questions; INTERDICT_ORACLE_QUERIES=1000000 asks more.
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <utility>

#include "gtest/gtest.h"
#include "services/index/engine/search_engine.h"
#include "tests/index/engine/oracle.h"
#include "tests/index/engine/random_queries.h"
#include "tests/index/engine/test_engine.h"

namespace interdict::index {
namespace {

using testing::Oracle;
using testing::RandomQueries;

uint64_t Questions() {
  const char* wanted = std::getenv("INTERDICT_ORACLE_QUERIES");
  return wanted == nullptr ? 20000 : std::stoull(wanted);
}

// A store, its engine, and the oracle that knows what should be in them.
class Bench {
 public:
  Bench(uint64_t seed, uint32_t words, bool background)
      : path_(::testing::TempDir() + "/search_oracle_" + std::to_string(getpid())),
        random_(seed, words),
        oracle_(testing::TestSchema()),
        background_(background) {
    std::filesystem::remove_all(path_);
    Open();
  }
  ~Bench() {
    Close();
    std::filesystem::remove_all(path_);
  }

  void Reopen() {
    Close();
    Open();
  }

  void Change(uint32_t operations, uint32_t numbers) {
    IndexChange change;
    for (uint32_t i = 0; i < operations; ++i) {
      const uint64_t number = 1 + random_.Below(numbers);
      if (random_.Below(4) == 0) {
        change.Remove(Collection::kIncidents, number);
        oracle_.Remove(number);
      } else {
        IndexDocument document = random_.Document(number);
        oracle_.Put(document);
        change.Put(std::move(document));
      }
    }
    const absl::Status status = index_.engine->Commit(records::Batch(), change, /*durable=*/false);
    ASSERT_TRUE(status.ok()) << status;
  }

  void Maintain(bool rewrite) {
    const absl::Status status = index_.engine->Maintain(rewrite);
    ASSERT_TRUE(status.ok()) << status;
  }
  void Purge() {
    const absl::Status status = index_.engine->PurgeRemoved();
    ASSERT_TRUE(status.ok()) << status;
  }

  void Compare() { testing::CompareAnswer(*index_.engine->Snapshot(), oracle_, random_.Question()); }

 private:
  void Open() {
    auto opened = testing::OpenTestEngine(path_, testing::SmallEngineOptions(background_));
    ASSERT_TRUE(opened.ok()) << opened.status();
    index_ = *std::move(opened);
  }
  void Close() {
    index_.engine.reset();
    index_.store.reset();
  }

  const std::string path_;
  RandomQueries random_;
  Oracle oracle_;
  const bool background_;
  testing::TestEngine index_;
};

TEST(EngineOracleTest, SmallCollectionsThatChange) {
  const uint64_t questions = Questions();
  uint64_t asked = 0;
  for (uint64_t seed = 1; asked < questions && !HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    RandomQueries choice(seed * 7919, 10);
    Bench bench(seed, 60 + choice.Below(200), /*background=*/seed % 3 == 0);
    for (int step = 0; step < 40 && asked < questions && !HasFailure(); ++step) {
      bench.Change(1 + choice.Below(8), 120);
      const uint32_t what = choice.Below(10);
      if (what == 0) bench.Reopen();
      if (what == 1 || what == 2) bench.Maintain(/*rewrite=*/false);
      if (what == 3) bench.Maintain(/*rewrite=*/true);
      if (what == 4 && choice.Below(4) == 0) bench.Purge();
      for (int i = 0; i < 25; ++i, ++asked) bench.Compare();
    }
  }
}

// Lists of many blocks, several windows of scores, skipped blocks.
TEST(EngineOracleTest, LargeCollection) {
  Bench bench(4711, 400, /*background=*/false);
  for (int i = 0; i < 12; ++i) {
    bench.Change(700, 12000);
    bench.Maintain(/*rewrite=*/false);
  }
  for (int i = 0; i < 15; ++i) bench.Compare();
  bench.Maintain(/*rewrite=*/true);
  bench.Change(50, 12000);
  for (int i = 0; i < 15; ++i) bench.Compare();
  bench.Reopen();
  for (int i = 0; i < 10; ++i) bench.Compare();
}

}  // namespace
}  // namespace interdict::index
