#include "services/index/fold/merge_conveyances.h"

#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "services/index/engine/analyzer.h"
#include "services/index/fold/merge_fields.h"
#include "services/index/fold/merge_names.h"

namespace interdict::index {
namespace {

using v1::Conveyance;

constexpr size_t kMaxWords = 16;

struct ConveyanceForm {
  const Conveyance* conveyance = nullptr;
  std::string imo;
  std::string registration;
  std::string name;
};

std::string Squeeze(const std::string& text) { return absl::StrJoin(Analyze(text, kMaxWords), ""); }

ConveyanceForm MakeForm(const Conveyance& conveyance) {
  return {&conveyance, Squeeze(conveyance.imo_number()), Squeeze(conveyance.registration()),
          absl::StrJoin(MakeNameForm(conveyance.name(), v1::PARTY_KIND_VESSEL).words, "")};
}

Match MatchConveyances(const ConveyanceForm& a, const ConveyanceForm& b) {
  const v1::ConveyanceKind kind_a = a.conveyance->kind();
  const v1::ConveyanceKind kind_b = b.conveyance->kind();
  if (kind_a != kind_b && kind_a != v1::CONVEYANCE_KIND_UNSPECIFIED && kind_b != v1::CONVEYANCE_KIND_UNSPECIFIED) {
    return Match::kConflict;
  }
  if (!a.imo.empty() && !b.imo.empty()) return a.imo == b.imo ? Match::kSame : Match::kConflict;
  if (!a.registration.empty() && !b.registration.empty()) {
    return a.registration == b.registration ? Match::kSame : Match::kConflict;
  }
  if (!a.name.empty() && a.name == b.name) return Match::kSame;
  // The registration stands in for the name of an aircraft.
  const bool named_by_number =
      (!a.registration.empty() && a.registration == b.name) || (!b.registration.empty() && b.registration == a.name);
  return named_by_number ? Match::kSame : Match::kClash;
}

int Specificity(const ConveyanceForm& form) {
  return (form.imo.empty() ? 0 : 4) + (form.registration.empty() ? 0 : 2) + (form.name.empty() ? 0 : 1);
}

}  // namespace

Groups MergeConveyances(const Tellings& tellings, v1::IncidentFacts* into) {
  std::vector<ConveyanceForm> forms;
  std::map<std::string, int> form_of;
  std::vector<GroupedValue> values;
  for (size_t t = 0; t < tellings.size(); ++t) {
    const auto& conveyances = tellings[t].facts->conveyances();
    for (int i = 0; i < conveyances.size(); ++i) {
      ConveyanceForm made = MakeForm(conveyances[i]);
      std::string key = absl::StrCat(conveyances[i].kind(), "/", made.imo, "/", made.registration, "/", made.name);
      // Without name and number all that is told must be the same.
      if (Specificity(made) == 0) absl::StrAppend(&key, "/", conveyances[i].model(), "/", conveyances[i].flag_code());
      const auto [form, fresh] = form_of.emplace(key, static_cast<int>(forms.size()));
      const int specificity = Specificity(made);
      if (fresh) forms.push_back(std::move(made));
      values.push_back({{static_cast<int>(t), i}, form->second, specificity});
    }
  }
  Groups groups =
      GroupValues(std::move(values), {.tellings = static_cast<int>(tellings.size()),
                                      .match = [&](int a, int b) { return MatchConveyances(forms[a], forms[b]); }});
  for (const std::vector<ValueRef>& group : groups.members) {
    MergeMembers(tellings,
                 MembersOf(
                     tellings, group, [](const v1::IncidentFacts& f) -> const auto& { return f.conveyances(); }),
                 {.texts = {Conveyance::kNameFieldNumber, Conveyance::kModelFieldNumber}}, into->add_conveyances());
  }
  return groups;
}

}  // namespace interdict::index
