#include "tests/index/engine/test_engine.h"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "tests/index/engine/random_queries.h"

namespace interdict::index::testing {
namespace {

// Open ends of intervals are no calendar dates; what they are called is nobody's contract.
bool SpansOpenEnds(const FacetRequest& facet) {
  const auto open = [](const FacetDimension& dimension) {
    return dimension.of != FacetDimension::Of::kKeyword && dimension.field == kFrom;
  };
  return open(facet.first) || (facet.second.has_value() && open(*facet.second));
}

void CompareScores(const Oracle& oracle, const Query& query, const SearchResult& answer,
                   const std::vector<uint64_t>& matching) {
  std::vector<std::pair<double, uint64_t>> best;
  best.reserve(matching.size());
  for (const uint64_t number : matching) {
    best.emplace_back(oracle.Score(oracle.documents().at(number), query.text), number);
  }
  std::sort(best.begin(), best.end(),
            [](const auto& a, const auto& b) { return a.first != b.first ? a.first > b.first : a.second < b.second; });
  for (size_t i = 0; i < answer.hits.size(); ++i) {
    // Scores are equal up to their rounding; hits up to the order of scores that are equal so far.
    const double tolerance = 1e-4 * (1 + best[i].first);
    EXPECT_NEAR(answer.hits[i].score, best[i].first, tolerance) << "hit " << i;
    const auto& document = oracle.documents().find(answer.hits[i].number);
    ASSERT_NE(document, oracle.documents().end());
    EXPECT_TRUE(std::binary_search(matching.begin(), matching.end(), answer.hits[i].number));
    EXPECT_NEAR(oracle.Score(document->second, query.text), best[i].first, tolerance);
    if (i > 0) {
      const Hit& before = answer.hits[i - 1];
      EXPECT_TRUE(before.score > answer.hits[i].score ||
                  (before.score == answer.hits[i].score && before.number < answer.hits[i].number));
    }
  }
}

void ComparePages(const SearchSnapshot& snapshot, const Oracle& oracle, Query query, const SearchResult& first) {
  const std::vector<uint64_t> ordered = oracle.Ordered(query);
  std::vector<uint64_t> numbers;
  for (const Hit& hit : first.hits) numbers.push_back(hit.number);
  if (first.more) {
    query.after = first.hits.back().key;
    query.facets.clear();
    auto second = snapshot.Search(Collection::kIncidents, query);
    ASSERT_TRUE(second.ok()) << second.status();
    for (const Hit& hit : second->hits) numbers.push_back(hit.number);
  }
  const auto end = ordered.begin() + static_cast<std::ptrdiff_t>(std::min(ordered.size(), 2 * query.limit));
  EXPECT_EQ(numbers, std::vector<uint64_t>(ordered.begin(), end));
}

}  // namespace

EngineOptions SmallEngineOptions(bool background) {
  EngineOptions options;
  options.schemas = {TestSchema(), TestSchema()};
  options.tail_documents = 40;
  options.merge_factor = 3;
  options.background = background;
  return options;
}

absl::StatusOr<TestEngine> OpenTestEngine(const std::string& path, const EngineOptions& options) {
  records::StoreOptions store_options;
  store_options.families = SearchFamilies();
  store_options.families.emplace_back(kTestFamily);
  store_options.packed_families = PackedSearchFamilies();
  auto store = records::Store::Open(path, store_options);
  if (!store.ok()) return store.status();
  TestEngine opened;
  opened.store = *std::move(store);
  auto engine = SearchEngine::Open(opened.store.get(), options);
  if (!engine.ok()) return engine.status();
  opened.engine = *std::move(engine);
  return opened;
}

void CompareAnswer(const SearchSnapshot& snapshot, const Oracle& oracle, Query query) {
  query.explain = true;
  auto answer = snapshot.Search(Collection::kIncidents, query);
  ASSERT_TRUE(answer.ok()) << answer.status();
  SCOPED_TRACE(answer->plan);
  EXPECT_EQ(snapshot.documents(Collection::kIncidents), oracle.documents().size());
  const std::vector<uint64_t> matching = oracle.Matching(query);
  if (query.count == CountMode::kExact) {
    EXPECT_EQ(answer->count, matching.size());
  }
  ASSERT_EQ(answer->hits.size(), std::min(query.limit, matching.size()));
  EXPECT_EQ(answer->more, matching.size() > query.limit);
  if (query.order.by == Order::By::kRelevance) {
    CompareScores(oracle, query, *answer, matching);
  } else {
    ComparePages(snapshot, oracle, query, *answer);
  }
  for (size_t i = 0; i < query.facets.size(); ++i) {
    std::map<std::pair<std::string, std::string>, uint64_t> counts;
    for (const FacetCount& count : answer->facets[i].counts) counts[{count.first, count.second}] = count.count;
    if (SpansOpenEnds(query.facets[i])) continue;
    EXPECT_EQ(counts, oracle.Facet(query, query.facets[i]));
  }
}

}  // namespace interdict::index::testing
