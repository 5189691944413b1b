#include "services/index/resolve/component.h"

#include <algorithm>
#include <deque>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "services/index/resolve/view_rows.h"

namespace interdict::index {
namespace {

using internal::v1::ResolvedJudgement;

class Collecting {
 public:
  Collecting(const std::string& also, const records::Reader& view) : also_(also), view_(view) {}

  absl::Status Visit(const std::string& group_id);
  bool full() const { return component_.lines.size() >= kMaxComponentLines; }
  Component Finish();

  std::deque<std::string> queue;

 private:
  absl::Status AddLines(const std::string& group_id);
  absl::Status AddJudgement(const std::string& judgement_id);

  const std::string& also_;
  const records::Reader& view_;
  Component component_;
  std::set<std::string> groups_;
  std::map<std::string, ResolvedJudgement> judgements_;
};

absl::Status Collecting::AddLines(const std::string& group_id) {
  auto line_ids = view::IdsUnder(view_, view::kGroupLines, group_id);
  if (!line_ids.ok()) return line_ids.status();
  for (const std::string& line_id : *line_ids) {
    if (full()) return absl::OkStatus();
    auto line = view::LoadLine(view_, line_id);
    if (!line.ok()) return line.status();
    if (!line->has_value()) continue;
    std::string order = view::OrderOf(**line);
    component_.lines.push_back({line_id, group_id, std::move(order), **std::move(line)});
  }
  return absl::OkStatus();
}

absl::Status Collecting::AddJudgement(const std::string& judgement_id) {
  if (judgements_.count(judgement_id) > 0) return absl::OkStatus();
  auto judgement = view::LoadJudgement(view_, judgement_id);
  if (!judgement.ok()) return judgement.status();
  if (!judgement->has_value()) return absl::OkStatus();
  const ResolvedJudgement& row = judgements_.emplace(judgement_id, **std::move(judgement)).first->second;
  if (!IsInForce(row) && judgement_id != also_) return absl::OkStatus();
  for (const internal::v1::AnchorList& list : row.decided().anchors()) {
    for (const internal::v1::Anchor& anchor : list.anchors()) {
      auto line = view::LoadLine(view_, anchor.line_id());
      if (!line.ok()) return line.status();
      if (line->has_value() && !(*line)->report_id().empty()) queue.push_back((*line)->group_id());
    }
  }
  return absl::OkStatus();
}

absl::Status Collecting::Visit(const std::string& group_id) {
  auto current = view::CurrentGroup(view_, group_id);
  if (!current.ok()) return current.status();
  if (!groups_.insert(*current).second) return absl::OkStatus();
  auto group = view::LoadGroup(view_, *current);
  if (!group.ok()) return group.status();
  component_.group_create_time_us[*current] = group->has_value() ? (*group)->create_time_us() : 0;
  if (absl::Status status = AddLines(*current); !status.ok()) return status;
  auto judgement_ids = view::IdsUnder(view_, view::kGroupJudgements, *current);
  if (!judgement_ids.ok()) return judgement_ids.status();
  for (const std::string& id : *judgement_ids) {
    if (absl::Status status = AddJudgement(id); !status.ok()) return status;
  }
  return absl::OkStatus();
}

Component Collecting::Finish() {
  std::sort(component_.lines.begin(), component_.lines.end(), [](const MemberLine& a, const MemberLine& b) {
    return std::tie(a.order, a.line_id) < std::tie(b.order, b.line_id);
  });
  for (auto& [id, judgement] : judgements_) component_.judgements.push_back(std::move(judgement));
  std::sort(component_.judgements.begin(), component_.judgements.end(),
            [](const ResolvedJudgement& a, const ResolvedJudgement& b) {
              return std::make_tuple(a.decided().order(), a.decided().judgement().name()) <
                     std::make_tuple(b.decided().order(), b.decided().judgement().name());
            });
  return std::move(component_);
}

}  // namespace

absl::StatusOr<Component> CollectComponent(const std::vector<std::string>& group_ids, const std::string& also,
                                           const records::Reader& view) {
  Collecting collecting(also, view);
  collecting.queue.assign(group_ids.begin(), group_ids.end());
  while (!collecting.queue.empty() && !collecting.full()) {
    const std::string group_id = std::move(collecting.queue.front());
    collecting.queue.pop_front();
    if (absl::Status status = collecting.Visit(group_id); !status.ok()) return status;
  }
  return collecting.Finish();
}

absl::StatusOr<bool> IsJudged(const std::string& group_id, const records::Reader& view) {
  auto ids = view::IdsUnder(view, view::kGroupJudgements, group_id, 1);
  if (!ids.ok()) return ids.status();
  return !ids->empty();
}

absl::StatusOr<std::string> IncidentOfGroup(const std::string& group_id, const records::Reader& view) {
  auto group = view::CurrentGroup(view, group_id);
  if (!group.ok()) return group.status();
  auto lines = view::IdsUnder(view, view::kGroupLines, *group, 1);
  if (!lines.ok()) return lines.status();
  if (lines->empty()) return std::string();
  auto line = view::LoadLine(view, lines->front());
  if (!line.ok()) return line.status();
  if (!line->has_value() || (*line)->incident_ids().empty()) return std::string();
  return *(*line)->incident_ids().rbegin();
}

}  // namespace interdict::index
