#include "services/query/merge.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "interdict/internal/v1/log_entry.pb.h"
#include "services/server/status.h"
#include "storage/log/position.h"

namespace interdict::query {
namespace {

using internal::v1::FieldStatistics;
using internal::v1::SearchCursor;
using internal::v1::SearchResponse;
using internal::v1::SearchStatistics;
using internal::v1::TermStatistics;

struct HitOrder {
  bool by_relevance = false;
  bool descending = false;

  // Whether `a` stands before `b`; neither, if they are equal.
  bool Before(const SearchCursor& a, const SearchCursor& b) const {
    if (by_relevance) {
      return std::make_tuple(-a.score(), a.number()) < std::make_tuple(-b.score(), b.number());
    }
    if (a.missing() != b.missing()) return b.missing();
    if (!a.missing() && a.value() != b.value()) return descending ? a.value() > b.value() : a.value() < b.value();
    return descending ? a.number() > b.number() : a.number() < b.number();
  }
};

// The shard whose next hit comes first; nullopt if none has one left.
std::optional<size_t> FirstHead(const SearchAnswers& answers, const std::vector<int>& taken, const HitOrder& order) {
  std::optional<size_t> first;
  for (size_t i = 0; i < answers.size(); ++i) {
    if (!answers[i] || taken[i] == answers[i]->hits_size()) continue;
    if (!first || order.Before(answers[i]->hits(taken[i]).cursor(), answers[*first]->hits(taken[*first]).cursor())) {
      first = i;
    }
  }
  return first;
}

HitOrder OrderOf(const SearchAnswers& answers) {
  for (const auto& answer : answers) {
    if (answer) return {.by_relevance = answer->by_relevance(), .descending = answer->descending()};
  }
  return {};
}

bool KeyLess(const v1::FacetBucket& a, const v1::FacetBucket& b) {
  return std::lexicographical_compare(a.keys().begin(), a.keys().end(), b.keys().begin(), b.keys().end());
}

void SortBuckets(std::vector<v1::FacetBucket>& buckets, v1::BucketOrder order) {
  std::sort(buckets.begin(), buckets.end(), [order](const v1::FacetBucket& a, const v1::FacetBucket& b) {
    if (order != v1::BUCKET_ORDER_KEY && a.count() != b.count()) return a.count() > b.count();
    return KeyLess(a, b);
  });
}

}  // namespace

absl::StatusOr<std::string> MergePositions(const std::vector<std::string>& tokens) {
  if (tokens.size() == 1) return tokens.front();
  log::Positions merged;
  std::string log_id;
  for (const std::string& token : tokens) {
    auto id = log::LogIdOfPositionToken(token);
    if (!id.ok()) return absl::InternalError("a shard gave no position: " + std::string(id.status().message()));
    if (log_id.empty()) log_id = *id;
    const auto positions = log::DecodePositionToken(token, log_id);
    if (!positions.ok()) {
      return absl::InternalError("the shards follow different logs: " + std::string(positions.status().message()));
    }
    for (const auto& [partition, sequence] : *positions) {
      const auto [at, fresh] = merged.emplace(partition, sequence);
      if (!fresh) at->second = std::min(at->second, sequence);
    }
  }
  return log::EncodePositionToken(log_id, merged);
}

HitPlace PlaceOf(const SearchCursor& cursor) {
  return {.score = cursor.score(), .value = cursor.value(), .missing = cursor.missing(), .number = cursor.number()};
}

MergedHits MergeHits(SearchAnswers& answers, const std::vector<ShardCursor>& asked, size_t page_size) {
  MergedHits page;
  page.cursors = asked;
  const HitOrder order = OrderOf(answers);
  std::vector<int> taken(answers.size(), 0);
  while (page.hits.size() < page_size) {
    const auto shard = FirstHead(answers, taken, order);
    if (!shard) break;
    internal::v1::SearchHit& hit = *answers[*shard]->mutable_hits(taken[*shard]++);
    page.cursors[*shard].after = PlaceOf(hit.cursor());
    page.hits.push_back(std::move(hit));
    page.shards.push_back(*shard);
    // What follows in a shard whose answer is used up may come before what the others have left.
    if (taken[*shard] == answers[*shard]->hits_size() && answers[*shard]->more()) break;
  }
  for (size_t i = 0; i < answers.size(); ++i) {
    if (!answers[i] || asked[i].exhausted) continue;
    const bool left = taken[i] < answers[i]->hits_size() || answers[i]->more();
    page.cursors[i].exhausted = !left;
    page.more = page.more || left;
  }
  return page;
}

MergedBuckets MergeFacet(const SearchAnswers& answers, int index, v1::BucketOrder order, size_t limit) {
  MergedBuckets merged;
  std::map<std::vector<std::string>, uint64_t> sums;
  size_t answered = 0;
  for (const auto& answer : answers) {
    if (!answer || index >= answer->facets_size()) continue;
    ++answered;
    merged.bucket_count = answer->facets(index).bucket_count();
    for (const v1::FacetBucket& bucket : answer->facets(index).buckets()) {
      sums[{bucket.keys().begin(), bucket.keys().end()}] += bucket.count();
    }
  }
  // One shard may have left out small buckets; of several all were asked for.
  if (answered != 1) merged.bucket_count = sums.size();
  for (const auto& [keys, count] : sums) {
    v1::FacetBucket& bucket = merged.buckets.emplace_back();
    for (const std::string& key : keys) bucket.add_keys(key);
    bucket.set_count(count);
  }
  SortBuckets(merged.buckets, order);
  if (merged.buckets.size() > limit) merged.buckets.resize(limit);
  return merged;
}

v1::TotalCount MergeTotals(const SearchAnswers& answers) {
  v1::TotalCount total;
  total.set_exact(true);
  for (const auto& answer : answers) {
    if (!answer) continue;
    total.set_count(total.count() + answer->total().count());
    total.set_exact(total.exact() && answer->total().exact());
  }
  return total;
}

std::string MergeDidYouMean(const SearchAnswers& answers) {
  std::map<std::string, int> votes;
  std::string best;
  for (const auto& answer : answers) {
    if (!answer || answer->did_you_mean().empty()) continue;
    const int count = ++votes[answer->did_you_mean()];
    if (best.empty() || count > votes[best]) best = answer->did_you_mean();
  }
  return best;
}

std::string MergePlans(const SearchAnswers& answers) {
  if (answers.size() == 1) return answers.front() ? answers.front()->plan() : "";
  std::string merged;
  for (size_t i = 0; i < answers.size(); ++i) {
    absl::StrAppend(&merged, "shard ", i, answers[i] ? "\n" + answers[i]->plan() : " has no part in the answer\n");
    if (merged.back() != '\n') merged.push_back('\n');
  }
  return merged;
}

void AddStatistics(const SearchStatistics& more, SearchStatistics* sum) {
  sum->set_document_count(sum->document_count() + more.document_count());
  std::map<uint32_t, FieldStatistics*> fields;
  for (FieldStatistics& field : *sum->mutable_fields()) fields[field.field()] = &field;
  for (const FieldStatistics& field : more.fields()) {
    FieldStatistics*& at = fields[field.field()];
    if (at == nullptr) {
      at = sum->add_fields();
      at->set_field(field.field());
    }
    at->set_document_count(at->document_count() + field.document_count());
    at->set_total_length(at->total_length() + field.total_length());
  }
  using TermKey = std::tuple<uint32_t, bool, std::string>;
  std::map<TermKey, TermStatistics*> terms;
  for (TermStatistics& term : *sum->mutable_terms()) terms[{term.field(), term.exact(), term.term()}] = &term;
  for (const TermStatistics& term : more.terms()) {
    TermStatistics*& at = terms[{term.field(), term.exact(), term.term()}];
    if (at == nullptr) {
      at = sum->add_terms();
      at->set_field(term.field());
      at->set_exact(term.exact());
      at->set_term(term.term());
    }
    at->set_document_count(at->document_count() + term.document_count());
  }
}

}  // namespace interdict::query
