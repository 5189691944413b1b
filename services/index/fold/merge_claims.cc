#include "services/index/fold/merge_claims.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "services/index/fold/merge_fields.h"

namespace interdict::index {
namespace {

using v1::Claim;

// `goods[1]`.
struct ListPath {
  std::string list;
  int index = 0;
};

std::optional<ListPath> ParsePath(const std::string& path) {
  const size_t open = path.find('[');
  const size_t close = path.find(']', open);
  if (open == std::string::npos || close == std::string::npos) return std::nullopt;
  ListPath parsed{path.substr(0, open), -1};
  if (!absl::SimpleAtoi(path.substr(open + 1, close - open - 1), &parsed.index)) parsed.index = -1;
  return parsed;
}

bool SpeaksOfClaims(const Claim& claim) {
  return std::any_of(claim.paths().begin(), claim.paths().end(),
                     [](const std::string& path) { return path.rfind("claims[", 0) == 0; });
}

// The path with the index where that value stands now.
std::string MovePath(const std::string& path, int telling, const ValuePlaces& places) {
  const auto parsed = ParsePath(path);
  if (!parsed) return path;
  const auto list = places.find(parsed->list);
  if (list == places.end() || telling >= static_cast<int>(list->second.size())) return parsed->list;
  const std::vector<int>& at = list->second[telling];
  if (parsed->index < 0 || parsed->index >= static_cast<int>(at.size())) return parsed->list;
  return absl::StrCat(parsed->list, "[", at[parsed->index], "]");
}

void MovePaths(int telling, const ValuePlaces& places, Claim* claim) {
  std::set<std::string> there;
  std::vector<std::string> moved;
  for (const std::string& path : claim->paths()) {
    std::string now = MovePath(path, telling, places);
    if (there.insert(now).second) moved.push_back(std::move(now));
  }
  claim->clear_paths();
  for (std::string& path : moved) claim->add_paths(std::move(path));
}

std::string KeyOf(const Claim& claim) {
  Claim key;
  key.set_claimant(claim.claimant());
  key.set_stance(claim.stance());
  key.set_attributed_to(claim.attributed_to());
  key.set_date(claim.date());
  std::vector<std::string> paths(claim.paths().begin(), claim.paths().end());
  std::sort(paths.begin(), paths.end());
  for (std::string& path : paths) key.add_paths(std::move(path));
  return key.SerializeAsString();
}

}  // namespace

void MergeClaims(const Tellings& tellings, const PartyNames& names, const ValuePlaces& places,
                 v1::IncidentFacts* into) {
  std::vector<std::vector<Claim>> claims(tellings.size());
  std::map<std::string, int> form_of;
  std::vector<GroupedValue> values;
  for (size_t t = 0; t < tellings.size(); ++t) {
    const int telling = static_cast<int>(t);
    for (const Claim& told : tellings[t].facts->claims()) {
      Claim claim = told;
      claim.set_claimant(names.Resolve(telling, told.claimant()));
      claim.set_attributed_to(names.Resolve(telling, told.attributed_to()));
      const int index = static_cast<int>(claims[t].size());
      // What it speaks of is placed only when all claims are: such a claim stays alone.
      const bool alone = SpeaksOfClaims(claim);
      if (!alone) MovePaths(telling, places, &claim);
      const std::string key = alone ? absl::StrCat("alone ", t, " ", index) : KeyOf(claim);
      const int form = form_of.emplace(key, static_cast<int>(form_of.size())).first->second;
      values.push_back({{telling, index}, form, 0});
      claims[t].push_back(std::move(claim));
    }
  }
  const Groups groups = GroupValues(std::move(values), {.tellings = static_cast<int>(tellings.size()),
                                                        .match = [](int, int) { return Match::kConflict; }});
  ValuePlaces with_claims = places;
  with_claims["claims"] = groups.place;
  for (const std::vector<ValueRef>& group : groups.members) {
    std::vector<MemberValue> members;
    members.reserve(group.size());
    for (const ValueRef& ref : group) {
      Claim& claim = claims[ref.telling][ref.index];
      if (SpeaksOfClaims(claim)) MovePaths(ref.telling, with_claims, &claim);
      members.push_back({&claim, ref.telling});
    }
    MergeMembers(tellings, members, {}, into->add_claims());
  }
}

}  // namespace interdict::index
