// Random documents, inserts, replacements, removals, merges and reopened stores: the index must answer every random
// question as brute force does. 20,000 questions; INTERDICT_ORACLE_QUERIES=1000000 asks more.
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "services/index/engine/search_engine.h"
#include "tests/index/engine/oracle.h"
#include "tests/index/engine/random_queries.h"

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
    const absl::Status status = engine_->Commit(records::Batch(), change, /*durable=*/false);
    ASSERT_TRUE(status.ok()) << status;
  }

  void Maintain(bool rewrite) {
    const absl::Status status = engine_->Maintain(rewrite);
    ASSERT_TRUE(status.ok()) << status;
  }
  void Purge() {
    const absl::Status status = engine_->PurgeRemoved();
    ASSERT_TRUE(status.ok()) << status;
  }

  void Compare() {
    Query query = random_.Question();
    const auto snapshot = engine_->Snapshot();
    query.explain = true;
    auto answer = snapshot->Search(Collection::kIncidents, query);
    ASSERT_TRUE(answer.ok()) << answer.status();
    SCOPED_TRACE(answer->plan);
    EXPECT_EQ(snapshot->documents(Collection::kIncidents), oracle_.documents().size());
    const std::vector<uint64_t> matching = oracle_.Matching(query);
    if (query.count == CountMode::kExact) {
      EXPECT_EQ(answer->count, matching.size());
    }
    ASSERT_EQ(answer->hits.size(), std::min(query.limit, matching.size()));
    EXPECT_EQ(answer->more, matching.size() > query.limit);
    if (query.order.by == Order::By::kRelevance) {
      CompareScores(query, *answer, matching);
    } else {
      ComparePages(*snapshot, query, *answer);
    }
    for (size_t i = 0; i < query.facets.size(); ++i) {
      std::map<std::pair<std::string, std::string>, uint64_t> counts;
      for (const FacetCount& count : answer->facets[i].counts) counts[{count.first, count.second}] = count.count;
      if (SpansOpenEnds(query.facets[i])) continue;
      EXPECT_EQ(counts, oracle_.Facet(query, query.facets[i]));
    }
  }

 private:
  // Open ends of intervals are no calendar dates; what they are called is nobody's contract.
  static bool SpansOpenEnds(const FacetRequest& facet) {
    const auto open = [](const FacetDimension& dimension) {
      return dimension.of != FacetDimension::Of::kKeyword && dimension.field == testing::kFrom;
    };
    return open(facet.first) || (facet.second.has_value() && open(*facet.second));
  }

  void CompareScores(const Query& query, const SearchResult& answer, const std::vector<uint64_t>& matching) {
    std::vector<std::pair<double, uint64_t>> best;
    for (const uint64_t number : matching) {
      best.emplace_back(oracle_.Score(oracle_.documents().at(number), query.text), number);
    }
    std::sort(best.begin(), best.end(), [](const auto& a, const auto& b) {
      return a.first != b.first ? a.first > b.first : a.second < b.second;
    });
    for (size_t i = 0; i < answer.hits.size(); ++i) {
      // Scores are equal up to their rounding; hits up to the order of scores that are equal so far.
      const double tolerance = 1e-4 * (1 + best[i].first);
      EXPECT_NEAR(answer.hits[i].score, best[i].first, tolerance) << "hit " << i;
      const auto& document = oracle_.documents().find(answer.hits[i].number);
      ASSERT_NE(document, oracle_.documents().end());
      EXPECT_TRUE(std::binary_search(matching.begin(), matching.end(), answer.hits[i].number));
      EXPECT_NEAR(oracle_.Score(document->second, query.text), best[i].first, tolerance);
      if (i > 0) {
        const Hit& before = answer.hits[i - 1];
        EXPECT_TRUE(before.score > answer.hits[i].score ||
                    (before.score == answer.hits[i].score && before.number < answer.hits[i].number));
      }
    }
  }

  void ComparePages(const SearchSnapshot& snapshot, Query query, const SearchResult& first) {
    const std::vector<uint64_t> ordered = oracle_.Ordered(query);
    std::vector<uint64_t> numbers;
    for (const Hit& hit : first.hits) numbers.push_back(hit.number);
    if (first.more) {
      query.after = first.hits.back().key;
      query.facets.clear();
      auto second = snapshot.Search(Collection::kIncidents, query);
      ASSERT_TRUE(second.ok()) << second.status();
      for (const Hit& hit : second->hits) numbers.push_back(hit.number);
    }
    EXPECT_EQ(numbers,
              std::vector<uint64_t>(ordered.begin(), ordered.begin() + std::min(ordered.size(), 2 * query.limit)));
  }

  void Open() {
    records::StoreOptions options;
    options.families = SearchFamilies();
    options.packed_families = PackedSearchFamilies();
    auto store = records::Store::Open(path_, options);
    ASSERT_TRUE(store.ok()) << store.status();
    store_ = *std::move(store);
    EngineOptions engine_options;
    engine_options.schemas = {testing::TestSchema(), testing::TestSchema()};
    engine_options.tail_documents = 40;
    engine_options.merge_factor = 3;
    engine_options.background = background_;
    auto engine = SearchEngine::Open(store_.get(), engine_options);
    ASSERT_TRUE(engine.ok()) << engine.status();
    engine_ = *std::move(engine);
  }
  void Close() {
    engine_.reset();
    store_.reset();
  }

  const std::string path_;
  RandomQueries random_;
  Oracle oracle_;
  const bool background_;
  std::unique_ptr<records::Store> store_;
  std::unique_ptr<SearchEngine> engine_;
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
