#include "services/query/validate_query.h"

#include <unicode/utf8.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "services/server/status.h"
#include "storage/log/position.h"

namespace interdict::query {
namespace {

constexpr std::string_view kIncidents = "incidents/";
constexpr std::string_view kDocuments = "documents/";
constexpr size_t kIncidentDigits = 32;
constexpr size_t kDocumentDigits = 64;

bool IsLowerHex(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

absl::StatusOr<std::string> IdOf(const std::string& field, std::string_view name, std::string_view collection,
                                 size_t digits) {
  const bool right = name.size() == collection.size() + digits && name.substr(0, collection.size()) == collection &&
                     IsLowerHex(name.substr(collection.size()));
  if (!right) {
    return server::InvalidField(field, absl::StrCat("must be `", std::string(collection), "` with ", digits,
                                                    " lower-case hexadecimal digits behind it, as answers give it"));
  }
  return std::string(name.substr(collection.size()));
}

absl::Status CheckView(int view) {
  if (v1::IncidentView_IsValid(view)) return absl::OkStatus();
  return server::InvalidField("view",
                              absl::StrCat(view, " is no value of IncidentView; use INCIDENT_VIEW_BASIC or _FULL"));
}

bool IsPrintable(const std::string& text) {
  const auto size = static_cast<int32_t>(text.size());
  for (int32_t at = 0; at < size;) {
    UChar32 character = 0;
    U8_NEXT(text.data(), at, size, character);
    if (character <= 0) return false;  // not UTF-8, or NUL
  }
  return true;
}

absl::Status CheckText(const std::string& field, const std::string& text, size_t max_bytes) {
  if (text.size() > max_bytes) {
    return server::InvalidField(field, absl::StrCat(text.size(), " bytes; at most ", max_bytes, ", make it shorter"));
  }
  if (!IsPrintable(text)) return server::InvalidField(field, "must be UTF-8 without NUL");
  return absl::OkStatus();
}

absl::StatusOr<int32_t> PageSize(int32_t asked, const QueryOptions& options) {
  if (asked < 0) {
    return server::InvalidField("page_size", absl::StrCat(asked, " is negative; use 0 for ", options.default_page_size,
                                                          ", or 1 to ", options.max_page_size));
  }
  if (asked == 0) return options.default_page_size;
  return std::min(asked, options.max_page_size);
}

absl::StatusOr<uint32_t> BucketLimit(const std::string& field, int32_t asked, int32_t by_default, int32_t most) {
  if (asked < 0 || asked > most) {
    return server::InvalidField(field,
                                absl::StrCat(asked, " is out of range; use 0 for ", by_default, ", or 1 to ", most));
  }
  return static_cast<uint32_t>(asked == 0 ? by_default : asked);
}

absl::Status CheckDimension(const std::string& field, const v1::FacetDimension& dimension,
                            const QueryOptions& options) {
  if (dimension.field().empty()) {
    return server::InvalidField(field + ".field", "is empty; name a field, for example `goods.category`");
  }
  if (auto status = CheckText(field + ".field", dimension.field(), options.max_query_bytes); !status.ok()) {
    return status;
  }
  if (v1::DateBucket_IsValid(dimension.bucket())) return absl::OkStatus();
  return server::InvalidField(field + ".bucket", absl::StrCat(dimension.bucket(), " is no value of DateBucket"));
}

// What all searches have.
template <typename Request>
absl::StatusOr<internal::v1::SearchRequest> CommonOf(internal::v1::SearchCollection collection, const Request& request,
                                                     const QueryOptions& options) {
  for (const auto& [field, text] : {std::pair("query", &request.query()), std::pair("filter", &request.filter())}) {
    if (auto status = CheckText(field, *text, options.max_query_bytes); !status.ok()) return status;
  }
  if (auto status = CheckReadAfter(request.read_after()); !status.ok()) return status;
  internal::v1::SearchRequest search;
  search.set_collection(collection);
  search.set_query(request.query());
  search.set_filter(request.filter());
  search.set_read_after(request.read_after());
  return search;
}

template <typename Request>
absl::Status AddFacets(const Request& request, const QueryOptions& options, internal::v1::SearchRequest* search) {
  if (static_cast<size_t>(request.facets_size()) > options.max_facets) {
    return server::InvalidField("facets", absl::StrCat(request.facets_size(), " facets; at most ", options.max_facets));
  }
  for (int i = 0; i < request.facets_size(); ++i) {
    const v1::FacetRequest& facet = request.facets(i);
    const std::string field = absl::StrCat("facets[", i, "]");
    auto status = CheckDimension(field + ".dimension", facet.dimension(), options);
    if (!status.ok()) return status;
    const auto limit =
        BucketLimit(field + ".limit", facet.limit(), options.default_facet_limit, options.max_facet_limit);
    if (!limit.ok()) return limit.status();
    internal::v1::SearchFacet* asked = search->add_facets();
    *asked->add_dimensions() = facet.dimension();
    asked->set_limit(*limit);
  }
  return absl::OkStatus();
}

// SearchIncidents and SearchDocuments.
template <typename Request>
absl::StatusOr<internal::v1::SearchRequest> PageOf(internal::v1::SearchCollection collection, const Request& request,
                                                   const QueryOptions& options) {
  auto search = CommonOf(collection, request, options);
  if (!search.ok()) return search;
  const auto page_size = PageSize(request.page_size(), options);
  if (!page_size.ok()) return page_size.status();
  if (!v1::CountMode_IsValid(request.count())) {
    return server::InvalidField("count", absl::StrCat(request.count(), " is no value of CountMode"));
  }
  auto status = CheckText("order_by", request.order_by(), options.max_query_bytes);
  if (status.ok()) status = AddFacets(request, options, &*search);
  if (!status.ok()) return status;
  search->set_order_by(request.order_by());
  search->set_page_size(static_cast<uint32_t>(*page_size));
  search->set_count(request.count());
  search->set_count_limit(options.capped_count);
  search->set_highlight(request.highlight());
  search->set_explain(request.explain());
  search->set_suggest(request.page_token().empty() && !request.query().empty());
  return search;
}

}  // namespace

absl::StatusOr<std::string> ParseIncidentName(const std::string& field, const std::string& name) {
  return IdOf(field, name, kIncidents, kIncidentDigits);
}

// The shard checks that the token is of its log.
absl::Status CheckReadAfter(const std::string& token) {
  if (token.empty() || log::DecodePositionToken(token, "").ok()) return absl::OkStatus();
  return server::Error(
      absl::StatusCode::kInvalidArgument, "INVALID_POSITION",
      "read_after: is no position token; hand back `position` or `read_position` of an answer unchanged",
      {{"field", "read_after"}});
}

absl::StatusOr<std::string> ValidateGetIncident(const v1::GetIncidentRequest& request) {
  auto id = IdOf("name", request.name(), kIncidents, kIncidentDigits);
  if (!id.ok()) return id;
  if (auto status = CheckView(request.view()); !status.ok()) return status;
  if (auto status = CheckReadAfter(request.read_after()); !status.ok()) return status;
  if (!request.as_of_position().empty() && request.has_as_of_time()) {
    return server::InvalidField("as_of_time", "set it or as_of_position, not both");
  }
  return id;
}

absl::StatusOr<std::vector<std::string>> ValidateBatchGetIncidents(const v1::BatchGetIncidentsRequest& request,
                                                                   const QueryOptions& options) {
  if (request.names().empty()) return server::InvalidField("names", "is empty; name at least one incident");
  if (static_cast<size_t>(request.names_size()) > options.max_names) {
    return server::InvalidField("names", absl::StrCat(request.names_size(), " names; at most ", options.max_names,
                                                      " in one call, so split it"));
  }
  std::vector<std::string> ids;
  for (int i = 0; i < request.names_size(); ++i) {
    auto id = IdOf(absl::StrCat("names[", i, "]"), request.names(i), kIncidents, kIncidentDigits);
    if (!id.ok()) return id.status();
    ids.push_back(*std::move(id));
  }
  if (auto status = CheckView(request.view()); !status.ok()) return status;
  if (auto status = CheckReadAfter(request.read_after()); !status.ok()) return status;
  return ids;
}

absl::Status ValidateListReferenceLists(const v1::ListReferenceListsRequest& request) {
  return CheckReadAfter(request.read_after());
}

absl::StatusOr<std::string> ValidateGetDocument(const v1::GetDocumentRequest& request) {
  auto id = IdOf("name", request.name(), kDocuments, kDocumentDigits);
  if (!id.ok()) return id;
  if (auto status = CheckReadAfter(request.read_after()); !status.ok()) return status;
  return id;
}

absl::StatusOr<internal::v1::SearchRequest> ValidateSearchIncidents(const v1::SearchIncidentsRequest& request,
                                                                    const QueryOptions& options) {
  return PageOf(internal::v1::SEARCH_COLLECTION_INCIDENTS, request, options);
}

absl::StatusOr<internal::v1::SearchRequest> ValidateSearchDocuments(const v1::SearchDocumentsRequest& request,
                                                                    const QueryOptions& options) {
  return PageOf(internal::v1::SEARCH_COLLECTION_DOCUMENTS, request, options);
}

absl::StatusOr<internal::v1::SearchRequest> ValidateStreamIncidents(const v1::StreamIncidentsRequest& request,
                                                                    const QueryOptions& options) {
  auto search = CommonOf(internal::v1::SEARCH_COLLECTION_INCIDENTS, request, options);
  if (!search.ok()) return search;
  auto status = CheckText("order_by", request.order_by(), options.max_query_bytes);
  if (!status.ok()) return status;
  search->set_order_by(request.order_by());
  search->set_page_size(options.stream_step);
  search->set_highlight(request.highlight());
  return search;
}

absl::StatusOr<internal::v1::SearchRequest> ValidateAggregateIncidents(const v1::AggregateIncidentsRequest& request,
                                                                       const QueryOptions& options) {
  auto search = CommonOf(internal::v1::SEARCH_COLLECTION_INCIDENTS, request, options);
  if (!search.ok()) return search;
  if (request.by().empty() || request.by_size() > 2) {
    return server::InvalidField("by", absl::StrCat(request.by_size(), " fields; name one or two"));
  }
  if (!v1::BucketOrder_IsValid(request.order())) {
    return server::InvalidField("order", absl::StrCat(request.order(), " is no value of BucketOrder"));
  }
  for (int i = 0; i < request.by_size(); ++i) {
    auto status = CheckDimension(absl::StrCat("by[", i, "]"), request.by(i), options);
    if (!status.ok()) return status;
  }
  const auto limit = BucketLimit("limit", request.limit(), options.default_buckets, options.max_buckets);
  if (!limit.ok()) return limit.status();
  internal::v1::SearchFacet* facet = search->add_facets();
  *facet->mutable_dimensions() = request.by();
  // By key, the largest are not the first.
  facet->set_limit(request.order() == v1::BUCKET_ORDER_KEY ? 0 : *limit);
  search->set_count(v1::COUNT_MODE_EXACT);
  return search;
}

}  // namespace interdict::query
