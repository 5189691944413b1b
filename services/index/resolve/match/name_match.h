// How well the names of two reports' parties match.
#pragma once

#include "interdict/internal/v1/resolution.pb.h"
#include "services/index/resolve/match/pair_features.h"

namespace interdict::index::match {

// 0 to 1: 1 for three words or more in common, less for fewer; words of one sound count as nearly the same; common
// words count little. 0 unless most of the shorter name is in the longer one, so that a family name alone does not make
// two first names one person.
float MatchNames(const internal::v1::FeatureName& a, const internal::v1::FeatureName& b);

struct NameMatches {
  float best = 0;
  float second = 0;  // of two other parties
};

using PartyFilter = bool (*)(const internal::v1::FeatureParty& party);

// Among the named parties that pass.
NameMatches MatchParties(const internal::v1::ReportFeatures& a, const internal::v1::ReportFeatures& b,
                         const Rarity& rarity, PartyFilter filter);

}  // namespace interdict::index::match
