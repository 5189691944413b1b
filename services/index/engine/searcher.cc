#include "services/index/engine/searcher.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "services/index/engine/explain.h"
#include "services/index/engine/facet_counter.h"
#include "services/index/engine/ordered_hits.h"
#include "services/index/engine/segment_query.h"

namespace interdict::index {

// One query being run.
class SearchRun {
 public:
  SearchRun(const Searcher& searcher, const Query& query)
      : searcher_(searcher), view_(searcher.view()), query_(query) {}

  absl::StatusOr<SearchResult> Run() {
    if (absl::Status status = Prepare(); !status.ok()) return status;
    absl::Status status = query_.order.by == Order::By::kRelevance ? RunRelevance() : RunOrdered();
    if (status.ok()) status = CountAndFacets();
    if (!status.ok()) return status;
    if (result_.hits.size() > query_.limit) {
      result_.hits.resize(query_.limit);
      result_.more = true;
    }
    if (query_.explain) status = Explain();
    if (!status.ok()) return status;
    return std::move(result_);
  }

  absl::StatusOr<ScoreStatistics> Statistics() {
    if (absl::Status status = Prepare(); !status.ok()) return status;
    ScoreStatistics statistics;
    statistics.documents = view_.documents;
    for (const PlannedTerm& term : plan_.terms) {
      const auto field = static_cast<uint16_t>(term.slot / 2);
      statistics.fields[field] = {view_.documents, view_.lengths[field]};
      statistics.terms[{field, term.slot % 2 == 1, term.term}] = term.documents;
    }
    return statistics;
  }

  absl::StatusOr<std::vector<uint64_t>> Matches(uint64_t after_number, size_t limit) {
    if (absl::Status status = Prepare(); !status.ok()) return status;
    SortKey after;
    after.number = after_number;
    OrderedHits hits({Order::By::kNumber, 0, /*descending=*/false}, after, limit);
    for (size_t i = 0; i < view_.segments.size(); ++i) {
      if (view_.segments[i].segment->last_number() <= after_number) continue;
      absl::Status status = hits.Run(
          view_.segments[i], [this, i] { return SegmentQuery::Everything(view_, i, plan_); }, query_.check);
      if (!status.ok()) return status;
    }
    std::vector<uint64_t> numbers;
    for (const SortKey& key : hits.Take()) numbers.push_back(key.number);
    return numbers;
  }

 private:
  absl::Status Prepare() {
    if (query_.limit > query_.limits.max_hits) {
      return absl::InvalidArgumentError(absl::StrCat("at most ", query_.limits.max_hits, " hits a page"));
    }
    if (absl::Status status = CheckFields(); !status.ok()) return status;
    auto plan = MakePlan(view_, query_);
    if (!plan.ok()) return plan.status();
    plan_ = *std::move(plan);
    return absl::OkStatus();
  }

  const LengthNorms& Norms(uint16_t field) {
    if (!query_.statistics.has_value()) return searcher_.Norms(field);
    std::unique_ptr<LengthNorms>& norms = given_norms_[field];
    if (norms == nullptr) {
      const auto given = query_.statistics->fields.find(field);
      const bool known = given != query_.statistics->fields.end() && given->second.documents > 0;
      const double average =
          known ? static_cast<double>(given->second.total_length) / static_cast<double>(given->second.documents) : 0;
      norms = std::make_unique<LengthNorms>(average);
    }
    return *norms;
  }

  absl::Status CheckFields() const {
    const auto has_column = [this](uint16_t id) {
      return std::any_of(view_.schema->columns.begin(), view_.schema->columns.end(),
                         [id](const Column& column) { return column.id == id; });
    };
    const auto has_keyword = [this](uint16_t id) {
      return std::any_of(view_.schema->keyword_fields.begin(), view_.schema->keyword_fields.end(),
                         [id](const KeywordField& field) { return field.id == id; });
    };
    if (query_.order.by == Order::By::kColumn && !has_column(query_.order.column)) {
      return absl::InvalidArgumentError(absl::StrCat("no column ", query_.order.column, " to order by"));
    }
    for (const FacetRequest& facet : query_.facets) {
      for (const FacetDimension* dimension : {&facet.first, facet.second.has_value() ? &*facet.second : nullptr}) {
        if (dimension == nullptr) continue;
        const bool keyword = dimension->of == FacetDimension::Of::kKeyword;
        if (keyword ? has_keyword(dimension->field) : has_column(dimension->field)) continue;
        return absl::InvalidArgumentError(absl::StrCat("no field ", dimension->field, " to count by"));
      }
    }
    return absl::OkStatus();
  }

  absl::Status RunRelevance() {
    const ScoreStatistics* statistics = query_.statistics.has_value() ? &*query_.statistics : nullptr;
    weights_ = Weights::Make(view_, plan_, statistics);
    uint64_t end = UINT64_MAX;
    if (query_.after.has_value()) {
      const double score = std::clamp(query_.after->score * weights_.scale, 0.0, 4294967295.0);
      end = HitKey(static_cast<uint32_t>(score),
                   static_cast<uint32_t>(std::min<uint64_t>(query_.after->number, UINT32_MAX)));
    }
    TopScores top(query_.limit == 0 ? 0 : query_.limit + 1, end);
    // The largest first: it fills the list of hits with the best there are, so that others need less. But where numbers
    // follow each other equal scores skip more in ascending order, and it comes first there anyway.
    for (size_t i = 0; query_.limit > 0 && i < view_.segments.size(); ++i) {
      SegmentQuery segment(view_, i, plan_, weights_,
                           [this](uint16_t field) -> const LengthNorms& { return Norms(field); });
      if (absl::Status status = segment.Run(query_.check, &top); !status.ok()) return status;
      if (query_.explain) ways_.push_back(segment.way());
    }
    for (const uint64_t key : top.Take()) {
      Hit hit;
      hit.number = NumberOfKey(key);
      hit.score = ScoreOfKey(key) / weights_.scale;
      hit.key.score = hit.score;
      hit.key.number = hit.number;
      result_.hits.push_back(std::move(hit));
    }
    return absl::OkStatus();
  }

  absl::Status RunOrdered() {
    OrderedHits hits(query_.order, query_.after, query_.limit == 0 ? 0 : query_.limit + 1);
    // From the newest on: by dates and by numbers they most often have the first hits.
    for (size_t i = view_.segments.size(); query_.limit > 0 && i-- > 0;) {
      absl::Status status = hits.Run(
          view_.segments[i], [this, i] { return SegmentQuery::Everything(view_, i, plan_); }, query_.check);
      if (!status.ok()) return status;
    }
    if (query_.explain) ways_.push_back(absl::StrCat("in order, ", hits.walked(), " segments by their stored order"));
    for (const SortKey& key : hits.Take()) {
      Hit hit;
      hit.number = key.number;
      hit.key = key;
      result_.hits.push_back(std::move(hit));
    }
    return absl::OkStatus();
  }

  // The number of matches, without looking at any: a single word, or everything.
  bool KnownCount(uint64_t* count) const {
    using Kind = QueryNode::Kind;
    const PlannedNode& text = plan_.text;
    const PlannedNode& filter = plan_.filter;
    if (text.kind == Kind::kNone || filter.kind == Kind::kNone) {
      *count = 0;
      return true;
    }
    if (filter.kind != Kind::kAll || (text.kind != Kind::kAll && text.kind != Kind::kTerm)) return false;
    *count = text.kind == Kind::kAll ? view_.documents : plan_.terms[text.term].documents;
    return true;
  }

  absl::Status CountAndFacets() {
    const bool counting = query_.count != CountMode::kNone;
    uint64_t count = 0;
    if (query_.facets.empty() && (!counting || KnownCount(&count))) {
      if (counting) result_.count = count;
      return absl::OkStatus();
    }
    std::vector<FacetCounter> facets;
    facets.reserve(query_.facets.size());
    for (const FacetRequest& request : query_.facets) facets.emplace_back(&request, query_.limits.max_buckets);
    for (size_t i = 0; i < view_.segments.size(); ++i) {
      if (absl::Status status = CountSegment(i, facets, &count); !status.ok()) return status;
      if (!result_.count_exact) break;
    }
    if (counting) result_.count = count;
    for (FacetCounter& facet : facets) {
      auto counted = facet.Take();
      if (!counted.ok()) return counted.status();
      result_.facets.push_back(*std::move(counted));
    }
    return absl::OkStatus();
  }

  absl::Status CountSegment(size_t index, std::vector<FacetCounter>& facets, uint64_t* count) {
    const SegmentView& view = view_.segments[index];
    auto matcher = SegmentQuery::Everything(view_, index, plan_);
    if (!matcher.ok()) return matcher.status();
    if ((*matcher)->estimate() == 0) return absl::OkStatus();
    for (FacetCounter& facet : facets) {
      if (absl::Status status = facet.Enter(*view_.schema, *view.segment); !status.ok()) return status;
    }
    WindowBits bits;
    for (uint32_t window = 0; window < view.segment->windows(); ++window) {
      if (query_.check) {
        if (absl::Status status = query_.check(); !status.ok()) return status;
      }
      SetAlive(view, window, &bits);
      if (absl::Status status = (*matcher)->Narrow(window, &bits); !status.ok()) return status;
      if (facets.empty()) {
        *count += bits.Count();
      } else if (absl::Status status = AddToFacets(window, bits, facets, count); !status.ok()) {
        return status;
      }
      if (query_.count == CountMode::kUpTo && facets.empty() && *count > query_.count_limit) {
        *count = query_.count_limit;
        result_.count_exact = false;
        return absl::OkStatus();
      }
    }
    for (FacetCounter& facet : facets) {
      if (absl::Status status = facet.Leave(); !status.ok()) return status;
    }
    return absl::OkStatus();
  }

  // In runs that stay in the innermost cache while all facets count them.
  static absl::Status AddToFacets(uint32_t window, const WindowBits& bits, std::vector<FacetCounter>& facets,
                                  uint64_t* count) {
    constexpr uint32_t kWords = MatchRun::kMost / 64;
    MatchRun run;
    for (uint32_t begin = 0; begin < kWindowWords; begin += kWords) {
      run.base = window * kWindowSize + begin * 64;
      run.size = 0;
      for (uint32_t i = 0; i < kWords; ++i) {
        for (uint64_t word = bits.words[begin + i]; word != 0; word &= word - 1) {
          run.rests[run.size++] = static_cast<uint16_t>(i * 64 + static_cast<uint32_t>(std::countr_zero(word)));
        }
      }
      if (run.size == 0) continue;
      *count += run.size;
      for (FacetCounter& facet : facets) {
        if (absl::Status status = facet.Add(run); !status.ok()) return status;
      }
    }
    return absl::OkStatus();
  }

  absl::Status Explain() {
    result_.plan = PrintPlan(view_, plan_, query_, ways_);
    if (query_.order.by != Order::By::kRelevance) return absl::OkStatus();
    for (Hit& hit : result_.hits) {
      auto text = ExplainHit(view_, plan_, weights_, hit,
                             [this](uint16_t field) -> const LengthNorms& { return Norms(field); });
      if (!text.ok()) return text.status();
      hit.explanation = *std::move(text);
    }
    return absl::OkStatus();
  }

  const Searcher& searcher_;
  const CollectionView& view_;
  const Query& query_;
  Plan plan_;
  Weights weights_;
  std::map<uint16_t, std::unique_ptr<LengthNorms>> given_norms_;  // of Query::statistics
  std::vector<std::string> ways_;
  SearchResult result_;
};

absl::StatusOr<SearchResult> Searcher::Search(const Query& query) const { return SearchRun(*this, query).Run(); }

absl::StatusOr<ScoreStatistics> Searcher::Statistics(const Query& query) const {
  return SearchRun(*this, query).Statistics();
}

absl::StatusOr<std::vector<uint64_t>> Searcher::Matches(const Query& query, uint64_t after_number, size_t limit) const {
  return SearchRun(*this, query).Matches(after_number, limit);
}

const LengthNorms& Searcher::Norms(uint16_t text_field) const {
  LazyNorms& lazy = norms_[text_field];
  std::call_once(lazy.once, [this, text_field, &lazy] {
    const double average = view_.documents == 0
                               ? 0
                               : static_cast<double>(view_.lengths[text_field]) / static_cast<double>(view_.documents);
    lazy.norms = std::make_unique<LengthNorms>(average);
  });
  return *lazy.norms;
}

}  // namespace interdict::index
