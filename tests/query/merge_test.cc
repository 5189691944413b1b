// Answers of several shards made into one.
#include "services/query/merge.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "storage/log/position.h"
#include "tests/status_matchers.h"

namespace interdict::query {
namespace {

namespace wire = internal::v1;
using ::testing::ElementsAre;
using testing::IsOk;
using testing::StatusIs;

wire::SearchHit Hit(uint64_t number, double score, std::optional<int64_t> value = std::nullopt) {
  wire::SearchHit hit;
  hit.mutable_cursor()->set_number(number);
  hit.mutable_cursor()->set_score(score);
  hit.mutable_cursor()->set_missing(!value.has_value());
  hit.mutable_cursor()->set_value(value.value_or(0));
  return hit;
}

wire::SearchResponse Answer(const std::vector<wire::SearchHit>& hits, bool relevance, bool descending,
                            bool more = false) {
  wire::SearchResponse answer;
  for (const wire::SearchHit& hit : hits) *answer.add_hits() = hit;
  answer.set_by_relevance(relevance);
  answer.set_descending(descending);
  answer.set_more(more);
  return answer;
}

std::vector<uint64_t> Numbers(const MergedHits& page) {
  std::vector<uint64_t> numbers;
  for (const wire::SearchHit& hit : page.hits) numbers.push_back(hit.cursor().number());
  return numbers;
}

TEST(MergeHits, ByRelevanceTheLowerNumberBreaksTies) {
  SearchAnswers answers = {Answer({Hit(5, 3), Hit(2, 1)}, true, true), Answer({Hit(4, 3), Hit(9, 2)}, true, true)};
  const MergedHits page = MergeHits(answers, std::vector<ShardCursor>(2), 10);
  EXPECT_THAT(Numbers(page), ElementsAre(4, 5, 9, 2));
  EXPECT_FALSE(page.more);
  EXPECT_THAT(page.shards, ElementsAre(1, 0, 1, 0));
}

TEST(MergeHits, WithoutAValueComesLastInBothDirections) {
  SearchAnswers descending = {Answer({Hit(1, 0, 7), Hit(8, 0)}, false, true),
                              Answer({Hit(2, 0, 9), Hit(6, 0, 7), Hit(3, 0)}, false, true)};
  EXPECT_THAT(Numbers(MergeHits(descending, std::vector<ShardCursor>(2), 10)), ElementsAre(2, 6, 1, 8, 3));
  SearchAnswers ascending = {Answer({Hit(1, 0, 7), Hit(8, 0)}, false, false),
                             Answer({Hit(6, 0, 7), Hit(2, 0, 9), Hit(3, 0)}, false, false)};
  EXPECT_THAT(Numbers(MergeHits(ascending, std::vector<ShardCursor>(2), 10)), ElementsAre(1, 6, 2, 3, 8));
}

TEST(MergeHits, StopsWhereAShardHasNotToldEnough) {
  SearchAnswers answers = {Answer({Hit(9, 0, 9)}, false, true, true), Answer({Hit(1, 0, 1)}, false, true)};
  const MergedHits page = MergeHits(answers, std::vector<ShardCursor>(2), 10);
  EXPECT_THAT(Numbers(page), ElementsAre(9));
  EXPECT_TRUE(page.more);
  EXPECT_EQ(page.cursors[0].after->number, 9u);
  EXPECT_EQ(page.cursors[1].after, std::nullopt);
}

TEST(MergeHits, AMissingShardStaysWhereItWas) {
  SearchAnswers answers = {std::nullopt, Answer({Hit(1, 0, 1)}, false, true)};
  std::vector<ShardCursor> asked(2);
  asked[0].after = HitPlace{.number = 4};
  const MergedHits page = MergeHits(answers, asked, 10);
  EXPECT_EQ(page.cursors[0], asked[0]);
  EXPECT_TRUE(page.cursors[1].exhausted);
  EXPECT_FALSE(page.more);
}

wire::SearchResponse Facets(const std::vector<std::pair<std::string, uint64_t>>& counts) {
  wire::SearchResponse answer;
  wire::SearchFacetCounts* facet = answer.add_facets();
  for (const auto& [key, count] : counts) {
    v1::FacetBucket* bucket = facet->add_buckets();
    bucket->add_keys(key);
    bucket->set_count(count);
  }
  facet->set_bucket_count(counts.size());
  return answer;
}

TEST(MergeFacet, SumsBeforeItCuts) {
  // None of the shards has b in front; together it is the largest.
  const SearchAnswers answers = {Facets({{"a", 5}, {"b", 4}}), Facets({{"c", 5}, {"b", 4}}), std::nullopt};
  const MergedBuckets merged = MergeFacet(answers, 0, v1::BUCKET_ORDER_UNSPECIFIED, 2);
  ASSERT_EQ(merged.buckets.size(), 2u);
  EXPECT_EQ(merged.buckets[0].keys(0), "b");
  EXPECT_EQ(merged.buckets[0].count(), 8u);
  EXPECT_EQ(merged.buckets[1].keys(0), "a");
  EXPECT_EQ(merged.bucket_count, 3u);
  const MergedBuckets by_key = MergeFacet(answers, 0, v1::BUCKET_ORDER_KEY, 10);
  EXPECT_EQ(by_key.buckets[0].keys(0), "a");
  EXPECT_EQ(by_key.buckets[2].keys(0), "c");
}

TEST(AddStatistics, AddsUpByFieldAndTerm) {
  wire::SearchStatistics one;
  one.set_document_count(10);
  one.add_fields()->set_field(1);
  one.mutable_fields(0)->set_total_length(100);
  for (const bool exact : {false, true}) {
    wire::TermStatistics* term = one.add_terms();
    term->set_field(1);
    term->set_term("coal");
    term->set_exact(exact);
    term->set_document_count(exact ? 1 : 3);
  }
  wire::SearchStatistics two = one;
  two.mutable_fields(0)->set_field(2);
  wire::SearchStatistics sum;
  for (const auto* each : {&one, &two, &one}) AddStatistics(*each, &sum);
  EXPECT_EQ(sum.document_count(), 30u);
  ASSERT_EQ(sum.fields_size(), 2);
  EXPECT_EQ(sum.fields(0).total_length(), 200u);
  EXPECT_EQ(sum.fields(1).total_length(), 100u);
  ASSERT_EQ(sum.terms_size(), 2);
  EXPECT_EQ(sum.terms(0).document_count(), 9u);
  EXPECT_EQ(sum.terms(1).document_count(), 3u);
}

TEST(MergePositions, TakesTheLowestOfEachPartition) {
  const std::string id(32, 'a');
  const log::PartitionId intake = {log::LogName::kIntake, 0};
  const log::PartitionId incidents = {log::LogName::kIncidents, 1};
  const auto merged = MergePositions(
      {log::EncodePositionToken(id, {{intake, 5}}), log::EncodePositionToken(id, {{intake, 3}, {incidents, 9}})});
  ASSERT_THAT(merged, IsOk());
  EXPECT_EQ(*log::DecodePositionToken(*merged, id), (log::Positions{{intake, 3}, {incidents, 9}}));
  EXPECT_THAT(MergePositions({log::EncodePositionToken(id, {}), log::EncodePositionToken(std::string(32, 'b'), {})}),
              StatusIs(absl::StatusCode::kInternal));
}

}  // namespace
}  // namespace interdict::query
