#include "services/index/search_request.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "services/index/engine/language/compile.h"
#include "services/index/score_statistics.h"
#include "services/server/status.h"

namespace interdict::index {
namespace {

using internal::v1::SearchFacet;
using internal::v1::SearchRequest;

constexpr uint32_t kMaxHits = 10000;
constexpr int kMaxFacets = 32;

// The error of a string of the request, with its reason and place.
absl::Status Wrong(const absl::Status& status, const std::string& reason, const std::string& field) {
  if (!absl::IsInvalidArgument(status)) return status;
  const SourceSpan span = SpanOf(status).value_or(SourceSpan());
  return server::Error(absl::StatusCode::kInvalidArgument, reason,
                       absl::StrCat(field, ": ", std::string(status.message())),
                       {{"field", field}, {"begin", absl::StrCat(span.begin)}, {"end", absl::StrCat(span.end)}});
}

absl::Status ReadCollection(internal::v1::SearchCollection collection, ReadSearch* search) {
  switch (collection) {
    case internal::v1::SEARCH_COLLECTION_INCIDENTS:
      search->collection = Collection::kIncidents;
      break;
    case internal::v1::SEARCH_COLLECTION_DOCUMENTS:
      search->collection = Collection::kDocuments;
      break;
    default:
      return server::InvalidField("collection", "say what to search: incidents or documents");
  }
  search->catalog = &FieldCatalog::Of(search->collection);
  search->query.limits.max_postings = kMaxSearchPostings;
  return absl::OkStatus();
}

absl::Status ReadText(const std::string& query, ReadSearch* search) {
  auto tree = ParseText(query, search->catalog->text_names());
  if (!tree.ok()) return Wrong(tree.status(), "INVALID_QUERY", "query");
  auto compiled = CompileText(*tree, *search->catalog);
  if (!compiled.ok()) return Wrong(compiled.status(), "INVALID_QUERY", "query");
  search->text = *std::move(tree);
  search->query.text = *std::move(compiled);
  return absl::OkStatus();
}

absl::Status ReadFilter(const std::string& filter, ReadSearch* search) {
  auto tree = ParseFilter(filter);
  if (!tree.ok()) return Wrong(tree.status(), "INVALID_FILTER", "filter");
  auto compiled = CompileFilter(*tree, *search->catalog);
  if (!compiled.ok()) return Wrong(compiled.status(), "INVALID_FILTER", "filter");
  search->query.filter = *std::move(compiled);
  return absl::OkStatus();
}

absl::Status ReadOrder(const std::string& order_by, ReadSearch* search) {
  const std::string newest = search->collection == Collection::kIncidents ? "create_time desc" : "accept_time desc";
  auto order = ParseOrder(order_by.empty() ? newest : order_by, *search->catalog);
  if (!order.ok()) return Wrong(order.status(), "INVALID_ORDER_BY", "order_by");
  search->query.order = *std::move(order);
  return absl::OkStatus();
}

FacetDimension::Of BucketOf(v1::DateBucket bucket) {
  switch (bucket) {
    case v1::DATE_BUCKET_YEAR:
      return FacetDimension::Of::kYear;
    case v1::DATE_BUCKET_MONTH:
      return FacetDimension::Of::kMonth;
    case v1::DATE_BUCKET_DAY:
      return FacetDimension::Of::kDay;
    default:
      return FacetDimension::Of::kValue;
  }
}

absl::Status ReadFacet(const SearchFacet& asked, int index, ReadSearch* search) {
  if (asked.dimensions_size() < 1 || asked.dimensions_size() > 2) {
    return server::InvalidField(absl::StrCat("facets[", index, "].dimensions"), "one field, or two for pairs");
  }
  FacetRequest facet;
  facet.limit = asked.limit();
  for (int i = 0; i < asked.dimensions_size(); ++i) {
    const v1::FacetDimension& dimension = asked.dimensions(i);
    auto compiled = CompileFacet(dimension.field(), BucketOf(dimension.bucket()), *search->catalog);
    if (!compiled.ok()) {
      return Wrong(compiled.status(), "INVALID_FACET", absl::StrCat("facets[", index, "].dimensions[", i, "].field"));
    }
    if (i == 0) facet.first = *compiled;
    if (i == 1) facet.second = *compiled;
  }
  search->query.facets.push_back(std::move(facet));
  return absl::OkStatus();
}

absl::Status ReadRest(const SearchRequest& request, ReadSearch* search) {
  Query& query = search->query;
  query.limit = std::min(request.page_size(), kMaxHits);
  query.explain = request.explain();
  if (request.has_after()) {
    query.after =
        SortKey{request.after().score(), request.after().value(), request.after().missing(), request.after().number()};
  }
  switch (request.count()) {
    case v1::COUNT_MODE_EXACT:
      query.count = CountMode::kExact;
      break;
    case v1::COUNT_MODE_CAPPED:
      query.count = CountMode::kUpTo;
      if (request.count_limit() > 0) query.count_limit = request.count_limit();
      break;
    default:
      break;
  }
  if (request.has_statistics()) query.statistics = FromProto(request.statistics());
  if (request.facets_size() > kMaxFacets) {
    return server::InvalidField("facets", absl::StrCat("at most ", kMaxFacets));
  }
  for (int i = 0; i < request.facets_size(); ++i) {
    if (absl::Status status = ReadFacet(request.facets(i), i, search); !status.ok()) return status;
  }
  return absl::OkStatus();
}

// The engine names a clause as `… (at 7 to 12)`.
SourceSpan PlaceIn(const std::string& message) {
  constexpr std::string_view kBefore = " (at ";
  constexpr std::string_view kBetween = " to ";
  SourceSpan span;
  const size_t begin = message.rfind(kBefore);
  const size_t between = message.find(kBetween, begin);
  const size_t end = message.find(')', between);
  if (begin == std::string::npos || between == std::string::npos || end == std::string::npos) return span;
  const size_t first = begin + kBefore.size();
  const size_t second = between + kBetween.size();
  if (!absl::SimpleAtoi(message.substr(first, between - first), &span.begin) ||
      !absl::SimpleAtoi(message.substr(second, end - second), &span.end)) {
    return SourceSpan();
  }
  return span;
}

bool HasClause(const QueryNode& node, SourceSpan span) {
  if (node.source_begin == span.begin && node.source_end == span.end) return true;
  return std::any_of(node.children.begin(), node.children.end(),
                     [span](const QueryNode& child) { return HasClause(child, span); });
}

}  // namespace

absl::StatusOr<ReadSearch> ReadSearchText(internal::v1::SearchCollection collection, const std::string& query) {
  ReadSearch search;
  absl::Status status = ReadCollection(collection, &search);
  if (status.ok()) status = ReadText(query, &search);
  if (!status.ok()) return status;
  return search;
}

absl::StatusOr<ReadSearch> ReadSearchRequest(const SearchRequest& request) {
  auto search = ReadSearchText(request.collection(), request.query());
  if (!search.ok()) return search;
  absl::Status status = ReadFilter(request.filter(), &*search);
  if (status.ok()) status = ReadOrder(request.order_by(), &*search);
  if (status.ok()) status = ReadRest(request, &*search);
  if (!status.ok()) return status;
  return search;
}

absl::Status SearchError(const ReadSearch& search, const absl::Status& status) {
  if (!absl::IsResourceExhausted(status)) return status;
  const std::string message(status.message());
  if (message.find("buckets") != std::string::npos) {
    return server::Error(absl::StatusCode::kResourceExhausted, "TOO_MANY_BUCKETS",
                         absl::StrCat(message, "; filter more, or count by something coarser"));
  }
  const SourceSpan span = PlaceIn(message);
  const std::string field = HasClause(search.query.text, span) ? "query" : "filter";
  return server::Error(absl::StatusCode::kResourceExhausted, "QUERY_TOO_COSTLY",
                       absl::StrCat(field, ": ", message, "; make the clause more selective"),
                       {{"field", field}, {"begin", absl::StrCat(span.begin)}, {"end", absl::StrCat(span.end)}});
}

}  // namespace interdict::index
