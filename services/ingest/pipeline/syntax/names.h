// Names as the tagger gives them, and what the knowledge files tell it about each token.
#pragma once

#include <cstdint>
#include <string_view>

namespace interdict::pipeline {

// Labels of tokens: the first and the later tokens of a name of each kind, or none. The order is part of the format of
// the weights: DO NOT CHANGE THESE VALUES.
enum class NameLabel : uint8_t {
  kNone = 0,
  kPersonFirst = 1,
  kPersonNext = 2,
  kOrganizationFirst = 3,
  kOrganizationNext = 4,
  kLocationFirst = 5,
  kLocationNext = 6,
};
constexpr uint32_t kNameLabels = 7;

// Their usual names, by value.
constexpr std::string_view kNameLabelNames[kNameLabels] = {
    "O", "B-PERSON", "I-PERSON", "B-ORGANIZATION", "I-ORGANIZATION", "B-LOCATION", "I-LOCATION"};

enum class NameKind : uint8_t { kPerson, kOrganization, kLocation };

// A name: tokens [first, end) of its sentence.
struct NameSpan {
  uint32_t first = 0;
  uint32_t end = 0;
  NameKind kind = NameKind::kPerson;
  // How far the labels beat "no name", by the weakest token; in units of the weights, 100 being quite sure.
  int32_t margin = 0;
};

// Which kinds of known phrases hold a token, as bits. The order is part of the format of the weights.
enum NameList : uint16_t {
  kListPlace = 1 << 0,
  kListDemonym = 1 << 1,
  kListAgency = 1 << 2,
  kListAgencyHead = 1 << 3,
  kListOrganisationWord = 1 << 4,
  kListLegalForm = 1 << 5,
  kListOutlet = 1 << 6,
  kListPersonNoun = 1 << 7,
  kListTitle = 1 << 8,
  kListFirstName = 1 << 9,
  kListParticle = 1 << 10,
  kListThing = 1 << 11,  // goods, models, conveyances
  kListLaw = 1 << 12,
};

}  // namespace interdict::pipeline
