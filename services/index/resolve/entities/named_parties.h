// The named parties of a report, with everything in it that tells who they are. Unnamed parties ("a local businessman")
// are never resolved: no score gives a name to anybody.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "interdict/v1/entity.pb.h"
#include "interdict/v1/incident.pb.h"
#include "interdict/v1/reference_list.pb.h"

namespace interdict::index {

// One party of a report that bears a proper name.
struct NamedParty {
  uint32_t party_index = 0;  // in `facts.parties`
  const v1::Party* party = nullptr;
  // Aliases that are names: acronyms, short forms; descriptions ("the diplomat") are left out.
  std::vector<std::string> aliases;
  // Nationality, flag.
  std::vector<std::string> country_codes;
  // Of the conveyance of the same name: IMO number, registration.
  std::vector<v1::Identifier> identifiers;
  // EDTF of the years in which a person of that age was born, `1963/1964`; empty where no age or no date is told.
  std::string birth_years;
};

// In order of the report. `published`: EDTF date of the document, or empty. `report` must outlive the answer.
std::vector<NamedParty> NamedPartiesOf(const v1::Report& report, const std::string& published);

}  // namespace interdict::index
