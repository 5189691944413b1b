// Reads entities, their mentions and who stands beside them, from one snapshot of a shard's store: what this shard's
// incidents tell. The query service adds the shards up.
#pragma once

#include <functional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "interdict/internal/v1/index_service.pb.h"
#include "storage/records/store.h"

namespace interdict::index {

// Limits; beyond them INVALID_ARGUMENT (INVALID_FIELD).
inline constexpr int kMaxEntityIds = 1000;
inline constexpr uint32_t kMaxAppearances = 1000;

// Without positions, which the caller adds. Entities that are not here are left out. `check` is asked from time to
// time; its error ends the call. DATA_LOSS: the store cannot be read.
absl::StatusOr<internal::v1::ReadEntitiesResponse> ReadEntities(const records::Reader& reader,
                                                                const internal::v1::ReadEntitiesRequest& request,
                                                                const std::function<absl::Status()>& check);
absl::StatusOr<internal::v1::ReadNeighboursResponse> ReadNeighbours(const records::Reader& reader,
                                                                    const internal::v1::ReadNeighboursRequest& request,
                                                                    const std::function<absl::Status()>& check);

}  // namespace interdict::index
