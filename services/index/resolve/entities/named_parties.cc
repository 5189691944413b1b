#include "services/index/resolve/entities/named_parties.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <set>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace interdict::index {
namespace {

constexpr uint32_t kOldest = 120;

// Whether the text begins like a name: with a capital, a digit, or a letter of a script without case.
bool IsProper(const std::string& text) {
  const auto size = static_cast<int32_t>(text.size());
  for (int32_t at = 0; at < size;) {
    UChar32 character = 0;
    U8_NEXT(text.data(), at, size, character);
    if (character < 0) return false;
    if (u_isalnum(character)) return u_isdigit(character) || !u_islower(character);
  }
  return false;
}

void AddIdentifier(v1::IdentifierKind kind, const std::string& value, std::vector<v1::Identifier>* into) {
  if (value.empty()) return;
  v1::Identifier& identifier = into->emplace_back();
  identifier.set_kind(kind);
  identifier.set_value(value);
}

// A ship or aircraft that takes part stands among the conveyances too, with its numbers.
void AddConveyances(const v1::IncidentFacts& facts, const v1::Party& party, NamedParty* named) {
  const bool vessel = party.kind() == v1::PARTY_KIND_VESSEL;
  const bool aircraft = party.kind() == v1::PARTY_KIND_AIRCRAFT;
  if (!vessel && !aircraft) return;
  for (const v1::Conveyance& conveyance : facts.conveyances()) {
    const bool same = conveyance.name() == party.name() || (aircraft && conveyance.registration() == party.name());
    if (!same) continue;
    if (vessel) AddIdentifier(v1::IDENTIFIER_KIND_IMO, conveyance.imo_number(), &named->identifiers);
    if (aircraft)
      AddIdentifier(v1::IDENTIFIER_KIND_AIRCRAFT_REGISTRATION, conveyance.registration(), &named->identifiers);
    if (!conveyance.flag_code().empty()) named->country_codes.push_back(conveyance.flag_code());
  }
}

std::string BirthYears(const v1::Party& party, const std::string& published) {
  int year = 0;
  const bool dated = published.size() >= 4 && absl::SimpleAtoi(published.substr(0, 4), &year);
  if (!dated || party.age_years() == 0 || party.age_years() > kOldest) return "";
  const int born = year - static_cast<int>(party.age_years());
  return absl::StrCat(born - 1, "/", born);
}

}  // namespace

std::vector<NamedParty> NamedPartiesOf(const v1::Report& report, const std::string& published) {
  std::vector<NamedParty> parties;
  for (int i = 0; i < report.facts().parties_size(); ++i) {
    const v1::Party& party = report.facts().parties(i);
    if (!party.named() || party.name().empty()) continue;
    NamedParty named{.party_index = static_cast<uint32_t>(i), .party = &party};
    std::set<std::string> told = {party.name()};
    for (const std::string& alias : party.aliases()) {
      if (IsProper(alias) && told.insert(alias).second) named.aliases.push_back(alias);
    }
    if (!party.nationality_code().empty()) named.country_codes.push_back(party.nationality_code());
    AddConveyances(report.facts(), party, &named);
    if (party.kind() == v1::PARTY_KIND_PERSON) named.birth_years = BirthYears(party, published);
    parties.push_back(std::move(named));
  }
  return parties;
}

}  // namespace interdict::index
