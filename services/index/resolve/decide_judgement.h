// What a judgement, or taking one back, leads to.
#pragma once

#include "absl/status/status.h"
#include "services/index/entry/parse_entry.h"
#include "services/index/resolve/decision_sink.h"
#include "services/index/resolve/resolver.h"
#include "services/index/resolve/settle.h"

namespace interdict::index {

// Decides on an entry that submits a judgement or takes one back. One that is known already, by the same request, is
// left as it is; so is taking back one that is not known.
absl::Status DecideJudgement(const ParsedEntry& entry, const SettleOptions& options, const Resolver& resolver,
                             DecisionSink& sink);

}  // namespace interdict::index
