// The lists of groups behind blocking keys: which groups a report meets, and how rare its keys are.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "services/index/resolve/match/blocking_keys.h"
#include "services/index/resolve/match/pair_features.h"
#include "storage/records/store.h"

namespace interdict::index::match {

struct FoundByKeys {
  std::vector<std::string> group_ids;  // those that share most, by how rare it is; at most `most`
  Rarity rarity;                       // of terms and names
};

// Errors as those of the reader. Ids are raw.
absl::StatusOr<FoundByKeys> FindByKeys(const std::vector<BlockingKey>& keys, const records::Reader& reader,
                                       size_t most);

// Counts a report of a group under its keys, and no longer.
absl::Status AddToKeys(const std::vector<BlockingKey>& keys, std::string_view group_id, const records::Reader& reader,
                       records::Batch* batch);
absl::Status RemoveFromKeys(const std::vector<BlockingKey>& keys, std::string_view group_id,
                            const records::Reader& reader, records::Batch* batch);

}  // namespace interdict::index::match
