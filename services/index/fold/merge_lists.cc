#include "services/index/fold/merge_lists.h"

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_join.h"
#include "services/index/engine/analyzer.h"
#include "services/index/fold/merge_fields.h"

namespace interdict::index {
namespace {

constexpr size_t kMaxWords = 16;

std::string Folded(const std::string& text) { return absl::StrJoin(Analyze(text, kMaxWords), " "); }

}  // namespace

Groups MergeOffences(const Tellings& tellings, v1::IncidentFacts* into) {
  std::vector<GroupedValue> values;
  for (size_t t = 0; t < tellings.size(); ++t) {
    const auto& offences = tellings[t].facts->offences();
    for (int i = 0; i < offences.size(); ++i) values.push_back({{static_cast<int>(t), i}, offences[i].offence(), 0});
  }
  Groups groups = GroupValues(std::move(values), {.tellings = static_cast<int>(tellings.size()),
                                                  .match = [](int, int) { return Match::kConflict; }});
  for (const std::vector<ValueRef>& group : groups.members) {
    MergeMembers(tellings,
                 MembersOf(
                     tellings, group, [](const v1::IncidentFacts& f) -> const auto& { return f.offences(); }),
                 {}, into->add_offences());
  }
  return groups;
}

Groups MergeLegalBasis(const Tellings& tellings, v1::IncidentFacts* into) {
  using Form = std::pair<std::string, std::string>;  // instrument, provision
  std::vector<Form> forms;
  std::map<Form, int> form_of;
  std::vector<GroupedValue> values;
  for (size_t t = 0; t < tellings.size(); ++t) {
    const auto& laws = tellings[t].facts->legal_basis();
    for (int i = 0; i < laws.size(); ++i) {
      const Form made(Folded(laws[i].instrument()), Folded(laws[i].provision()));
      const auto [form, fresh] = form_of.emplace(made, static_cast<int>(forms.size()));
      if (fresh) forms.push_back(made);
      values.push_back({{static_cast<int>(t), i}, form->second, made.second.empty() ? 0 : 1});
    }
  }
  const auto match = [&](int a, int b) {
    if (forms[a].first != forms[b].first) return Match::kConflict;
    return forms[a].second.empty() || forms[b].second.empty() ? Match::kPart : Match::kConflict;
  };
  Groups groups =
      GroupValues(std::move(values),
                  {.tellings = static_cast<int>(tellings.size()), .match = match, .ambiguous_joins_first = true});
  const FieldRules rules{.texts = {v1::LegalBasis::kInstrumentFieldNumber, v1::LegalBasis::kProvisionFieldNumber}};
  for (const std::vector<ValueRef>& group : groups.members) {
    MergeMembers(tellings,
                 MembersOf(
                     tellings, group, [](const v1::IncidentFacts& f) -> const auto& { return f.legal_basis(); }),
                 rules, into->add_legal_basis());
  }
  return groups;
}

}  // namespace interdict::index
