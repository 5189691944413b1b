// What two reports have in common and where they contradict each other, as named numbers from 0 to 1: the input of the
// pair model.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "absl/container/flat_hash_map.h"
#include "interdict/internal/v1/resolution.pb.h"
#include "services/index/resolve/match/blocking_keys.h"

namespace interdict::index::match {

enum class PairFeature : size_t {
  kSameText,            // the documents are copies of one another
  kTermOverlap,         // share of the proper names and numbers of the smaller report that the other has too
  kTermsShared,         // how many those are
  kWordOverlap,         // the same of other rare words
  kNameMatch,           // best match of the names of those who took part
  kFullName,            // those share a whole name of several words
  kSecondName,          // another one, of other parties
  kTellerMatch,         // best match of the names of authorities and sources
  kUnnamedMatch,        // an unnamed party is described alike: kind, country, age, words
  kConveyanceMatch,     // one IMO number, registration or name of a vessel or aircraft
  kConveyanceModel,     // one make and model
  kDateSame,            // the dates of the happening overlap; the more exact they are, the more it counts
  kActionDateSame,      // a response has the same exact date
  kPublishedNear,       // published within days of each other
  kPlaceName,           // one town, port or other fine place
  kCountryInRole,       // one country in one role
  kCountryAnyRole,      // one country in whatever roles
  kGoodsCategory,       // goods of one category
  kGoodsWords,          // goods described in the same words
  kGoodsModel,          // one make and model of goods
  kAmountSame,          // one quantity
  kMoneySame,           // one sum of money
  kOffenceSame,         // one kind of act
  kActionsShared,       // the same responses
  kLegalShared,         // one law
  kWhatWhereWhen,       // goods, place and date at once
  kNameAndGoods,        // a name and goods at once
  kImoConflict,         // two IMO numbers or registrations
  kConveyanceConflict,  // vessels of other names
  kDateConflict,        // exact dates apart
  kResponseLater,       // as kDateConflict, where the later date is likely that of a response
  kPublishedBefore,     // one was published before the other says it happened
  kPublishedApart,      // published months or years apart
  kSuspectConflict,     // named suspects, and none in common
  kAgeConflict,         // suspects of other ages
  kCountryConflict,     // no country in common
  kPlaceConflict,       // fine places where it happened, none in common
  kGoodsConflict,       // no category in common
  kAmountConflict,      // goods of one category in other quantities
  kOffenceConflict,     // no kind of act in common
  kCount,
};

inline constexpr size_t kPairFeatures = static_cast<size_t>(PairFeature::kCount);

using PairFeatures = std::array<float, kPairFeatures>;

// As in the model file: `same_text`.
std::string_view NameOf(PairFeature feature);

// How rare keys are in the store, 0 (in every group) to 1; 1 for what is not in it.
using Rarity = absl::flat_hash_map<uint64_t, float>;  // hash of a BlockingKey of kind kTerm or kName

// Symmetric. Takes some microseconds, whatever the reports hold.
PairFeatures ComparePair(const internal::v1::ReportFeatures& a, const internal::v1::ReportFeatures& b,
                         const Rarity& rarity);

}  // namespace interdict::index::match
