// Merges the values of a group into one, field by field: gaps are filled, what agrees becomes one, what contradicts
// stays beside the reading with the best support, with the spans of those who tell it.
#pragma once

#include <string>
#include <vector>

#include "google/protobuf/message.h"
#include "services/index/fold/merge_groups.h"
#include "services/index/fold/merge_support.h"

namespace interdict::index {

// A value of the group, with what stands in it about itself.
struct MemberValue {
  template <typename Value>
  MemberValue(const Value* of, int told_in)
      : value(of), telling(told_in), evidence(&of->evidence()), alternatives(&of->alternatives()) {}

  const google::protobuf::Message* value;
  int telling;
  const EvidenceList* evidence;
  const AlternativeList* alternatives;
};

// Which fields (numbers) are compared how. Others are compared as they are.
struct FieldRules {
  std::vector<int> texts;  // of two, the one with all words of the other is the fuller
  std::vector<int> dates;  // EDTF: of two, the one within the other is the finer
  std::vector<int> own;    // left to the caller: not touched in `into`, no alternatives
};

// Of MergeMembers: `evidence` and `alternatives` are those of `into`.
void MergeSeveral(const Tellings& tellings, const std::vector<MemberValue>& members, const FieldRules& rules,
                  google::protobuf::Message* into, EvidenceList* evidence, AlternativeList* alternatives);

// Merges `members` (one or more, in order, of one type) into an empty message of that type. One alone is copied as it
// is, but for `own` fields of several. Lists are united, spans too; the highest confidence wins, with its derivation.
template <typename Value>
void MergeMembers(const Tellings& tellings, const std::vector<MemberValue>& members, const FieldRules& rules,
                  Value* into) {
  if (members.size() == 1) {
    into->CopyFrom(*members.front().value);
  } else {
    MergeSeveral(tellings, members, rules, into, into->mutable_evidence(), into->mutable_alternatives());
  }
}

// The members of a group, of the list that `list` takes from the facts.
template <typename List>
std::vector<MemberValue> MembersOf(const Tellings& tellings, const std::vector<ValueRef>& refs, List list) {
  std::vector<MemberValue> members;
  members.reserve(refs.size());
  for (const ValueRef& ref : refs) {
    members.push_back({&list(*tellings[ref.telling].facts).Get(ref.index), ref.telling});
  }
  return members;
}

// Whether one span of days lies within the other. Dates that are no EDTF agree only with themselves.
bool DatesAgree(const std::string& a, const std::string& b);

}  // namespace interdict::index
