#include "services/index/fold/merge_actions.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_join.h"
#include "services/index/engine/analyzer.h"
#include "services/index/engine/schema/date_span.h"
#include "services/index/fold/merge_fields.h"

namespace interdict::index {
namespace {

using v1::Action;

constexpr size_t kMaxWords = 16;

struct ActionForm {
  Action action;  // named as the merged parties are
  std::string authority;
  std::string target;
};

std::string Folded(const std::string& text) { return absl::StrJoin(Analyze(text, kMaxWords), " "); }

// Equal, or one is not told.
bool Agree(const std::string& a, const std::string& b) { return a.empty() || b.empty() || a == b; }

Match MatchActions(const ActionForm& a, const ActionForm& b) {
  if (a.action.type() != b.action.type() || a.action.status() != b.action.status()) return Match::kConflict;
  if (!Agree(a.authority, b.authority) || !Agree(a.target, b.target)) return Match::kConflict;
  if (!Agree(a.action.country_code(), b.action.country_code())) return Match::kConflict;
  const bool dates = a.action.date().empty() || b.action.date().empty() || DatesAgree(a.action.date(), b.action.date());
  if (!dates) return Match::kConflict;
  if (a.authority == b.authority && a.target == b.target) return Match::kSame;
  return a.target == b.target ? Match::kAlike : Match::kPart;
}

int Specificity(const ActionForm& form) {
  return (form.target.empty() ? 0 : 4) + (form.authority.empty() ? 0 : 2) + (form.action.date().empty() ? 0 : 1) +
         static_cast<int>(form.action.date().size() >= 10) + static_cast<int>(!form.action.country_code().empty());
}

// The action without what says how well it is supported.
std::string KeyOf(const Action& action) {
  Action key = action;
  key.clear_reason();
  key.clear_evidence();
  key.clear_confidence();
  key.clear_derivation();
  key.clear_alternatives();
  return key.SerializeAsString();
}

// Stages of a procedure: an action follows those of lower stages.
int StageOf(v1::ActionType type) {
  static constexpr std::array<std::pair<v1::ActionType, int>, 16> kStages = {{
      {v1::ACTION_TYPE_INVESTIGATION, 0},
      {v1::ACTION_TYPE_INTERDICTION, 1},
      {v1::ACTION_TYPE_SEIZURE, 2},
      {v1::ACTION_TYPE_ARREST, 3},
      {v1::ACTION_TYPE_EXPULSION, 4},
      {v1::ACTION_TYPE_EXTRADITION, 4},
      {v1::ACTION_TYPE_CHARGE, 5},
      {v1::ACTION_TYPE_PLEA, 6},
      {v1::ACTION_TYPE_CONVICTION, 7},
      {v1::ACTION_TYPE_ACQUITTAL, 7},
      {v1::ACTION_TYPE_DISMISSAL, 7},
      {v1::ACTION_TYPE_SENTENCE, 8},
      {v1::ACTION_TYPE_PENALTY, 8},
      {v1::ACTION_TYPE_DESIGNATION, 8},
      {v1::ACTION_TYPE_OVERTURNED, 9},
      {v1::ACTION_TYPE_DELISTING, 9},
  }};
  for (const auto& [known, stage] : kStages) {
    if (known == type) return stage;
  }
  return 0;
}

std::optional<int64_t> DayOf(const Action& action) {
  const auto span = ParseDaySpan(action.date());
  if (!span) return std::nullopt;
  return span->first == kOpenStart ? span->last : span->first;
}

}  // namespace

Groups MergeActions(const Tellings& tellings, const PartyNames& names, v1::IncidentFacts* into) {
  std::vector<ActionForm> forms;
  std::map<std::string, int> form_of;
  std::vector<GroupedValue> values;
  std::vector<std::vector<Action>> named(tellings.size());
  for (size_t t = 0; t < tellings.size(); ++t) {
    const int telling = static_cast<int>(t);
    for (const Action& told : tellings[t].facts->actions()) {
      Action action = told;
      action.set_authority(names.Resolve(telling, told.authority()));
      action.set_target(names.Resolve(telling, told.target()));
      const auto [form, fresh] = form_of.emplace(KeyOf(action), static_cast<int>(forms.size()));
      if (fresh) forms.push_back({action, Folded(action.authority()), Folded(action.target())});
      values.push_back({{telling, static_cast<int>(named[t].size())}, form->second, Specificity(forms[form->second])});
      named[t].push_back(std::move(action));
    }
  }
  Groups groups =
      GroupValues(std::move(values), {.tellings = static_cast<int>(tellings.size()),
                                      .match = [&](int a, int b) { return MatchActions(forms[a], forms[b]); },
                                      .ambiguous_joins_first = true});
  const FieldRules rules{
      .texts = {Action::kAuthorityFieldNumber, Action::kTargetFieldNumber, Action::kReasonFieldNumber},
      .dates = {Action::kDateFieldNumber}};
  for (const std::vector<ValueRef>& group : groups.members) {
    std::vector<MemberValue> members;
    members.reserve(group.size());
    for (const ValueRef& ref : group) members.push_back({&named[ref.telling][ref.index], ref.telling});
    MergeMembers(tellings, members, rules, into->add_actions());
  }
  return groups;
}

std::vector<int> TimelineOrder(const google::protobuf::RepeatedPtrField<Action>& actions) {
  std::vector<int> dated;
  std::vector<int> undated;
  for (int i = 0; i < actions.size(); ++i) (DayOf(actions[i]) ? dated : undated).push_back(i);
  std::stable_sort(dated.begin(), dated.end(), [&](int a, int b) {
    const auto day_a = DayOf(actions[a]);
    const auto day_b = DayOf(actions[b]);
    return day_a != day_b ? day_a < day_b : StageOf(actions[a].type()) < StageOf(actions[b].type());
  });
  std::stable_sort(undated.begin(), undated.end(),
                   [&](int a, int b) { return StageOf(actions[a].type()) < StageOf(actions[b].type()); });
  std::vector<int> order = std::move(dated);
  for (int action : undated) {
    const int stage = StageOf(actions[action].type());
    const auto last = std::find_if(order.rbegin(), order.rend(),
                                   [&](int before) { return StageOf(actions[before].type()) <= stage; });
    order.insert(last.base(), action);
  }
  return order;
}

std::vector<int> OrderTimeline(v1::IncidentFacts* facts) {
  const std::vector<int> order = TimelineOrder(facts->actions());
  std::vector<int> place(order.size());
  google::protobuf::RepeatedPtrField<Action> ordered;
  for (size_t i = 0; i < order.size(); ++i) {
    place[order[i]] = static_cast<int>(i);
    *ordered.Add() = std::move(*facts->mutable_actions(order[i]));
  }
  *facts->mutable_actions() = std::move(ordered);
  return place;
}

}  // namespace interdict::index
