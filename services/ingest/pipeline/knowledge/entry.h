// One row of the knowledge files, in the one shape that all stages read. Which table it comes from says what its cells
// mean.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace interdict::pipeline {

// The knowledge files that hold phrases.
enum class Table : uint8_t {
  kPlace,
  kGoods,
  kModel,
  kPartWord,
  kAgency,
  kAgencyHead,
  kOrganisationWord,
  kOutlet,
  kPersonNoun,
  kTitle,
  kFirstName,
  kParticle,
  kLegal,
  kEmbargo,
  kConveyance,
  kWeasel,
  kTrigger,
};

// How the letters of the text must look for a phrase to match.
enum class CaseRule : uint8_t { kAny, kCased, kExact };

// A phrase with what is known of it. Meaning of the cells by table:
//   place: kind = country, demonym…; codes = countries or region      goods: kind = offence, value = category, extra =
//   HS chapter model: kind = weapon…, value = category                            agency: codes = state, kind =
//   function, value = full name agency head: kind = function                                       organisation word:
//   kind = company, bank… outlet: codes = state                                              person noun: kind = role,
//   value = function title: kind = honorific, rank, office                              legal: value = instrument
//   embargo: codes = states, kind = year or empty, value = instrument  conveyance: kind = VESSEL…
//   weasel: kind = class                                               trigger: kind = class, value, extra = part of
//   speech and tense
struct Entry {
  Table table = Table::kPlace;
  CaseRule case_rule = CaseRule::kAny;
  std::string phrase;
  std::string kind;
  std::string value;
  std::string extra;
  std::vector<std::string> codes;
  std::vector<std::string> flags;
  double latitude_degrees = 0;
  double longitude_degrees = 0;
  bool has_point = false;

  bool HasFlag(const char* flag) const {
    for (const auto& f : flags)
      if (f == flag) return true;
    return false;
  }
};

// What is known of a state.
struct Country {
  std::string code;
  std::string name;
  std::vector<std::string> regions;  // M49, nearest first
};

}  // namespace interdict::pipeline
