#include "services/index/screening/second_identifiers.h"

#include <algorithm>

#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/time/civil_time.h"

namespace interdict::index {
namespace {

using Strings = google::protobuf::RepeatedPtrField<std::string>;

// What each finding does to the score of the name.
constexpr double kOverlapBonus = 0.03;
constexpr double kCountryBonus = 0.02;
constexpr double kCountryMalus = 0.05;
constexpr double kDifferentBirthFactor = 0.6;
constexpr double kMostWithoutIdentifier = 0.97;
constexpr int kDaysAYear = 366;
// The same day of birth and names that are not alike.
constexpr double kSameDayBonus = 2 * kOverlapBonus;

int DayNumber(absl::CivilDay day) { return static_cast<int>(day - absl::CivilDay(1, 1, 1)); }

// A single date: year, month or day.
std::optional<DayRange> One(std::string text) {
  const bool about = !text.empty() && (text.back() == '~' || text.back() == '?' || text.back() == '%');
  if (about) text.pop_back();
  absl::CivilDay day;
  absl::CivilMonth month;
  absl::CivilYear year;
  DayRange range;
  if (text.size() == 10 && absl::ParseCivilTime(text, &day)) {
    range = {DayNumber(day), DayNumber(day)};
  } else if (text.size() == 7 && absl::ParseCivilTime(text, &month)) {
    range = {DayNumber(absl::CivilDay(month)), DayNumber(absl::CivilDay(month + 1) - 1)};
  } else if (text.size() == 4 && absl::ParseCivilTime(text, &year)) {
    range = {DayNumber(absl::CivilDay(year)), DayNumber(absl::CivilDay(year + 1) - 1)};
  } else {
    return std::nullopt;
  }
  if (about) range = {range.first - kDaysAYear, range.last + kDaysAYear};
  return range;
}

bool HasCode(const Strings* codes, const std::string& code) {
  return codes != nullptr && std::find(codes->begin(), codes->end(), code) != codes->end();
}

bool IsEmpty(const Strings* codes) { return codes == nullptr || codes->empty(); }

void AddPart(const std::string& feature, const std::string& how, const std::string& query, const std::string& candidate,
             double similarity, double effect, v1::EntityMatch* match) {
  v1::MatchPart* part = match->add_parts();
  part->set_feature(feature);
  part->set_how(how);
  part->set_query(query);
  part->set_candidate(candidate);
  part->set_similarity(similarity);
  part->set_effect(effect);
}

void AddNameParts(const names::NameHit& hit, v1::EntityMatch* match) {
  for (const names::MatchedPart& part : hit.parts) {
    AddPart("name", std::string(names::PartMatchName(part.how)), part.query, part.candidate, part.similarity,
            names::kMaxNameScore * part.similarity * part.weight, match);
  }
}

}  // namespace

std::optional<DayRange> DaysOf(const std::string& edtf) {
  const std::vector<std::string> ends = absl::StrSplit(edtf, '/');
  if (ends.size() > 2) return std::nullopt;
  const auto from = One(ends.front());
  const auto to = One(ends.back());
  if (!from || !to || to->last < from->first) return std::nullopt;
  return DayRange{from->first, to->last};
}

DatesAre CompareDates(const std::string& one, const Strings& others) {
  const auto days = DaysOf(one);
  if (!days) return DatesAre::kNotCompared;
  DatesAre best = DatesAre::kNotCompared;
  for (const std::string& other : others) {
    const auto theirs = DaysOf(other);
    if (!theirs) continue;
    if (*theirs == *days && days->first == days->last) return DatesAre::kSameDay;
    const bool overlap = theirs->first <= days->last && days->first <= theirs->last;
    if (overlap) {
      best = DatesAre::kOverlapping;
    } else if (best == DatesAre::kNotCompared) {
      best = DatesAre::kDifferent;
    }
  }
  return best;
}

double LeastHitScore(const v1::MatchQuery& query, double threshold) {
  double least = threshold;
  if (!query.country_codes().empty()) least -= kCountryBonus;
  // The same day makes names that are alike certain.
  if (!query.birth_date().empty()) least = std::min(least - kSameDayBonus, kNamesAreAlike);
  return std::max(0.0, least);
}

void ScoreMatch(const v1::MatchQuery& query, const names::NameHit& hit, const Candidate& candidate, bool explain,
                v1::EntityMatch* match) {
  match->set_matched_name(hit.name);
  match->set_name_score(hit.name_score);
  match->set_contradiction(hit.contradiction);
  if (explain) AddNameParts(hit, match);
  double score = hit.score;
  const bool alike = hit.name_score >= kNamesAreAlike;
  bool certain = false;
  for (const names::IdentifierPart& part : hit.identifiers) {
    const bool same = part.verdict == names::IdentifierVerdict::kSame;
    certain = certain || (same && alike && !hit.contradiction);
    if (explain) {
      AddPart("identifier", same ? "same" : "different", part.query, part.candidate, same ? 1 : 0,
              same ? 1 - hit.name_score : score - hit.name_score, match);
    }
  }
  const DatesAre dates = candidate.birth_dates == nullptr ? DatesAre::kNotCompared
                                                          : CompareDates(query.birth_date(), *candidate.birth_dates);
  double effect = 0;
  if (dates == DatesAre::kSameDay) {
    certain = certain || (alike && !hit.contradiction);
    effect = 1 - score;
    if (!alike) effect = std::min(kMostWithoutIdentifier, score + kSameDayBonus) - score;
  } else if (dates == DatesAre::kOverlapping) {
    effect = std::max(0.0, std::min(kMostWithoutIdentifier, score + kOverlapBonus) - score);
  } else if (dates == DatesAre::kDifferent) {
    effect = score * kDifferentBirthFactor - score;
    certain = false;
    match->set_contradiction(true);
  }
  if (dates != DatesAre::kNotCompared) {
    if (explain) {
      AddPart("birth_date",
              dates == DatesAre::kSameDay       ? "same"
              : dates == DatesAre::kOverlapping ? "overlaps"
                                                : "different",
              query.birth_date(), absl::StrJoin(*candidate.birth_dates, " "), dates == DatesAre::kDifferent ? 0 : 1,
              effect, match);
    }
    score += effect;
  }
  if (!query.country_codes().empty() && !(IsEmpty(candidate.nationality_codes) && IsEmpty(candidate.address_codes))) {
    const bool same = std::any_of(query.country_codes().begin(), query.country_codes().end(), [&](const auto& code) {
      return HasCode(candidate.nationality_codes, code) || HasCode(candidate.address_codes, code);
    });
    effect = same ? std::max(0.0, std::min(kMostWithoutIdentifier, score + kCountryBonus) - score) : -kCountryMalus;
    if (explain) {
      std::vector<std::string> theirs;
      for (const Strings* codes : {candidate.nationality_codes, candidate.address_codes}) {
        if (codes != nullptr) theirs.insert(theirs.end(), codes->begin(), codes->end());
      }
      AddPart("country", same ? "same" : "different", absl::StrJoin(query.country_codes(), " "),
              absl::StrJoin(theirs, " "), same ? 1 : 0, certain ? 0 : effect, match);
    }
    score += effect;
  }
  match->set_score(certain ? 1 : std::clamp(score, 0.0, names::kMaxScore));
}

}  // namespace interdict::index
