// Reads a SearchRequest: the strings are parsed and checked, and become what the engine runs.
#pragma once

#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "interdict/internal/v1/index_service.pb.h"
#include "services/index/engine/language/text_query.h"
#include "services/index/engine/query.h"
#include "services/index/engine/schema/field_catalog.h"

namespace interdict::index {

// What a search may cost: postings that its clauses have, in one shard.
inline constexpr uint64_t kMaxSearchPostings = uint64_t{1} << 27;

struct ReadSearch {
  Collection collection = Collection::kIncidents;
  const FieldCatalog* catalog = nullptr;
  TextNode text;  // as written
  Query query;    // as run; without `check`
};

// INVALID_ARGUMENT with the reason INVALID_QUERY, INVALID_FILTER, INVALID_ORDER_BY or INVALID_FACET and the metadata
// `field`, `begin` and `end`; INVALID_FIELD for what is no string.
absl::StatusOr<ReadSearch> ReadSearchRequest(const internal::v1::SearchRequest& request);

// The same for the text alone.
absl::StatusOr<ReadSearch> ReadSearchText(internal::v1::SearchCollection collection, const std::string& query);

// What the engine says of a search, for the caller: a clause that costs too much is QUERY_TOO_COSTLY with its place,
// too many buckets TOO_MANY_BUCKETS. Others stay as they are.
absl::Status SearchError(const ReadSearch& search, const absl::Status& status);

}  // namespace interdict::index
