#include "services/index/fold/merge_standing.h"

#include <algorithm>
#include <array>
#include <optional>

#include "services/index/engine/schema/date_span.h"

namespace interdict::index {
namespace {

using v1::Party;
using v1::PartyStanding;

// Something said of the party's standing.
struct Statement {
  PartyStanding standing = v1::PARTY_STANDING_UNSPECIFIED;
  std::optional<int64_t> day;  // the last that the date allows; nullopt: undated
  std::string date;            // of the standing itself, EDTF; empty: the day is that of the document
  bool undoes_conviction = false;
};

int Order(PartyStanding standing) {
  static constexpr std::array<PartyStanding, 8> kOrder = {v1::PARTY_STANDING_MENTIONED, v1::PARTY_STANDING_SUSPECTED,
                                                          v1::PARTY_STANDING_CHARGED,   v1::PARTY_STANDING_DESIGNATED,
                                                          v1::PARTY_STANDING_CONVICTED, v1::PARTY_STANDING_DELISTED,
                                                          v1::PARTY_STANDING_CLEARED,   v1::PARTY_STANDING_ACQUITTED};
  return static_cast<int>(std::find(kOrder.begin(), kOrder.end(), standing) - kOrder.begin());
}

bool IsOutcomeInFavour(PartyStanding standing) {
  return standing == v1::PARTY_STANDING_ACQUITTED || standing == v1::PARTY_STANDING_CLEARED ||
         standing == v1::PARTY_STANDING_DELISTED;
}

bool IsOfSanctions(PartyStanding standing) {
  return standing == v1::PARTY_STANDING_DESIGNATED || standing == v1::PARTY_STANDING_DELISTED;
}

std::optional<int64_t> DayOf(const std::string& edtf) {
  const auto span = ParseDaySpan(edtf);
  if (!span) return std::nullopt;
  return span->last == kOpenEnd ? span->first : span->last;
}

PartyStanding StandingAfter(v1::ActionType type) {
  switch (type) {
    case v1::ACTION_TYPE_PLEA:
    case v1::ACTION_TYPE_CONVICTION:
    case v1::ACTION_TYPE_SENTENCE:
      return v1::PARTY_STANDING_CONVICTED;
    case v1::ACTION_TYPE_ACQUITTAL:
      return v1::PARTY_STANDING_ACQUITTED;
    case v1::ACTION_TYPE_DISMISSAL:
    case v1::ACTION_TYPE_OVERTURNED:
      return v1::PARTY_STANDING_CLEARED;
    case v1::ACTION_TYPE_DELISTING:
      return v1::PARTY_STANDING_DELISTED;
    default:
      return v1::PARTY_STANDING_UNSPECIFIED;
  }
}

std::vector<Statement> StatementsOf(const Tellings& tellings, const std::vector<MemberValue>& members,
                                    const google::protobuf::RepeatedPtrField<v1::Action>& actions, const Party& party) {
  std::vector<Statement> statements;
  for (const MemberValue& member : members) {
    const auto& told = static_cast<const Party&>(*member.value);
    if (told.standing() == v1::PARTY_STANDING_UNSPECIFIED) continue;
    Statement statement{told.standing(), DayOf(told.standing_date()), told.standing_date(), false};
    const auto& published = tellings[member.telling].published;
    if (!statement.day) {
      statement.date.clear();
      if (published) statement.day = published->last == kOpenEnd ? published->first : published->last;
    }
    statements.push_back(statement);
  }
  for (const v1::Action& action : actions) {
    const PartyStanding standing = StandingAfter(action.type());
    const bool counts = standing != v1::PARTY_STANDING_UNSPECIFIED && action.status() == v1::ACTION_STATUS_DONE &&
                        !action.target().empty() && action.target() == party.name();
    const std::optional<int64_t> day = DayOf(action.date());
    if (counts && day) {
      statements.push_back({standing, day, action.date(), action.type() == v1::ACTION_TYPE_OVERTURNED});
    }
  }
  return statements;
}

// Whether `next`, said later, replaces what holds.
bool Replaces(const Statement& next, const Statement& holds) {
  if (next.undoes_conviction && holds.standing != v1::PARTY_STANDING_CONVICTED) return false;
  if (next.standing == v1::PARTY_STANDING_MENTIONED) return false;
  if (holds.standing == v1::PARTY_STANDING_MENTIONED) return true;
  if (next.standing == holds.standing) return !next.date.empty() || holds.date.empty();
  if (IsOfSanctions(next.standing) != IsOfSanctions(holds.standing)) {
    return next.standing != v1::PARTY_STANDING_SUSPECTED;
  }
  if (Order(next.standing) > Order(holds.standing)) return true;
  return IsOutcomeInFavour(holds.standing) && !next.date.empty();
}

}  // namespace

void MergeStanding(const Tellings& tellings, const std::vector<MemberValue>& members,
                   const google::protobuf::RepeatedPtrField<v1::Action>& actions, Party* party) {
  std::vector<Statement> statements = StatementsOf(tellings, members, actions, *party);
  const bool any_dated = std::any_of(statements.begin(), statements.end(), [](const Statement& s) {
    return s.day.has_value() && s.standing != v1::PARTY_STANDING_MENTIONED;
  });
  std::stable_sort(statements.begin(), statements.end(), [](const Statement& a, const Statement& b) {
    if (a.day != b.day) return a.day < b.day;
    return Order(a.standing) < Order(b.standing);
  });
  std::optional<Statement> holds;
  for (const Statement& statement : statements) {
    if (any_dated && !statement.day) continue;
    if (!holds || Replaces(statement, *holds)) holds = statement;
  }
  if (!holds) return party->clear_standing_date();  // a date of nothing
  party->set_standing(holds->standing);
  party->set_standing_date(holds->date);
  for (const MemberValue& member : members) {
    const auto& told = static_cast<const Party&>(*member.value);
    if (told.standing() <= v1::PARTY_STANDING_MENTIONED || told.standing() == holds->standing) continue;
    AddAlternative("standing", v1::PartyStanding_Name(told.standing()), told.confidence(), told.evidence(),
                   party->mutable_alternatives());
  }
}

}  // namespace interdict::index
