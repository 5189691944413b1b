// Makes the log say what groups and judgements say: compares where reports stand with where they should, and decides
// the difference. Redone after a crash it decides what is left.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "interdict/internal/v1/log_entry.pb.h"
#include "services/index/resolve/decision_sink.h"
#include "services/index/resolve/judged_groups.h"
#include "services/index/resolve/resolver.h"

namespace interdict::index {

struct SettleOptions {
  size_t max_moves = 2'000;  // reports that change their incident because of one entry
};

// Settles the component of `group_ids`. `why` is given as the reason of what changes; `also` as in CollectComponent.
// Beyond `max_moves` the rest is left as it is: the judgement that is the cause says so in `problem`, and the next
// entry that touches the component goes on. Errors: of the log and of the view.
absl::Status Settle(const std::vector<std::string>& group_ids, const std::string& also, const internal::v1::Reason& why,
                    const SettleOptions& options, const Resolver& resolver, DecisionSink& sink);

// Incident of a line that is new in a group, and when it was created; empty where a judgement retracts it.
struct LinePlace {
  std::string incident_id;
  int64_t create_time_us = 0;
};
absl::StatusOr<LinePlace> PlaceOfNewLine(const MemberLine& line, const Resolver& resolver, const records::Reader& view);

}  // namespace interdict::index
