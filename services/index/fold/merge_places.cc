#include "services/index/fold/merge_places.h"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "services/index/engine/analyzer.h"
#include "services/index/engine/schema/countries.h"
#include "services/index/fold/merge_fields.h"

namespace interdict::index {
namespace {

using v1::Place;

constexpr size_t kMaxPlaceWords = 16;

struct PlaceForm {
  const Place* place = nullptr;
  std::vector<std::string> words;  // sorted; none where the name is no finer than the country
};

bool IsCountryItself(const Place& place) {
  if (place.country_code().empty()) return false;
  const std::vector<std::string> codes = Countries::BuiltIn().Expand(place.name());
  return codes.size() == 1 && codes.front() == place.country_code();
}

PlaceForm MakeForm(const Place& place) {
  PlaceForm form;
  form.place = &place;
  if (IsCountryItself(place)) return form;
  form.words = Analyze(place.name(), kMaxPlaceWords);
  std::sort(form.words.begin(), form.words.end());
  return form;
}

Match MatchPlaces(const PlaceForm& a, const PlaceForm& b) {
  if (a.place->role() != b.place->role() || a.place->country_code() != b.place->country_code() ||
      a.place->region_code() != b.place->region_code()) {
    return Match::kConflict;
  }
  const bool located = !a.place->country_code().empty() || !a.place->region_code().empty();
  if (a.words == b.words) return located || !a.words.empty() ? Match::kSame : Match::kConflict;
  if (!located) return Match::kConflict;
  const bool part = std::includes(a.words.begin(), a.words.end(), b.words.begin(), b.words.end()) ||
                    std::includes(b.words.begin(), b.words.end(), a.words.begin(), a.words.end());
  return part ? Match::kPart : Match::kConflict;
}

std::string KeyOf(const Place& place) {
  Place key;
  key.set_role(place.role());
  key.set_country_code(place.country_code());
  key.set_region_code(place.region_code());
  key.set_name(place.name());
  return key.SerializeAsString();
}

// The name that is finer than the country, if any has one.
void MergeName(const Tellings& tellings, const std::vector<ValueRef>& group, Place* into) {
  size_t most = 0;
  for (const ValueRef& ref : group) {
    const Place& place = tellings[ref.telling].facts->places(ref.index);
    const size_t words = MakeForm(place).words.size();
    if (words <= most && !(into->name().empty() && most == 0)) continue;
    most = words;
    into->set_name(place.name());
  }
}

}  // namespace

Groups MergePlaces(const Tellings& tellings, v1::IncidentFacts* into) {
  std::vector<PlaceForm> forms;
  std::map<std::string, int> form_of;
  std::vector<GroupedValue> values;
  for (size_t t = 0; t < tellings.size(); ++t) {
    const auto& places = tellings[t].facts->places();
    for (int i = 0; i < places.size(); ++i) {
      const auto [form, fresh] = form_of.emplace(KeyOf(places[i]), static_cast<int>(forms.size()));
      if (fresh) forms.push_back(MakeForm(places[i]));
      values.push_back({{static_cast<int>(t), i}, form->second, static_cast<int>(forms[form->second].words.size())});
    }
  }
  Groups groups =
      GroupValues(std::move(values), {.tellings = static_cast<int>(tellings.size()),
                                      .match = [&](int a, int b) { return MatchPlaces(forms[a], forms[b]); },
                                      .ambiguous_joins_first = true});
  for (const std::vector<ValueRef>& group : groups.members) {
    Place* place = into->add_places();
    MergeMembers(tellings,
                 MembersOf(
                     tellings, group, [](const v1::IncidentFacts& f) -> const auto& { return f.places(); }),
                 {.own = {Place::kNameFieldNumber}}, place);
    if (group.size() > 1) MergeName(tellings, group, place);
  }
  return groups;
}

}  // namespace interdict::index
