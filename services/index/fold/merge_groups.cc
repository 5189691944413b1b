#include "services/index/fold/merge_groups.h"

#include <algorithm>
#include <cstdint>
#include <set>
#include <unordered_map>
#include <utility>

namespace interdict::index {
namespace {

struct Group {
  std::vector<ValueRef> members;
  std::set<int> tellings;
  std::set<int> forms;
};

class Grouper {
 public:
  explicit Grouper(const GroupOptions& options) : options_(options) {}

  void Add(const GroupedValue& value) {
    Group& group = Find(value);
    group.members.push_back(value.ref);
    group.tellings.insert(value.ref.telling);
    group.forms.insert(value.form);
  }

  std::vector<Group> Take() { return std::move(groups_); }

 private:
  Match MatchOf(int form, int other) {
    if (form == other) return Match::kSame;
    const auto [low, high] = std::minmax(form, other);
    const uint64_t key = static_cast<uint64_t>(low) << 32 | static_cast<uint32_t>(high);
    const auto known = matches_.find(key);
    if (known != matches_.end()) return known->second;
    return matches_.emplace(key, options_.match(low, high)).first->second;
  }

  // kUnrelated: does not belong to the group.
  Match MatchOf(int form, const Group& group) {
    Match best = Match::kUnrelated;
    bool clashes = false;
    for (int member : group.forms) {
      const Match match = MatchOf(form, member);
      if (match == Match::kConflict) return Match::kUnrelated;
      clashes = clashes || match == Match::kClash;
      best = std::max(best, match);
    }
    return clashes && best != Match::kSame ? Match::kUnrelated : best;
  }

  Group& Find(const GroupedValue& value) {
    Group* best = nullptr;
    Match how = Match::kUnrelated;
    bool ambiguous = false;
    for (Group& group : groups_) {
      if (group.tellings.count(value.ref.telling) > 0) continue;
      const Match match = MatchOf(value.form, group);
      if (match == Match::kUnrelated || match < how) continue;
      ambiguous = match == how;
      if (ambiguous) continue;
      best = &group;
      how = match;
    }
    if (best == nullptr || (how == Match::kPart && ambiguous && !options_.ambiguous_joins_first)) {
      return groups_.emplace_back();
    }
    return *best;
  }

  const GroupOptions& options_;
  std::vector<Group> groups_;
  std::unordered_map<uint64_t, Match> matches_;  // looked up only
};

}  // namespace

Groups GroupValues(std::vector<GroupedValue> values, const GroupOptions& options) {
  std::vector<int> sizes(options.tellings);
  for (const GroupedValue& value : values)
    sizes[value.ref.telling] = std::max(sizes[value.ref.telling], value.ref.index + 1);
  std::sort(values.begin(), values.end(), [](const GroupedValue& a, const GroupedValue& b) {
    return a.specificity != b.specificity ? a.specificity > b.specificity : a.ref < b.ref;
  });
  Grouper grouper(options);
  for (const GroupedValue& value : values) grouper.Add(value);
  std::vector<Group> grouped = grouper.Take();
  for (Group& group : grouped) std::sort(group.members.begin(), group.members.end());
  std::sort(grouped.begin(), grouped.end(),
            [](const Group& a, const Group& b) { return a.members.front() < b.members.front(); });
  Groups groups;
  for (int size : sizes) groups.place.emplace_back(size);
  for (Group& group : grouped) {
    for (const ValueRef& ref : group.members)
      groups.place[ref.telling][ref.index] = static_cast<int>(groups.members.size());
    groups.members.push_back(std::move(group.members));
  }
  return groups;
}

}  // namespace interdict::index
