#include "services/index/fold/merge_parties.h"

#include <algorithm>
#include <memory>
#include <set>
#include <tuple>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_join.h"
#include "services/index/engine/analyzer.h"
#include "services/index/fold/merge_fields.h"
#include "services/index/fold/merge_names.h"

namespace interdict::index {
namespace {

using v1::Party;

constexpr uint32_t kMaxYearsApart = 2;
constexpr int kMaxAliasesCompared = 32;

// A party, ready to be compared.
struct PartyForm {
  const Party* party = nullptr;
  NameForm name;
  std::vector<NameForm> aliases;
  std::set<std::string> acronyms;
  std::string description;  // folded; only of unnamed ones
};

bool IsAcronym(const std::string& name) {
  if (name.size() < 3 || name.size() > 10) return false;
  return std::all_of(name.begin(), name.end(), [](unsigned char c) { return absl::ascii_isupper(c); });
}

// Aliases may be descriptions ("the diplomat"); those prove nothing.
bool IsProperName(const std::string& name) {
  if (name.empty() || absl::ascii_islower(static_cast<unsigned char>(name.front()))) return false;
  return name.rfind("The ", 0) != 0;
}

PartyForm MakeForm(const Party& party) {
  PartyForm form;
  form.party = &party;
  if (!party.named()) {
    form.description = absl::StrJoin(Analyze(party.name(), kMaxAliasesCompared), " ");
    return form;
  }
  form.name = MakeNameForm(party.name(), party.kind());
  if (IsAcronym(party.name())) form.acronyms.insert(party.name());
  for (int i = 0; i < std::min(party.aliases_size(), kMaxAliasesCompared); ++i) {
    const std::string& alias = party.aliases(i);
    if (!IsProperName(alias)) continue;
    form.aliases.push_back(MakeNameForm(alias, party.kind()));
    if (IsAcronym(alias)) form.acronyms.insert(alias);
  }
  return form;
}

bool IsOpenRole(v1::PartyRole role) { return role == v1::PARTY_ROLE_OTHER || role == v1::PARTY_ROLE_UNSPECIFIED; }

bool KindAndRoleAgree(const Party& a, const Party& b) {
  const bool kinds =
      a.kind() == b.kind() || a.kind() == v1::PARTY_KIND_UNSPECIFIED || b.kind() == v1::PARTY_KIND_UNSPECIFIED;
  return kinds && (a.role() == b.role() || IsOpenRole(a.role()) || IsOpenRole(b.role()));
}

bool Contradict(const std::string& a, const std::string& b) { return !a.empty() && !b.empty() && a != b; }

// Whether the name of one is an alias of the other.
bool IsAliasOf(const PartyForm& a, const PartyForm& b, v1::PartyKind kind) {
  return std::any_of(b.aliases.begin(), b.aliases.end(), [&](const NameForm& alias) {
    const bool telling = kind != v1::PARTY_KIND_PERSON || alias.words.size() > 1 || a.name.words.size() == 1;
    return telling && CompareNames(a.name, alias, kind) == NameMatch::kSame;
  });
}

bool ShareAcronym(const PartyForm& a, const PartyForm& b) {
  const bool share = std::any_of(a.acronyms.begin(), a.acronyms.end(),
                                 [&](const std::string& acronym) { return b.acronyms.count(acronym) > 0; });
  if (!share) return false;
  std::vector<std::string> common;
  std::set_intersection(a.name.sorted.begin(), a.name.sorted.end(), b.name.sorted.begin(), b.name.sorted.end(),
                        std::back_inserter(common));
  return common.size() * 2 >= std::min(a.name.words.size(), b.name.words.size());
}

Match MatchNamed(const PartyForm& a, const PartyForm& b) {
  const Party& pa = *a.party;
  const Party& pb = *b.party;
  const v1::PartyKind kind = pa.kind() == v1::PARTY_KIND_UNSPECIFIED ? pb.kind() : pa.kind();
  const uint32_t older = std::max(pa.age_years(), pb.age_years());
  const uint32_t younger = std::min(pa.age_years(), pb.age_years());
  if (younger > 0 && older - younger > kMaxYearsApart) return Match::kConflict;
  if (a.name.generation != b.name.generation) return Match::kConflict;
  const NameMatch names = CompareNames(a.name, b.name, kind);
  if (names == NameMatch::kSame) return Match::kSame;
  if (Contradict(pa.nationality_code(), pb.nationality_code())) return Match::kConflict;
  if (names == NameMatch::kAlike) return Match::kAlike;
  if (IsAliasOf(a, b, kind) || IsAliasOf(b, a, kind)) return Match::kSame;
  if (kind == v1::PARTY_KIND_ORGANIZATION && ShareAcronym(a, b)) return Match::kSame;
  if (names == NameMatch::kPart) return Match::kPart;
  const bool one_is_short = a.name.words.size() == 1 || b.name.words.size() == 1;
  return kind == v1::PARTY_KIND_ORGANIZATION && one_is_short ? Match::kUnrelated : Match::kClash;
}

Match MatchParties(const PartyForm& a, const PartyForm& b) {
  if (a.party->named() != b.party->named() || !KindAndRoleAgree(*a.party, *b.party)) return Match::kConflict;
  if (a.party->named()) return MatchNamed(a, b);
  const bool same = !a.description.empty() && a.description == b.description && a.party->kind() == b.party->kind() &&
                    a.party->role() == b.party->role();
  return same ? Match::kSame : Match::kConflict;
}

// The part of a party that decides whether it is another: equal keys, equal matches.
std::string KeyOf(const Party& party) {
  Party key;
  key.set_name(party.name());
  *key.mutable_aliases() = party.aliases();
  key.set_named(party.named());
  key.set_kind(party.kind());
  key.set_role(party.role());
  key.set_nationality_code(party.nationality_code());
  key.set_age_years(party.age_years());
  return key.SerializeAsString();
}

Groups GroupParties(const Tellings& tellings) {
  std::vector<PartyForm> forms;
  std::map<std::string, int> form_of;
  std::vector<GroupedValue> values;
  for (size_t t = 0; t < tellings.size(); ++t) {
    const auto& parties = tellings[t].facts->parties();
    for (int i = 0; i < parties.size(); ++i) {
      const auto [form, fresh] = form_of.emplace(KeyOf(parties[i]), static_cast<int>(forms.size()));
      if (fresh) forms.push_back(MakeForm(parties[i]));
      const int words = static_cast<int>(forms[form->second].name.words.size());
      values.push_back({{static_cast<int>(t), i}, form->second, words * 2 + (IsOpenRole(parties[i].role()) ? 0 : 1)});
    }
  }
  return GroupValues(std::move(values), {.tellings = static_cast<int>(tellings.size()),
                                         .match = [&](int a, int b) { return MatchParties(forms[a], forms[b]); }});
}

// The fullest form of the name; of several the one with better support.
std::string FullestName(const Tellings& tellings, const std::vector<MemberValue>& members) {
  std::map<std::string, std::vector<int>> told_by;
  for (const MemberValue& member : members) {
    told_by[static_cast<const Party&>(*member.value).name()].push_back(member.telling);
  }
  // Initials are less than words, and "KIM, Chol Nam" is less a name than "Kim Chol Nam".
  const auto words_of = [&](const std::string& name) {
    const NameForm form = MakeNameForm(name, static_cast<const Party&>(*members.front().value).kind());
    const auto full =
        std::count_if(form.words.begin(), form.words.end(), [](const auto& word) { return word.size() > 1; });
    const bool in_order = name.find(',') == std::string::npos;
    return std::make_tuple(static_cast<size_t>(full), form.words.size(), in_order);
  };
  auto best = told_by.begin();
  for (auto it = std::next(best); it != told_by.end(); ++it) {
    const auto words = words_of(it->first);
    const auto best_words = words_of(best->first);
    const bool better = IsBetter(SupportOf(tellings, it->second), SupportOf(tellings, best->second));
    if (words > best_words || (words == best_words && better)) best = it;
  }
  return best->first;
}

void MergeNames(const Tellings& tellings, const std::vector<MemberValue>& members, Party* into) {
  into->set_name(FullestName(tellings, members));
  std::set<std::string> there = {into->name()};
  std::vector<std::string> aliases;
  const auto add = [&](const std::string& name) {
    if (there.insert(name).second) aliases.push_back(name);
  };
  for (const MemberValue& member : members) {
    const auto& party = static_cast<const Party&>(*member.value);
    add(party.name());
    for (const std::string& alias : party.aliases()) add(alias);
  }
  into->clear_aliases();
  for (std::string& alias : aliases) into->add_aliases(std::move(alias));
}

const FieldRules& PartyRules() {
  static const FieldRules* const kRules =
      new FieldRules{.texts = {Party::kPositionFieldNumber, Party::kActingForFieldNumber},
                     .dates = {},
                     .own = {Party::kNameFieldNumber, Party::kAliasesFieldNumber, Party::kRoleFieldNumber,
                             Party::kStandingFieldNumber, Party::kStandingDateFieldNumber}};
  return *kRules;
}

void MergeGroup(const Tellings& tellings, const std::vector<MemberValue>& members, Party* into) {
  MergeMembers(tellings, members, PartyRules(), into);
  if (members.size() == 1) return;
  MergeNames(tellings, members, into);
  for (const MemberValue& member : members) {
    const v1::PartyRole role = static_cast<const Party&>(*member.value).role();
    if (into->role() == v1::PARTY_ROLE_UNSPECIFIED || (IsOpenRole(into->role()) && !IsOpenRole(role))) {
      into->set_role(role);
    }
  }
}

// `acting_for` names another party: as the record names it.
void ResolvePrincipals(const Tellings& tellings, const MergedParties& merged, v1::IncidentFacts* into) {
  for (size_t g = 0; g < merged.groups.members.size(); ++g) {
    Party* party = into->mutable_parties(static_cast<int>(g));
    const auto& refs = merged.groups.members[g];
    const auto teller = std::find_if(refs.begin(), refs.end(), [&](const ValueRef& ref) {
      return tellings[ref.telling].facts->parties(ref.index).acting_for() == party->acting_for();
    });
    if (party->acting_for().empty() || teller == refs.end()) continue;
    party->set_acting_for(merged.names.Resolve(teller->telling, party->acting_for()));
  }
}

}  // namespace

const std::string& PartyNames::Resolve(int telling, const std::string& called) const {
  const auto found = names_[telling].find(called);
  return found == names_[telling].end() || found->second.empty() ? called : found->second;
}

void PartyNames::Add(int telling, const std::string& called, const std::string& name) {
  if (called.empty()) return;
  const auto [there, fresh] = names_[telling].emplace(called, name);
  if (!fresh && there->second != name) there->second.clear();
}

MergedParties MergeParties(const Tellings& tellings, v1::IncidentFacts* into) {
  MergedParties merged{GroupParties(tellings), PartyNames(static_cast<int>(tellings.size()))};
  for (const std::vector<ValueRef>& group : merged.groups.members) {
    Party* party = into->add_parties();
    MergeGroup(tellings,
               MembersOf(
                   tellings, group, [](const v1::IncidentFacts& f) -> const auto& { return f.parties(); }),
               party);
    for (const ValueRef& ref : group) {
      const Party& told = tellings[ref.telling].facts->parties(ref.index);
      merged.names.Add(ref.telling, told.name(), party->name());
    }
  }
  // Names go before aliases: an alias that is another party's name means that one.
  for (size_t g = 0; g < merged.groups.members.size(); ++g) {
    for (const ValueRef& ref : merged.groups.members[g]) {
      const Party& told = tellings[ref.telling].facts->parties(ref.index);
      for (const std::string& alias : told.aliases()) {
        if (merged.names.Resolve(ref.telling, alias) == alias) {
          merged.names.Add(ref.telling, alias, into->parties(static_cast<int>(g)).name());
        }
      }
    }
  }
  ResolvePrincipals(tellings, merged, into);
  return merged;
}

}  // namespace interdict::index
