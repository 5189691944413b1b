#include "services/ingest/pipeline/mentions/name_lists.h"

#include "services/ingest/pipeline/syntax/names.h"

namespace interdict::pipeline {
namespace {

uint16_t BitOf(const Entry& entry) {
  switch (entry.table) {
    case Table::kPlace:
      return entry.kind == "demonym" ? kListDemonym : kListPlace;
    case Table::kAgency:
      return kListAgency;
    case Table::kAgencyHead:
      return kListAgencyHead;
    case Table::kOrganisationWord:
      return entry.kind == "suffix" ? kListLegalForm : kListOrganisationWord;
    case Table::kOutlet:
      return kListOutlet;
    case Table::kPersonNoun:
      return kListPersonNoun;
    case Table::kTitle:
      return kListTitle;
    case Table::kFirstName:
      return kListFirstName;
    case Table::kParticle:
      return kListParticle;
    case Table::kGoods:
    case Table::kModel:
    case Table::kConveyance:
      return kListThing;
    case Table::kLegal:
      return kListLaw;
    default:
      return 0;
  }
}

}  // namespace

std::vector<uint16_t> NameLists(const std::vector<KnownPhrase>& known, size_t token_count) {
  std::vector<uint16_t> lists(token_count, 0);
  for (const KnownPhrase& phrase : known) {
    const uint16_t bit = BitOf(*phrase.entry);
    if (bit == 0) continue;
    for (uint32_t t = phrase.first_token; t < phrase.end_token; ++t) lists[t] = static_cast<uint16_t>(lists[t] | bit);
  }
  return lists;
}

}  // namespace interdict::pipeline
