#include "services/index/resolve/match/pair_features.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "services/index/resolve/match/amounts.h"
#include "services/index/resolve/match/name_match.h"
#include "services/index/resolve/match/text_sketch.h"
#include "services/index/resolve/match/word_keys.h"

namespace interdict::index::match {
namespace {

using internal::v1::FeatureAmount;
using internal::v1::FeatureConveyance;
using internal::v1::FeatureDays;
using internal::v1::FeatureGoods;
using internal::v1::FeatureParty;
using internal::v1::ReportFeatures;

constexpr std::array<std::string_view, kPairFeatures> kNames = {
    "same_text",        "term_overlap",     "terms_shared",     "word_overlap",        "name_match",
    "full_name",        "second_name",      "teller_match",     "unnamed_match",       "conveyance_match",
    "conveyance_model", "date_same",        "action_date_same", "published_near",      "place_name",
    "country_in_role",  "country_any_role", "goods_category",   "goods_words",         "goods_model",
    "amount_same",      "money_same",       "offence_same",     "actions_shared",      "legal_shared",
    "what_where_when",  "name_and_goods",   "imo_conflict",     "conveyance_conflict", "date_conflict",
    "response_later",   "published_before", "published_apart",  "suspect_conflict",    "age_conflict",
    "country_conflict", "place_conflict",   "goods_conflict",   "amount_conflict",     "offence_conflict"};

bool TakesPart(const FeatureParty& party) {
  return party.role() != v1::PARTY_ROLE_AUTHORITY && party.role() != v1::PARTY_ROLE_SOURCE;
}
bool Tells(const FeatureParty& party) { return !TakesPart(party); }
bool IsSuspect(const FeatureParty& party) { return party.role() == v1::PARTY_ROLE_SUSPECT; }
bool IsNamedSuspect(const FeatureParty& party) {
  return IsSuspect(party) && party.named() && party.kind() == v1::PARTY_KIND_PERSON;
}

int Length(const FeatureDays& days) { return days.last_day() - days.first_day() + 1; }

int Gap(const FeatureDays& a, const FeatureDays& b) {
  return std::max({0, b.first_day() - a.last_day(), a.first_day() - b.last_day()});
}

// 0 up to `near`, then by the logarithm, 1 at `far`.
float Apart(int days, int near, int far) {
  if (days <= near) return 0;
  const double apart = std::log(static_cast<double>(days) / near) / std::log(static_cast<double>(far) / near);
  return static_cast<float>(std::min(1.0, apart));
}

class Comparison {
 public:
  Comparison(const ReportFeatures& a, const ReportFeatures& b, const Rarity& rarity) : a_(a), b_(b), rarity_(rarity) {}

  PairFeatures Run() {
    CompareText();
    CompareParties();
    CompareConveyances();
    CompareDates();
    ComparePlaces();
    CompareGoods();
    CompareKinds();
    const float where = std::max(At(PairFeature::kPlaceName), 0.5F * At(PairFeature::kCountryInRole));
    const float what =
        std::max({At(PairFeature::kGoodsCategory), At(PairFeature::kAmountSame), At(PairFeature::kGoodsWords)});
    Set(PairFeature::kWhatWhereWhen, where * what * At(PairFeature::kDateSame));
    Set(PairFeature::kNameAndGoods, At(PairFeature::kNameMatch) * what);
    return values_;
  }

 private:
  float At(PairFeature feature) const { return values_[static_cast<size_t>(feature)]; }
  void Set(PairFeature feature, float value) { values_[static_cast<size_t>(feature)] = value; }
  void Raise(PairFeature feature, float value) { Set(feature, std::max(At(feature), value)); }

  struct Overlap {
    float shared = 0;   // summed weights
    float smaller = 0;  // of all words of the smaller side
  };

  template <typename Keys>
  Overlap WeighOverlap(const Keys& a, const Keys& b, bool terms) const {
    const WordWeights& weights = WordWeights::BuiltIn();
    const auto weigh = [&](uint32_t key) {
      float weight = weights.Of(key);
      if (terms && !rarity_.empty()) {
        const auto found = rarity_.find(TermKey(key).hash);
        if (found != rarity_.end()) weight *= found->second;
      }
      return weight;
    };
    Overlap overlap;
    float total_a = 0;
    float total_b = 0;
    for (const uint32_t key : a) total_a += weigh(key);
    for (const uint32_t key : b) total_b += weigh(key);
    int i = 0;
    int j = 0;
    while (i < a.size() && j < b.size()) {
      if (a[i] == b[j]) overlap.shared += weigh(a[i]);
      const bool next_a = a[i] <= b[j];
      const bool next_b = b[j] <= a[i];
      i += next_a ? 1 : 0;
      j += next_b ? 1 : 0;
    }
    overlap.smaller = std::min(total_a, total_b);
    return overlap;
  }

  // Of few words a large share says little.
  static float Share(const Overlap& overlap) { return overlap.shared / (overlap.smaller + 2); }

  void CompareText() {
    Set(PairFeature::kSameText,
        static_cast<float>(SameText(a_.text_sketch(), a_.text_shingles(), b_.text_sketch(), b_.text_shingles())));
    const Overlap terms = WeighOverlap(a_.terms(), b_.terms(), true);
    Set(PairFeature::kTermOverlap, Share(terms));
    Set(PairFeature::kTermsShared, std::min(1.0F, std::log1p(terms.shared) / std::log(16.0F)));
    Set(PairFeature::kWordOverlap, Share(WeighOverlap(a_.words(), b_.words(), false)));
  }

  void CompareParties() {
    const NameMatches names = MatchParties(a_, b_, rarity_, TakesPart);
    Set(PairFeature::kNameMatch, names.best);
    Set(PairFeature::kFullName, std::max(0.0F, (names.best - 0.6F) / 0.4F));
    Set(PairFeature::kSecondName, names.second);
    Set(PairFeature::kTellerMatch, MatchParties(a_, b_, rarity_, Tells).best);
    const auto has = [](const ReportFeatures& report, PartyFilter filter) {
      return std::any_of(report.parties().begin(), report.parties().end(), filter);
    };
    if (has(a_, IsNamedSuspect) && has(b_, IsNamedSuspect)) {
      const float best = MatchParties(a_, b_, {}, IsNamedSuspect).best;
      Set(PairFeature::kSuspectConflict, std::max(0.0F, 1 - 2 * std::max(best, At(PairFeature::kNameMatch))));
    }
    CompareUnnamed();
  }

  // What is said of those without a name.
  void CompareUnnamed() {
    bool ages = false;
    bool same_age = false;
    for (const FeatureParty& party : a_.parties()) {
      for (const FeatureParty& other : b_.parties()) {
        if (!IsSuspect(party) || !IsSuspect(other)) continue;
        const int older = static_cast<int>(party.age_years()) - static_cast<int>(other.age_years());
        const bool both = party.age_years() != 0 && other.age_years() != 0;
        const bool same = both && std::abs(older) <= 1;
        ages = ages || both;
        same_age = same_age || same;
        if (party.named() || other.named() || party.kind() != other.kind()) continue;
        float alike = same ? 0.6F : 0;
        if (party.country() != 0 && party.country() == other.country()) alike += 0.3F;
        alike += 0.3F * SharedWords(party, other);
        Raise(PairFeature::kUnnamedMatch, std::min(1.0F, alike));
      }
    }
    if (ages && same_age) Raise(PairFeature::kUnnamedMatch, 0.6F);
    Set(PairFeature::kAgeConflict, ages && !same_age ? 1 : 0);
  }

  static float SharedWords(const FeatureParty& a, const FeatureParty& b) {
    float shared = 0;
    if (a.names_size() == 0 || b.names_size() == 0) return 0;
    for (const uint32_t word : a.names(0).words()) {
      const auto& words = b.names(0).words();
      if (std::find(words.begin(), words.end(), word) != words.end()) shared += WordWeights::BuiltIn().Of(word);
    }
    return std::min(1.0F, shared);
  }

  void CompareConveyances() {
    bool two_numbers = false;
    bool two_names = false;
    for (const FeatureConveyance& conveyance : a_.conveyances()) {
      for (const FeatureConveyance& other : b_.conveyances()) {
        const bool numbers = conveyance.imo_number() != 0 && other.imo_number() != 0;
        if (numbers && conveyance.imo_number() == other.imo_number()) Raise(PairFeature::kConveyanceMatch, 1);
        two_numbers = two_numbers || numbers;
        const bool registrations = conveyance.registration() != 0 && other.registration() != 0;
        if (registrations && conveyance.registration() == other.registration()) Raise(PairFeature::kConveyanceMatch, 1);
        two_numbers = two_numbers || (registrations && conveyance.kind() == other.kind());
        if (conveyance.name().words_size() > 0 && other.name().words_size() > 0) {
          const float match = MatchNames(conveyance.name(), other.name());
          Raise(PairFeature::kConveyanceMatch, std::min(0.9F, 1.3F * match));
          two_names = two_names || conveyance.kind() == other.kind();
        }
        if (conveyance.model() != 0 && conveyance.model() == other.model()) Raise(PairFeature::kConveyanceModel, 1);
      }
    }
    const float match = At(PairFeature::kConveyanceMatch);
    Set(PairFeature::kImoConflict, two_numbers && match < 1 ? 1 : 0);
    Set(PairFeature::kConveyanceConflict, two_names ? std::max(0.0F, 1 - 2 * match) : 0);
  }

  void CompareDates() {
    const bool published = a_.has_published() && b_.has_published();
    const int gap = published ? Gap(a_.published(), b_.published()) : 0;
    if (published) {
      Set(PairFeature::kPublishedNear, static_cast<float>(std::exp(-gap / 10.0)));
      Set(PairFeature::kPublishedApart, Apart(gap, 14, 1500));
    }
    if (a_.has_occurred() && b_.has_occurred()) CompareOccurred();
    for (const auto& [report, other] : {std::pair(&a_, &b_), std::pair(&b_, &a_)}) {
      if (!report->has_occurred() || !other->has_published() || other->has_occurred()) continue;
      const int early = report->occurred().first_day() - other->published().last_day();
      if (Length(report->occurred()) <= 31 && early > 1) Set(PairFeature::kPublishedBefore, Apart(early, 1, 60));
    }
    for (const auto& action : a_.actions()) {
      for (const auto& other : b_.actions()) {
        if (!action.has_days() || !other.has_days() || action.type() != other.type()) continue;
        const bool exact = Length(action.days()) <= 2 && Length(other.days()) <= 2;
        if (exact && Gap(action.days(), other.days()) == 0) Set(PairFeature::kActionDateSame, 1);
      }
    }
  }

  void CompareOccurred() {
    const FeatureDays& a = a_.occurred();
    const FeatureDays& b = b_.occurred();
    const int gap = Gap(a, b);
    const int longer = std::max(Length(a), Length(b));
    const float exact = 1.0F / (1.0F + 0.5F * std::log2(static_cast<float>(longer)));
    if (gap == 0) Set(PairFeature::kDateSame, exact);
    if (gap == 1) Set(PairFeature::kDateSame, 0.6F * exact);
    if (gap == 2 || gap == 3) Set(PairFeature::kDateSame, 0.3F * exact);
    const float exact_spans = Length(a) <= 31 && Length(b) <= 31 ? 1.0F : 0.6F;
    const float apart = std::min(Confidence(a), Confidence(b)) * exact_spans * Apart(gap, 3, 400);
    const bool a_later = a.first_day() > b.first_day();
    const bool response = a_later ? LikelyResponse(a_, b_) : LikelyResponse(b_, a_);
    Set(response ? PairFeature::kResponseLater : PairFeature::kDateConflict, apart);
  }

  static float Confidence(const FeatureDays& days) {
    return days.confidence_percent() == 0 ? 1.0F : static_cast<float>(days.confidence_percent()) / 100;
  }

  // Whether the date of the later report is that of what followed: it says so, or it came out then and tells of a
  // court.
  static bool LikelyResponse(const ReportFeatures& later, const ReportFeatures& earlier) {
    if (later.occurred().basis() == v1::TIME_BASIS_RESPONSE)
      return earlier.occurred().basis() != v1::TIME_BASIS_RESPONSE;
    const bool told = later.occurred().basis() != v1::TIME_BASIS_UNSPECIFIED;
    const bool fresh = later.has_published() && Gap(later.occurred(), later.published()) <= 14;
    return !told && fresh && std::any_of(later.actions().begin(), later.actions().end(), [](const auto& action) {
      return action.type() >= v1::ACTION_TYPE_CHARGE && action.type() != v1::ACTION_TYPE_EXPULSION;
    });
  }

  void ComparePlaces() {
    bool countries = false;
    bool fine_places = false;
    bool same_place = false;
    for (const auto& place : a_.places()) {
      for (const auto& other : b_.places()) {
        const bool same_role = place.role() == other.role();
        if (place.name() != 0 && other.name() != 0) {
          same_place = same_place || place.name() == other.name();
          fine_places = fine_places || (same_role && place.role() == v1::PLACE_ROLE_LOCATION);
        }
        if (place.country() == 0 || other.country() == 0) continue;
        countries = true;
        if (place.country() != other.country()) continue;
        Set(PairFeature::kCountryAnyRole, 1);
        if (same_role) Set(PairFeature::kCountryInRole, 1);
      }
    }
    Set(PairFeature::kPlaceName, same_place ? 1 : 0);
    Set(PairFeature::kPlaceConflict, fine_places && !same_place ? 1 : 0);
    Set(PairFeature::kCountryConflict, countries && At(PairFeature::kCountryAnyRole) == 0 ? 1 : 0);
  }

  void CompareGoods() {
    bool categories = false;
    bool other_amounts = false;
    for (const FeatureGoods& goods : a_.goods()) {
      for (const FeatureGoods& other : b_.goods()) {
        const bool both = goods.category() != 0 && other.category() != 0;
        const bool same = both && goods.category() == other.category();
        categories = categories || both;
        if (same) Set(PairFeature::kGoodsCategory, 1);
        Raise(PairFeature::kGoodsWords, Share(WeighOverlap(goods.words(), other.words(), false)) * 1.5F);
        for (const uint32_t model : goods.models()) {
          if (std::find(other.models().begin(), other.models().end(), model) != other.models().end())
            Set(PairFeature::kGoodsModel, 1);
        }
        if (same || !both) other_amounts = CompareAmounts(goods, other, same) || other_amounts;
      }
    }
    Set(PairFeature::kGoodsConflict, categories && At(PairFeature::kGoodsCategory) == 0 ? 1 : 0);
    Set(PairFeature::kAmountConflict, other_amounts && At(PairFeature::kAmountSame) == 0 ? 1 : 0);
  }

  // Whether there are amounts that contradict.
  bool CompareAmounts(const FeatureGoods& goods, const FeatureGoods& other, bool one_category) {
    bool differ = false;
    for (const FeatureAmount& amount : goods.amounts()) {
      for (const FeatureAmount& against : other.amounts()) {
        if (!SameMeasure(amount, against)) continue;
        const bool money = amount.kind() == internal::v1::AMOUNT_KIND_MONEY;
        if (!SameAmount(amount, against)) {
          differ = differ || (one_category && !money);
          continue;
        }
        // One car and one car are no coincidence to speak of.
        const float telling = amount.value() < 3 && amount.kind() == internal::v1::AMOUNT_KIND_PIECES ? 0.2F : 1.0F;
        Raise(money ? PairFeature::kMoneySame : PairFeature::kAmountSame, telling);
      }
    }
    return differ;
  }

  void CompareKinds() {
    const auto share = [](const auto& a, const auto& b) {
      return std::any_of(a.begin(), a.end(),
                         [&](const auto& x) { return std::find(b.begin(), b.end(), x) != b.end(); });
    };
    if (a_.offences_size() > 0 && b_.offences_size() > 0) {
      const bool same = share(a_.offences(), b_.offences());
      Set(same ? PairFeature::kOffenceSame : PairFeature::kOffenceConflict, 1);
    }
    Set(PairFeature::kLegalShared, share(a_.legal_instruments(), b_.legal_instruments()) ? 1 : 0);
    uint32_t types_a = 0;
    uint32_t types_b = 0;
    for (const auto& action : a_.actions()) types_a |= 1U << (static_cast<unsigned>(action.type()) % 32);
    for (const auto& action : b_.actions()) types_b |= 1U << (static_cast<unsigned>(action.type()) % 32);
    if (types_a != 0 && types_b != 0) {
      const auto both = static_cast<float>(__builtin_popcount(types_a & types_b));
      Set(PairFeature::kActionsShared, both / static_cast<float>(__builtin_popcount(types_a | types_b)));
    }
  }

  const ReportFeatures& a_;
  const ReportFeatures& b_;
  const Rarity& rarity_;
  PairFeatures values_{};
};

}  // namespace

std::string_view NameOf(PairFeature feature) { return kNames[static_cast<size_t>(feature)]; }

PairFeatures ComparePair(const ReportFeatures& a, const ReportFeatures& b, const Rarity& rarity) {
  return Comparison(a, b, rarity).Run();
}

}  // namespace interdict::index::match
