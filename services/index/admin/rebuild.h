// Makes a shard's store anew from the logs and puts it in the place of the old one.
#pragma once

#include "absl/status/statusor.h"
#include "interdict/internal/v1/admin_service.pb.h"
#include "services/index/fold/shard.h"

namespace interdict::index {

// Folds the logs into a new store beside the old one while the shard goes on; then, with the folds paused, brings it to
// the very position of the old one, compares the digests, and swaps. Readers go on all the time. A crash leaves either
// the old or the new store, whole. FAILED_PRECONDITION (REBUILD_DIFFERS): `require_same_digest` is set and they differ;
// the old store stays. One at a time for a shard.
absl::StatusOr<internal::v1::RebuildStoreResponse> RebuildStore(const internal::v1::RebuildStoreRequest& request,
                                                                Shard& shard);

}  // namespace interdict::index
