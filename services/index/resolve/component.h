// Collects from the view the groups that judgements connect.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "services/index/resolve/judged_groups.h"
#include "storage/records/store.h"

namespace interdict::index {

// Lines that judgements may connect. Beyond it a component is cut: judgements hold in what was collected first.
inline constexpr size_t kMaxComponentLines = 20'000;

// The component of `group_ids`. Of judgements that are not in force only `also` connects: what a judgement that was
// just undone had connected is settled together once more.
absl::StatusOr<Component> CollectComponent(const std::vector<std::string>& group_ids, const std::string& also,
                                           const records::Reader& view);

// Whether any judgement speaks of a line of the group.
absl::StatusOr<bool> IsJudged(const std::string& group_id, const records::Reader& view);

// Incident of the group's first report; empty if none of its reports stands anywhere.
absl::StatusOr<std::string> IncidentOfGroup(const std::string& group_id, const records::Reader& view);

}  // namespace interdict::index
