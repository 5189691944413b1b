// Groups the values of one list (parties, places, …) of all tellings: those of a group become one value.
#pragma once

#include <functional>
#include <vector>

namespace interdict::index {

// How two values stand to each other, from what forbids to what proves that they are one.
enum class Match {
  kConflict,  // never one
  kClash,     // not one, unless a third is the same as one of them
  kUnrelated,
  kPart,   // one may be the other, told with less
  kAlike,  // one, told a little differently
  kSame,
};

// A value: which of the tellings, and where in its list.
struct ValueRef {
  int telling = 0;
  int index = 0;
  friend bool operator<(const ValueRef& a, const ValueRef& b) {
    return a.telling != b.telling ? a.telling < b.telling : a.index < b.index;
  }
};

// What the grouping knows of one value.
struct GroupedValue {
  ValueRef ref;
  int form = 0;         // values of the same form have the same matches, and match each other as kSame
  int specificity = 0;  // how much it tells; the fuller ones are grouped first
};

struct Groups {
  std::vector<std::vector<ValueRef>> members;  // by group, in order; groups in order of their first members
  std::vector<std::vector<int>> place;         // group by telling and index
};

struct GroupOptions {
  int tellings = 0;
  // Of two forms; symmetric. Never asked for equal ones.
  std::function<Match(int form, int other)> match;
  // What a value does that is part of several groups: joins the first, or stays alone.
  bool ambiguous_joins_first = false;
};

// Values of one telling never meet in a group. A value joins the group that it matches best, if nothing in it
// conflicts.
Groups GroupValues(std::vector<GroupedValue> values, const GroupOptions& options);

}  // namespace interdict::index
