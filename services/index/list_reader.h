// Answers about reference lists from one snapshot of a shard's store.
#pragma once

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "interdict/internal/v1/index_service.pb.h"
#include "storage/records/store.h"

namespace interdict::index {

// Largest page of ListEntryHashes.
inline constexpr uint32_t kMaxHashesPage = 10'000;

// Without positions, which the caller adds. INVALID_ARGUMENT (INVALID_FIELD); DATA_LOSS.
absl::StatusOr<internal::v1::ListReferenceListsResponse> ReadReferenceLists(const records::Reader& reader);
absl::StatusOr<internal::v1::ListEntryHashesResponse> ReadEntryHashes(
    const records::Reader& reader, const internal::v1::ListEntryHashesRequest& request);

}  // namespace interdict::index
