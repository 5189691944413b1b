// Verification of everything that a shard rests on: its records, the files they lie in, and the log.
#pragma once

#include "absl/status/statusor.h"
#include "interdict/internal/v1/admin_service.pb.h"
#include "services/index/fold/shard.h"

namespace interdict::index {

// Reads everything; problems are listed, not returned as errors. What the folds write meanwhile is not looked at.
absl::StatusOr<internal::v1::VerifyStoreResponse> VerifyShard(const Shard& shard);

}  // namespace interdict::index
