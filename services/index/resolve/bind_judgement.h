// Which reports a judgement speaks of: the names that a person gave, as the resolver knows them at that moment.
#pragma once

#include "absl/status/statusor.h"
#include "interdict/internal/v1/log_entry.pb.h"
#include "storage/records/store.h"

namespace interdict::index {

inline constexpr size_t kMaxAnchors = 1'000;  // of one subject

// `judgement` is a valid submission; `order` its place in the intake log. Where a name leads nowhere the judgement
// comes back INVALID, with the problem and without anchors. Errors are those of the store.
absl::StatusOr<internal::v1::JudgementDecided> BindJudgement(const v1::Judgement& judgement, uint64_t order,
                                                             const records::Reader& view);

}  // namespace interdict::index
