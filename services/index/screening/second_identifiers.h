// What else than the name speaks for two bearers being one, or against it: dates of birth, countries. Together with the
// score of the names and of numbers it makes the score that clients see (docs/reference_lists.md has the rules).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "google/protobuf/repeated_ptr_field.h"
#include "interdict/v1/entity_search.pb.h"
#include "services/index/names/name_searcher.h"

namespace interdict::index {

// The days that an EDTF date covers, as numbers that order them.
struct DayRange {
  int first = 0;
  int last = 0;
  bool operator==(const DayRange&) const = default;
};

// nullopt for what is no date. `1963~` is a year either way.
std::optional<DayRange> DaysOf(const std::string& edtf);

// How dates of two bearers compare; the best of several.
enum class DatesAre { kNotCompared, kSameDay, kOverlapping, kDifferent };
DatesAre CompareDates(const std::string& one, const google::protobuf::RepeatedPtrField<std::string>& others);

// What is known of the candidate beside its names.
struct Candidate {
  const google::protobuf::RepeatedPtrField<std::string>* birth_dates = nullptr;
  const google::protobuf::RepeatedPtrField<std::string>* nationality_codes = nullptr;
  const google::protobuf::RepeatedPtrField<std::string>* address_codes = nullptr;
};

// A name alone reaches at most names::kMaxNameScore. 1 needs names that agree and a second identifier: the same number,
// or the same day of birth.
inline constexpr double kNamesAreAlike = 0.85;

// What the name index must give a hit at least, so that with all else that `query` tells it may reach `threshold`.
double LeastHitScore(const v1::MatchQuery& query, double threshold);

// Score and parts of a hit; fills `score`, `name_score`, `contradiction`, `matched_name`, with `explain` also `parts`.
void ScoreMatch(const v1::MatchQuery& query, const names::NameHit& hit, const Candidate& candidate, bool explain,
                v1::EntityMatch* match);

}  // namespace interdict::index
