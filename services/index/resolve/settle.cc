#include "services/index/resolve/settle.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/index/fold/entity_fold.h"
#include "services/index/resolve/component.h"
#include "services/index/resolve/judgement_note.h"
#include "services/index/resolve/view_rows.h"

namespace interdict::index {
namespace {

using internal::v1::Decision;
using internal::v1::Reason;
using internal::v1::ReportPlaced;
using internal::v1::ResolvedJudgement;
using v1::Judgement;

constexpr size_t kMaxShownIn = 20;  // incidents that show one judgement

AlikeLines AlikeBy(const Resolver& resolver) {
  return [&resolver](const MemberLine& one, const MemberLine& other) {
    return resolver.Alike(one.row.features(), other.row.features());
  };
}

bool Contains(const google::protobuf::RepeatedPtrField<std::string>& ids, const std::string& id) {
  return std::find(ids.begin(), ids.end(), id) != ids.end();
}

class Settling {
 public:
  Settling(const Component& component, IncidentGrouping grouping, const Reason& why, const SettleOptions& options,
           DecisionSink& sink)
      : component_(component), grouping_(std::move(grouping)), why_(why), options_(options), sink_(sink) {}

  absl::Status Run() {
    absl::Status status = MoveLines();
    if (status.ok()) status = Redirect();
    if (status.ok()) status = SettleJudgements();
    if (status.ok()) status = SettleSuggestions();
    return status;
  }

 private:
  absl::Status MoveLines();
  absl::Status Place(const MemberLine& line, const std::string& incident_id);
  absl::Status PlaceMentions(const MemberLine& line, const std::string& incident_id);
  absl::Status Leave(const MemberLine& line, const std::string& incident_id, const std::string& to);
  absl::Status Redirect();
  absl::Status RedirectOne(const std::string& incident_id, const std::vector<std::string>& to);
  absl::Status SettleJudgements();
  absl::Status SettleJudgement(const ResolvedJudgement& row, Judgement::State state);
  std::vector<std::string> IncidentsShowing(const ResolvedJudgement& row, Judgement::State state) const;
  absl::Status Show(const ResolvedJudgement& row, const std::string& incident_id, bool shown, bool overruled);
  absl::Status SettleSuggestions();
  absl::Status SettleSuggestion(const std::string& group_id, const std::string& other_id);
  bool ArePartedByJudgement(const std::string& group_id, const std::string& other_id) const;

  const Component& component_;
  const IncidentGrouping grouping_;
  const Reason& why_;
  const SettleOptions& options_;
  DecisionSink& sink_;
  size_t moves_ = 0;
  std::set<std::string> left_;  // incidents whose reports should be elsewhere
};

absl::Status Settling::MoveLines() {
  for (size_t i = 0; i < component_.lines.size(); ++i) {
    const MemberLine& line = component_.lines[i];
    const std::string& wanted = grouping_.incident_of[i];
    const auto& stands = line.row.incident_ids();
    const bool there = wanted.empty() || Contains(stands, wanted);
    if (there && stands.size() == (wanted.empty() ? 0 : 1)) continue;
    if (moves_ >= options_.max_moves) {
      left_.insert(stands.begin(), stands.end());
      continue;
    }
    ++moves_;
    absl::Status status;
    if (!there) status = Place(line, wanted);
    for (int k = 0; status.ok() && k < stands.size(); ++k) {
      if (stands[k] != wanted) status = Leave(line, stands[k], wanted);
    }
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

// Writes the report into another incident, as it was decided last.
absl::Status Settling::Place(const MemberLine& line, const std::string& incident_id) {
  const internal::v1::LogPosition& position = line.row.position();
  auto before = sink_.Decided(position);
  if (!before.ok()) return before.status();
  if (!before->has_value()) return absl::OkStatus();  // it is being taken down
  Decision decision = **std::move(before);
  if (!decision.has_report_placed()) {
    return absl::DataLossError(absl::StrCat("incidents/", position.partition(), " ", position.sequence(),
                                            " does not place the report that it should"));
  }
  ReportPlaced* placed = decision.mutable_report_placed();
  placed->set_incident_id(incident_id);
  placed->set_incident_create_time_us(grouping_.create_time_us.at(incident_id));
  placed->set_group_id(line.group_id);
  *placed->mutable_order() = line.row.order();
  placed->set_order_ordinal(line.row.order_ordinal());
  // Why it was put into its group stays said, behind why it is here.
  std::vector<Reason> reasons = {why_};
  for (const Reason& reason : decision.reasons()) {
    const bool moved = reason.code().rfind("JUDGEMENT", 0) == 0 || reason.code() == "INCIDENTS_JOINED";
    if (!moved) reasons.push_back(reason);
  }
  decision.mutable_reasons()->Assign(reasons.begin(), reasons.end());
  absl::Status status = PlaceMentions(line, incident_id);
  return status.ok() ? sink_.Emit(std::move(decision)) : status;
}

// Its parties come along and stay who they are. Before the report does: one that stands has all its mentions, also
// where an attempt was cut off.
absl::Status Settling::PlaceMentions(const MemberLine& line, const std::string& incident_id) {
  auto group = view::CurrentGroup(sink_.view(), line.group_id);
  if (!group.ok()) return group.status();
  auto mentions = MentionsOf(sink_.view(), view::RawId(line.row.report_id()), view::RawId(*group));
  if (!mentions.ok()) return mentions.status();
  for (const internal::v1::StoredMention& mention : *mentions) {
    Decision decision;
    *decision.mutable_mention_linked() = mention.linked();
    decision.mutable_mention_linked()->set_incident_id(incident_id);
    *decision.mutable_reasons() = mention.reasons();
    if (absl::Status status = sink_.Emit(std::move(decision)); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status Settling::Leave(const MemberLine& line, const std::string& incident_id, const std::string& to) {
  auto incident = view::LoadIncident(sink_.view(), incident_id);
  if (!incident.ok()) return incident.status();
  Decision decision;
  internal::v1::ReportMoved* moved = decision.mutable_report_moved();
  moved->set_incident_id(incident_id);
  moved->set_incident_create_time_us(incident->has_value() ? (*incident)->create_time_us() : 0);
  moved->set_report_id(line.row.report_id());
  moved->set_document_id(line.row.document_id());
  moved->set_to_incident_id(to);
  *decision.add_reasons() = why_;
  return sink_.Emit(std::move(decision));
}

// Names that have lost all their reports lead to where the reports are.
absl::Status Settling::Redirect() {
  std::map<std::string, std::vector<std::string>> leads;  // by emptied incident, the oldest first
  const std::set<std::string> wanted(grouping_.incident_of.begin(), grouping_.incident_of.end());
  for (size_t i = 0; i < component_.lines.size(); ++i) {
    const std::string& now = grouping_.incident_of[i];
    if (now.empty()) continue;
    // The group's own name too: it may never have had a report of its own.
    std::set<std::string> names(component_.lines[i].row.all_incident_ids().begin(),
                                component_.lines[i].row.all_incident_ids().end());
    for (const std::string& name : names) {
      if (wanted.count(name) > 0 || left_.count(name) > 0) continue;
      std::vector<std::string>& to = leads[name];
      if (std::find(to.begin(), to.end(), now) == to.end()) to.push_back(now);
    }
  }
  for (const auto& [name, to] : leads) {
    if (absl::Status status = RedirectOne(name, to); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status Settling::RedirectOne(const std::string& incident_id, const std::vector<std::string>& to) {
  auto incident = view::LoadIncident(sink_.view(), incident_id);
  if (!incident.ok()) return incident.status();
  if (!incident->has_value()) return absl::OkStatus();
  const auto& before = (*incident)->redirected_to();
  if (std::equal(before.begin(), before.end(), to.begin(), to.end())) return absl::OkStatus();
  Decision decision;
  internal::v1::IncidentRedirected* redirected = decision.mutable_incident_redirected();
  redirected->set_incident_id(incident_id);
  redirected->set_incident_create_time_us((*incident)->create_time_us());
  redirected->mutable_to_incident_ids()->Assign(to.begin(), to.end());
  *decision.add_reasons() = why_;
  return sink_.Emit(std::move(decision));
}

absl::Status Settling::SettleJudgements() {
  for (const ResolvedJudgement& row : component_.judgements) {
    const auto state = grouping_.states.find(JudgementId(row.decided().judgement()));
    if (state == grouping_.states.end()) continue;
    if (absl::Status status = SettleJudgement(row, state->second); !status.ok()) return status;
  }
  return absl::OkStatus();
}

// Incidents with which the judgement is shown: those of the reports that it speaks of.
std::vector<std::string> Settling::IncidentsShowing(const ResolvedJudgement& row, Judgement::State state) const {
  std::vector<std::string> incidents;
  const Judgement& judgement = row.decided().judgement();
  const bool shown =
      (state == Judgement::STATE_ACTIVE || state == Judgement::STATE_OVERRULED) && !judgement.has_retract();
  if (!shown) return incidents;
  std::set<std::string> lines;
  for (const internal::v1::AnchorList& list : row.decided().anchors()) {
    for (const internal::v1::Anchor& anchor : list.anchors()) lines.insert(anchor.line_id());
  }
  const bool of_one = !judgement.has_same() && !judgement.has_different();
  for (size_t i = 0; i < component_.lines.size(); ++i) {
    const std::string& incident = grouping_.incident_of[i];
    if (lines.count(component_.lines[i].line_id) == 0 || incident.empty()) continue;
    if (std::find(incidents.begin(), incidents.end(), incident) == incidents.end()) incidents.push_back(incident);
    if (incidents.size() >= (of_one ? 1 : kMaxShownIn)) break;
  }
  return incidents;
}

absl::Status Settling::SettleJudgement(const ResolvedJudgement& row, Judgement::State state) {
  const bool cause = JudgementId(row.decided().judgement()) == why_.judgement_id();
  const std::string problem =
      cause && !left_.empty()
          ? absl::StrCat(moves_, " reports were moved, which is as many as one entry may; the others still stand in ",
                         left_.size(), " incident(s), incidents/", *left_.begin(),
                         " the first. Undo and submit it again to go on.")
          : row.decided().judgement().problem();
  if (row.decided().judgement().state() != state || row.decided().judgement().problem() != problem) {
    Decision decision;
    *decision.mutable_judgement_decided() = row.decided();
    decision.mutable_judgement_decided()->mutable_judgement()->set_state(state);
    decision.mutable_judgement_decided()->mutable_judgement()->set_problem(problem);
    *decision.add_reasons() = why_;
    if (absl::Status status = sink_.Emit(std::move(decision)); !status.ok()) return status;
  }
  const bool overruled = state == Judgement::STATE_OVERRULED;
  const std::vector<std::string> wanted = IncidentsShowing(row, state);
  for (const std::string& incident : row.shown_in()) {
    if (std::find(wanted.begin(), wanted.end(), incident) != wanted.end()) continue;
    if (absl::Status status = Show(row, incident, /*shown=*/false, false); !status.ok()) return status;
  }
  for (const std::string& incident : wanted) {
    if (Contains(row.shown_in(), incident) && row.shown_overruled() == overruled) continue;
    if (absl::Status status = Show(row, incident, /*shown=*/true, overruled); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status Settling::Show(const ResolvedJudgement& row, const std::string& incident_id, bool shown, bool overruled) {
  Decision decision;
  internal::v1::IncidentJudged* judged = decision.mutable_incident_judged();
  judged->set_incident_id(incident_id);
  const auto created = grouping_.create_time_us.find(incident_id);
  if (created != grouping_.create_time_us.end()) {
    judged->set_incident_create_time_us(created->second);
  } else {
    auto incident = view::LoadIncident(sink_.view(), incident_id);
    if (!incident.ok()) return incident.status();
    judged->set_incident_create_time_us(incident->has_value() ? (*incident)->create_time_us() : 0);
  }
  judged->set_judgement_id(JudgementId(row.decided().judgement()));
  judged->set_order(row.decided().order());
  if (shown) {
    *judged->mutable_note() = NoteOf(row.decided().judgement());
    judged->mutable_note()->set_overruled(overruled);
    if (row.decided().judgement().has_correct()) *judged->mutable_facts() = row.decided().judgement().correct().facts();
  }
  *decision.add_reasons() = why_;
  return sink_.Emit(std::move(decision));
}

absl::Status Settling::SettleSuggestions() {
  std::set<std::pair<std::string, std::string>> pairs;
  for (const auto& [group_id, created] : component_.group_create_time_us) {
    auto others = view::IdsUnder(sink_.view(), view::kSuggestions, group_id);
    if (!others.ok()) return others.status();
    for (const std::string& other : *others) pairs.insert(std::minmax(group_id, other));
  }
  for (const auto& [group_id, other] : pairs) {
    if (absl::Status status = SettleSuggestion(group_id, other); !status.ok()) return status;
  }
  return absl::OkStatus();
}

bool Settling::ArePartedByJudgement(const std::string& group_id, const std::string& other_id) const {
  std::map<std::string, std::string> group_of;
  for (const MemberLine& line : component_.lines) group_of[line.line_id] = line.group_id;
  const auto has_group = [&](const internal::v1::AnchorList& list, const std::string& group) {
    return std::any_of(list.anchors().begin(), list.anchors().end(), [&](const internal::v1::Anchor& anchor) {
      const auto found = group_of.find(anchor.line_id());
      return found != group_of.end() && found->second == group;
    });
  };
  for (const ResolvedJudgement& row : component_.judgements) {
    const auto state = grouping_.states.find(JudgementId(row.decided().judgement()));
    const bool holds = state != grouping_.states.end() && state->second == Judgement::STATE_ACTIVE;
    if (!holds || !row.decided().judgement().has_different() || row.decided().anchors_size() != 2) continue;
    const auto& reports = row.decided().anchors(0);
    const auto& from = row.decided().anchors(1);
    if (has_group(reports, group_id) && has_group(from, other_id)) return true;
    if (has_group(reports, other_id) && has_group(from, group_id)) return true;
  }
  return false;
}

absl::Status Settling::SettleSuggestion(const std::string& group_id, const std::string& other_id) {
  auto row = view::LoadSuggestion(sink_.view(), group_id, other_id);
  if (!row.ok()) return row.status();
  if (!row->has_value()) return absl::OkStatus();
  auto one = IncidentOfGroup(group_id, sink_.view());
  auto other = IncidentOfGroup(other_id, sink_.view());
  if (!one.ok()) return one.status();
  if (!other.ok()) return other.status();
  const bool open = !one->empty() && !other->empty() && *one != *other && !ArePartedByJudgement(group_id, other_id);
  const std::set<std::string> told = {(*row)->incident_id(), (*row)->other_incident_id()};
  const bool was_open = !(*row)->incident_id().empty();
  if (open == was_open && (!open || told == std::set<std::string>{*one, *other})) return absl::OkStatus();
  Decision decision;
  internal::v1::SuggestionMade* made = decision.mutable_suggestion_made();
  made->set_group_id(group_id);
  made->set_other_group_id(other_id);
  if (was_open) {
    made->set_incident_id((*row)->incident_id());
    made->set_other_incident_id((*row)->other_incident_id());
    *decision.add_reasons() = why_;
    if (absl::Status status = sink_.Emit(decision); !status.ok()) return status;
  }
  if (!open) return absl::OkStatus();
  made->set_incident_id(*one);
  made->set_other_incident_id(*other);
  made->set_score((*row)->score());
  *decision.mutable_reasons() = (*row)->reasons();
  return sink_.Emit(std::move(decision));
}

}  // namespace

absl::Status Settle(const std::vector<std::string>& group_ids, const std::string& also, const Reason& why,
                    const SettleOptions& options, const Resolver& resolver, DecisionSink& sink) {
  auto component = CollectComponent(group_ids, also, sink.view());
  if (!component.ok()) return component.status();
  return Settling(*component, ApplyJudgements(*component, AlikeBy(resolver)), why, options, sink).Run();
}

absl::StatusOr<LinePlace> PlaceOfNewLine(const MemberLine& line, const Resolver& resolver,
                                         const records::Reader& view) {
  auto component = CollectComponent({line.group_id}, "", view);
  if (!component.ok()) return component.status();
  const auto before = [](const MemberLine& a, const MemberLine& b) {
    return std::tie(a.order, a.line_id) < std::tie(b.order, b.line_id);
  };
  auto& lines = component->lines;
  const auto at = lines.insert(std::lower_bound(lines.begin(), lines.end(), line, before), line);
  const size_t index = static_cast<size_t>(at - lines.begin());
  const IncidentGrouping grouping = ApplyJudgements(*component, AlikeBy(resolver));
  LinePlace place;
  place.incident_id = grouping.incident_of[index];
  if (!place.incident_id.empty()) place.create_time_us = grouping.create_time_us.at(place.incident_id);
  return place;
}

}  // namespace interdict::index
