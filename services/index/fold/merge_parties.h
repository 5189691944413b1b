// Merges the parties of an incident: those of one name are one party, with all its names and the spans of all tellings.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "interdict/v1/incident.pb.h"
#include "services/index/fold/merge_groups.h"
#include "services/index/fold/merge_support.h"

namespace interdict::index {

// What parties are called in the merged record.
class PartyNames {
 public:
  explicit PartyNames(int tellings) : names_(tellings) {}
  // The name in the record of the party that the telling calls so, by its name or an alias; `called` itself where it is
  // no party's name, or that of several.
  const std::string& Resolve(int telling, const std::string& called) const;
  void Add(int telling, const std::string& called, const std::string& name);

 private:
  std::vector<std::map<std::string, std::string>> names_;  // an empty name: of several
};

// What became of the parties.
struct MergedParties {
  Groups groups;  // their order is that of the merged list
  PartyNames names;
};

// Fills `into->parties`, but for their standing (merge_standing.h). Parties of one report are never merged. Two parties
// of different reports are one if both are named, kind and role agree (OTHER agrees with every role), and
//  * the names are the same but for case, diacritics, order of words, honorifics and company forms;
//  * or one word is spelt a little differently (not at its end: Petrov is not Petrova);
//  * or all words of one are in the other, and in no third party's name;
//  * or the name of one is an alias of the other; of organizations also if they share an acronym and half of the words.
// Ages more than two years apart, "Jr" and none, contradicting states (unless the names are the same) keep two parties
// apart. Unnamed parties are one if described in the same words, with the same kind and role.
MergedParties MergeParties(const Tellings& tellings, v1::IncidentFacts* into);

}  // namespace interdict::index
