// The index as an earlier version wrote it, kept as test data, opens and answers as brute force does. The documents
// follow from the code below, which therefore stays as it is. A change of the segment format that reads no old data
// raises the store's schema version and writes the data anew:
//   INTERDICT_WRITE_GOLDEN=1 build/tests/index_engine_test --gtest_filter='EngineGoldenTest.*'
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "services/index/engine/bytes.h"
#include "tests/index/engine/random_queries.h"
#include "tests/index/engine/test_engine.h"
#include "tests/source_tree.h"

namespace interdict::index::testing {
namespace {

constexpr char kGolden[] = "tests/testdata/search_index/engine.kv";

// Words of a small language; some everywhere, some nowhere but once.
std::string GoldenWord(uint32_t at) {
  static constexpr const char* kEndings[] = {"x", "y", "z"};
  const uint32_t mixed = at * 2654435761U >> 8;
  const uint32_t rank = mixed % 97 * (mixed % 89) % (mixed % 7 == 0 ? 160 : 12);
  std::string word = {'w', static_cast<char>('a' + rank % 7), static_cast<char>('a' + rank / 7)};
  return word + kEndings[mixed % 3];
}

IndexDocument GoldenDocument(uint64_t number) {
  IndexDocument document;
  document.number = number;
  const auto seed = static_cast<uint32_t>(number);
  for (const uint16_t field : {kTitle, kText}) {
    if ((seed + field) % 9 == 0) continue;
    TextValue text;
    text.field = field;
    const uint32_t length = field == kTitle ? 1 + seed % 4 : 2 + seed % 13;
    for (uint32_t i = 0; i < length; ++i) {
      const std::string word = GoldenWord(seed * 64 + field * 20 + i);
      text.tokens.push_back({word.substr(0, word.size() - 1), word, i * (seed % 11 == 0 ? 3 : 1)});
    }
    document.texts.push_back(std::move(text));
  }
  for (uint32_t i = 0; i < seed % 3; ++i) document.keywords.push_back({kCountry, "C" + std::to_string((seed + i) % 9)});
  if (seed % 4 != 0) document.keywords.push_back({kGoodsCode, "ML" + std::to_string(seed * 7 % 30)});
  if (seed % 5 != 0) {
    document.columns.push_back({kFrom, 12000 + seed * 37 % 2000});
    document.columns.push_back({kTo, 12000 + seed * 37 % 2000 + seed % 90});
  }
  document.columns.push_back({kWeight, static_cast<int64_t>(seed % 50) - 20});
  if (seed % 2 == 0) document.points.push_back({kPlace, 30.0 + seed % 20, static_cast<double>(seed % 60) - 20});
  return document;
}

// Four commits: two that become segments, one that stays in the tail, and one that replaces and removes documents of
// all.
constexpr int kCommits = 4;
template <typename Put, typename Remove>
void ForEachChange(int commit, Put put, Remove remove) {
  constexpr uint32_t kEnds[] = {0, 260, 380, 420};
  if (commit < 3) {
    for (uint32_t number = kEnds[commit] + 1; number <= kEnds[commit + 1]; ++number) put(GoldenDocument(number));
    return;
  }
  for (uint32_t number = 5; number < kEnds[3]; number += 17) {
    if (number % 2 == 0) {
      IndexDocument document = GoldenDocument(number + 1000);
      document.number = number;
      put(std::move(document));
    } else {
      remove(number);
    }
  }
}

// family, key and value, each behind its size as a varint.
std::string Dump(const records::Store& store) {
  std::string dump;
  const auto reader = store.Snapshot();
  for (const auto* families : {&SearchFamilies(), &PackedSearchFamilies()}) {
    for (const std::string& family : *families) {
      for (const auto cursor = reader->Scan(family, ""); cursor->Valid(); cursor->Next()) {
        for (const std::string_view part : {std::string_view(family), cursor->key(), cursor->value()}) {
          AppendVarint(dump, part.size());
          dump.append(part);
        }
      }
    }
  }
  return dump;
}

class EngineGoldenTest : public ::testing::Test {
 protected:
  EngineGoldenTest() {
    std::filesystem::remove_all(path_);
    options_ = SmallEngineOptions(/*background=*/false);
    options_.tail_documents = 100;
    options_.max_removed_share = 1;
  }
  ~EngineGoldenTest() override { std::filesystem::remove_all(path_); }

  void Write() {
    auto opened = OpenTestEngine(path_, options_);
    ASSERT_TRUE(opened.ok()) << opened.status();
    for (int commit = 0; commit < kCommits; ++commit) {
      IndexChange change;
      ForEachChange(
          commit, [&](IndexDocument document) { change.Put(std::move(document)); },
          [&](uint64_t number) { change.Remove(Collection::kIncidents, number); });
      ASSERT_TRUE(opened->engine->Commit(records::Batch(), change, /*durable=*/false).ok());
      if (commit < 2) {
        ASSERT_TRUE(opened->engine->Maintain(/*rewrite=*/false).ok());
      }
    }
    std::ofstream(interdict::testing::SourcePath(kGolden), std::ios::binary) << Dump(*opened->store);
  }

  const std::string path_ = ::testing::TempDir() + "/search_golden_" + std::to_string(getpid());
  EngineOptions options_;
};

TEST_F(EngineGoldenTest, DataOfAnEarlierVersionIsRead) {
  if (std::getenv("INTERDICT_WRITE_GOLDEN") != nullptr) Write();
  std::filesystem::remove_all(path_);
  std::ifstream file(interdict::testing::SourcePath(kGolden), std::ios::binary);
  std::stringstream bytes;
  bytes << file.rdbuf();
  const std::string dump = bytes.str();
  ASSERT_FALSE(dump.empty());
  auto opened = OpenTestEngine(path_, options_);
  ASSERT_TRUE(opened.ok()) << opened.status();
  opened->engine.reset();
  records::Batch batch;
  ByteReader reader(dump);
  while (!reader.empty()) {
    const std::string_view family = reader.Bytes(reader.Varint());
    const std::string_view key = reader.Bytes(reader.Varint());
    const std::string_view value = reader.Bytes(reader.Varint());
    batch.Put(family, key, value);
  }
  ASSERT_TRUE(reader.ok());
  ASSERT_TRUE(opened->store->Commit(batch, /*durable=*/false).ok());
  auto engine = SearchEngine::Open(opened->store.get(), options_);
  ASSERT_TRUE(engine.ok()) << engine.status();

  Oracle oracle(TestSchema());
  for (int commit = 0; commit < kCommits; ++commit) {
    ForEachChange(
        commit, [&](const IndexDocument& document) { oracle.Put(document); },
        [&](uint64_t number) { oracle.Remove(number); });
  }
  RandomQueries questions(1, 160);
  for (int i = 0; i < 400; ++i) CompareAnswer(*(*engine)->Snapshot(), oracle, questions.Question());
  // What is made of it by this version, too.
  ASSERT_TRUE((*engine)->Maintain(/*rewrite=*/true).ok());
  for (int i = 0; i < 200; ++i) CompareAnswer(*(*engine)->Snapshot(), oracle, questions.Question());
}

}  // namespace
}  // namespace interdict::index::testing
