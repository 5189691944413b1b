// What people judge, laid over the automatic groups: a pure function from groups and judgements to incidents. Since the
// groups know nothing of judgements, a judgement that is undone leaves no trace.
//
// Each group is an incident. Judgements are applied in the order in which they were submitted: `same` unites the
// incidents of the reports that it names, `different` parts them. Of the incidents that are united the oldest keeps its
// name; the parts of one that is parted have new names. A later judgement therefore holds against an earlier one.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "interdict/internal/v1/stored.pb.h"

namespace interdict::index {

// A line of reports that stands.
struct MemberLine {
  std::string line_id;
  std::string group_id;  // current group
  std::string order;     // see records::ReportOrder
  internal::v1::ResolvedLine row;
};

// Groups that judgements connect, whole.
struct Component {
  std::vector<MemberLine> lines;                            // by order, then line
  std::vector<internal::v1::ResolvedJudgement> judgements;  // by order; undone and invalid ones too
  std::map<std::string, int64_t> group_create_time_us;
};

struct IncidentGrouping {
  std::vector<std::string> incident_of;           // by line; empty where a judgement retracts the report
  std::map<std::string, int64_t> create_time_us;  // of those incidents
  // By judgement id: ACTIVE, OVERRULED or ORPHANED; undone and invalid ones as they were.
  std::map<std::string, v1::Judgement::State> states;
};

// How alike two lines are, 0 to 1: which part of an incident a report goes with that no judgement names.
using AlikeLines = std::function<double(const MemberLine& one, const MemberLine& other)>;

IncidentGrouping ApplyJudgements(const Component& component, const AlikeLines& alike);

// Id at the end of the judgement's name.
std::string JudgementId(const v1::Judgement& judgement);

// Whether it may have an effect: neither undone nor invalid.
bool IsInForce(const internal::v1::ResolvedJudgement& judgement);

}  // namespace interdict::index
