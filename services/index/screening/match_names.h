// Looks names up in one snapshot of a shard's store: entries of reference lists and entities of incidents, scored with
// all that is known of both sides.
#pragma once

#include <functional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "interdict/internal/v1/index_service.pb.h"
#include "services/index/names/name_searcher.h"
#include "storage/records/store.h"

namespace interdict::index {

// Names in one call; beyond it INVALID_ARGUMENT. The query service cuts larger batches.
inline constexpr int kMaxMatchQueries = 1000;

// Without a position, which the caller adds. `check` is asked from time to time; its error ends the call.
// DATA_LOSS: the store cannot be read.
absl::StatusOr<internal::v1::MatchNamesResponse> MatchNames(const records::Reader& reader,
                                                            const names::NameSearcher& searcher,
                                                            const internal::v1::MatchNamesRequest& request,
                                                            const std::function<absl::Status()>& check);

}  // namespace interdict::index
