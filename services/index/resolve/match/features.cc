#include "services/index/resolve/match/features.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <vector>

#include "absl/strings/str_join.h"
#include "services/index/engine/analyzer.h"
#include "services/index/engine/schema/countries.h"
#include "services/index/engine/schema/date_span.h"
#include "services/index/entry/names.h"
#include "services/index/resolve/match/amounts.h"
#include "services/index/resolve/match/hashes.h"
#include "services/index/resolve/match/own_text.h"
#include "services/index/resolve/match/text_sketch.h"
#include "services/index/resolve/match/word_keys.h"

namespace interdict::index::match {
namespace {

using internal::v1::FeatureDays;
using internal::v1::FeatureGoods;
using internal::v1::FeatureName;
using internal::v1::FeatureParty;
using internal::v1::ReportFeatures;

// Values behind these are not looked at, so that a report of a million parties costs no more than one of these.
constexpr int kMaxLookedAt = 200;
constexpr size_t kMaxNameBytes = 256;
constexpr size_t kMaxFoldedWords = 32;
constexpr int64_t kLatestDay = 1'000'000;  // some 2,700 years

uint32_t FoldedHash(std::string_view text) {
  const std::string folded = absl::StrJoin(Analyze(text.substr(0, kMaxNameBytes), kMaxFoldedWords), " ");
  return folded.empty() ? 0 : Hash32(folded);
}

// Without blanks and hyphens, as registrations are written in many ways.
uint32_t JoinedHash(std::string_view text) {
  const std::string folded = absl::StrJoin(Analyze(text.substr(0, kMaxNameBytes), kMaxFoldedWords), "");
  return folded.empty() ? 0 : Hash32(folded);
}

bool IsGiven(const FeatureDays& days) { return days.first_day() != 0 || days.last_day() != 0; }

// Open ends become the other end: what is left is where the report is certain.
FeatureDays DaysOf(std::string_view edtf, v1::TimeBasis basis) {
  FeatureDays days;
  const auto span = ParseDaySpan(edtf);
  if (!span.has_value()) return days;
  const int64_t first = span->first == kOpenStart ? span->last : span->first;
  const int64_t last = span->last == kOpenEnd ? span->first : span->last;
  if (first < -kLatestDay || last > kLatestDay) return days;
  days.set_first_day(static_cast<int32_t>(first));
  days.set_last_day(static_cast<int32_t>(last));
  days.set_basis(basis);
  return days;
}

FeatureName NameOf(std::string_view name) {
  FeatureName key;
  for (const std::string& word : Analyze(name.substr(0, kMaxNameBytes), kMaxFoldedWords)) {
    if (key.words_size() == kMaxNameWords) break;
    const uint32_t word_key = WordKey(word);
    if (word.size() > 1 && WordWeights::BuiltIn().Of(word_key) > 0) key.add_words(word_key);
  }
  return key;
}

// Whether a form of a named party's name is a name too and no description ("the diplomat").
bool LooksLikeName(std::string_view alias) {
  return std::any_of(alias.begin(), alias.end(),
                     [](char c) { return (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80; });
}

FeatureParty PartyOf(const v1::Party& party) {
  FeatureParty features;
  features.set_named(party.named());
  features.set_kind(party.kind());
  features.set_role(party.role());
  features.set_country(CodeNumber(party.nationality_code()));
  features.set_age_years(std::min<uint32_t>(party.age_years(), 150));
  const FeatureName name = NameOf(party.name());
  if (name.words_size() > 0) *features.add_names() = name;
  if (!party.named()) return features;
  for (int i = 0; i < party.aliases_size() && i < kMaxLookedAt && features.names_size() < kMaxNames; ++i) {
    if (!LooksLikeName(party.aliases(i))) continue;
    const FeatureName alias = NameOf(party.aliases(i));
    const bool new_one = std::none_of(features.names().begin(), features.names().end(), [&](const FeatureName& other) {
      return std::equal(other.words().begin(), other.words().end(), alias.words().begin(), alias.words().end());
    });
    if (alias.words_size() > 0 && new_one) *features.add_names() = alias;
  }
  return features;
}

bool IsCarrier(const v1::Party& party) {
  return party.kind() == v1::PARTY_KIND_VESSEL || party.kind() == v1::PARTY_KIND_AIRCRAFT;
}

// Those who did it first, named ones before descriptions; those who only tell of it last.
int Importance(const v1::Party& party) {
  const int named = party.named() ? 0 : 4;
  switch (party.role()) {
    case v1::PARTY_ROLE_SUSPECT:
    case v1::PARTY_ROLE_BENEFICIARY:
      return named;
    case v1::PARTY_ROLE_SOURCE:
      return named + 3;
    case v1::PARTY_ROLE_AUTHORITY:
      return named + 2;
    default:
      return named + 1;
  }
}

void AddParties(const v1::IncidentFacts& facts, ReportFeatures& features) {
  std::vector<const v1::Party*> parties;
  for (int i = 0; i < facts.parties_size() && i < kMaxLookedAt; ++i) {
    if (!IsCarrier(facts.parties(i))) parties.push_back(&facts.parties(i));
  }
  std::stable_sort(parties.begin(), parties.end(),
                   [](const v1::Party* a, const v1::Party* b) { return Importance(*a) < Importance(*b); });
  for (const v1::Party* party : parties) {
    if (features.parties_size() == kMaxParties) return;
    FeatureParty one = PartyOf(*party);
    if (one.names_size() > 0) *features.add_parties() = std::move(one);
  }
}

void AddConveyances(const v1::IncidentFacts& facts, ReportFeatures& features) {
  for (int i = 0; i < facts.conveyances_size() && features.conveyances_size() < kMaxConveyances; ++i) {
    const v1::Conveyance& conveyance = facts.conveyances(i);
    internal::v1::FeatureConveyance one;
    one.set_kind(conveyance.kind());
    one.set_imo_number(ImoNumber(conveyance.imo_number()));
    one.set_registration(JoinedHash(conveyance.registration()));
    one.set_model(FoldedHash(conveyance.model()));
    if (LooksLikeName(conveyance.name())) *one.mutable_name() = NameOf(conveyance.name());
    const bool tells =
        one.imo_number() != 0 || one.registration() != 0 || one.model() != 0 || one.name().words_size() > 0;
    if (tells) *features.add_conveyances() = one;
  }
  for (int i = 0; i < facts.parties_size() && i < kMaxLookedAt; ++i) {
    const v1::Party& party = facts.parties(i);
    if (!IsCarrier(party) || !party.named() || features.conveyances_size() == kMaxConveyances) continue;
    const FeatureName name = NameOf(party.name());
    const bool known = std::any_of(features.conveyances().begin(), features.conveyances().end(),
                                   [&](const internal::v1::FeatureConveyance& other) {
                                     return std::equal(other.name().words().begin(), other.name().words().end(),
                                                       name.words().begin(), name.words().end());
                                   });
    if (known || name.words_size() == 0) continue;
    internal::v1::FeatureConveyance* one = features.add_conveyances();
    one->set_kind(party.kind() == v1::PARTY_KIND_VESSEL ? v1::CONVEYANCE_KIND_VESSEL : v1::CONVEYANCE_KIND_AIRCRAFT);
    *one->mutable_name() = name;
  }
}

FeatureGoods GoodsOf(const v1::Goods& goods) {
  FeatureGoods features;
  if (!goods.category().empty()) features.set_category(Hash32(goods.category().substr(0, kMaxNameBytes)));
  features.set_part(goods.part());
  for (int i = 0; i < goods.models_size() && features.models_size() < kMaxModels; ++i) {
    const uint32_t model = JoinedHash(goods.models(i));
    if (model != 0) features.add_models(model);
  }
  const auto add = [&features](const internal::v1::FeatureAmount& amount) {
    const bool room = features.amounts_size() < kMaxAmounts;
    if (room && amount.kind() != internal::v1::AMOUNT_KIND_UNSPECIFIED) *features.add_amounts() = amount;
  };
  for (int i = 0; i < goods.quantities_size() && i < kMaxLookedAt; ++i) add(AmountOf(goods.quantities(i)));
  for (int i = 0; i < goods.values_size() && i < kMaxLookedAt; ++i) add(AmountOf(goods.values(i)));
  const std::string& chapter = goods.hs_chapter();
  const bool digits =
      chapter.size() == 2 && chapter[0] >= '0' && chapter[0] <= '9' && chapter[1] >= '0' && chapter[1] <= '9';
  if (digits) features.set_hs_chapter(static_cast<uint32_t>((chapter[0] - '0') * 10 + chapter[1] - '0'));
  std::set<uint32_t> words;
  for (const std::string& word :
       Analyze(std::string_view(goods.description()).substr(0, kMaxNameBytes), kMaxFoldedWords)) {
    const uint32_t key = WordKey(word);
    const bool number = std::all_of(word.begin(), word.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (words.size() < kMaxGoodsWords && !number && WordWeights::BuiltIn().Of(key) > 0.1F) words.insert(key);
  }
  features.mutable_words()->Add(words.begin(), words.end());
  return features;
}

void AddPlaces(const v1::IncidentFacts& facts, ReportFeatures& features) {
  for (int i = 0; i < facts.places_size() && i < kMaxLookedAt && features.places_size() < kMaxPlaces; ++i) {
    const v1::Place& place = facts.places(i);
    internal::v1::FeaturePlace one;
    one.set_role(place.role());
    one.set_country(CodeNumber(place.country_code()));
    // The name of a country or region says no more than its code.
    const std::string name = place.name().substr(0, kMaxNameBytes);
    if (Countries::BuiltIn().Expand(name).empty()) one.set_name(FoldedHash(name));
    if (one.country() != 0 || one.name() != 0) *features.add_places() = one;
  }
}

void AddActions(const v1::IncidentFacts& facts, ReportFeatures& features) {
  for (int i = 0; i < facts.actions_size() && i < kMaxLookedAt && features.actions_size() < kMaxActions; ++i) {
    const v1::Action& action = facts.actions(i);
    if (action.status() == v1::ACTION_STATUS_THREATENED || action.status() == v1::ACTION_STATUS_REFUSED) continue;
    internal::v1::FeatureAction* one = features.add_actions();
    one->set_type(action.type());
    const FeatureDays days = DaysOf(action.date(), v1::TIME_BASIS_RESPONSE);
    if (IsGiven(days)) *one->mutable_days() = days;
  }
}

void AddDates(const v1::Report& report, const v1::Source& source, ReportFeatures& features) {
  const v1::TimeFact& occurred = report.facts().occurred();
  std::string edtf = occurred.edtf();
  if (edtf.empty() && !occurred.start().empty()) edtf = occurred.start() + "/" + occurred.end();
  FeatureDays days = DaysOf(edtf, occurred.basis());
  const float confidence = occurred.confidence();
  if (confidence > 0 && confidence <= 1) days.set_confidence_percent(static_cast<uint32_t>(confidence * 100));
  if (IsGiven(days)) *features.mutable_occurred() = days;
  FeatureDays published = DaysOf(source.published(), v1::TIME_BASIS_PUBLICATION);
  if (!IsGiven(published)) published = DaysOf(report.facts().disclosed().edtf(), v1::TIME_BASIS_PUBLICATION);
  if (IsGiven(published)) *features.mutable_published() = published;
}

void AddText(const v1::Report& report, const std::string& text, ReportFeatures& features) {
  const OwnWords own = OwnWordsOf(report, text, WordWeights::BuiltIn());
  features.mutable_terms()->Add(own.terms.begin(), own.terms.end());
  features.mutable_words()->Add(own.words.begin(), own.words.end());
  const TextSketch sketch = SketchOf(Analyze(text, kMaxSketchWords));
  features.set_text_sketch(sketch.numbers);
  features.set_text_shingles(sketch.shingles);
}

}  // namespace

uint32_t ImoNumber(const std::string& written) {
  if (written.size() > 16) return 0;
  uint32_t number = 0;
  uint32_t sum = 0;
  uint32_t digits = 0;
  uint32_t last = 0;
  for (const char c : written) {
    if (c < '0' || c > '9') continue;
    last = static_cast<uint32_t>(c - '0');
    if (digits < 6) sum += last * (7 - digits);
    number = number * 10 + last;
    if (++digits > 7) return 0;
  }
  return digits == 7 && sum % 10 == last ? number : 0;
}

ReportFeatures FeaturesOf(const v1::Report& report, const v1::Source& source, const std::string& text) {
  ReportFeatures features;
  const auto ids = ReportIdsFromName(report.name());
  if (ids.ok()) features.set_document_id(ids->document);
  features.set_ordinal(report.ordinal());
  features.set_publisher(FoldedHash(source.publisher()));
  const int chain = source.attribution_chain_size();
  features.set_origin(chain > 0 ? FoldedHash(source.attribution_chain(chain - 1)) : features.publisher());
  const v1::IncidentFacts& facts = report.facts();
  AddDates(report, source, features);
  std::set<int> offences;
  for (const v1::OffenceFact& offence : facts.offences()) {
    if (v1::Offence_IsValid(offence.offence())) offences.insert(offence.offence());
  }
  for (const int offence : offences) features.add_offences(static_cast<v1::Offence>(offence));
  features.set_stage(facts.stage());
  AddActions(facts, features);
  for (int i = 0; i < facts.goods_size() && i < kMaxGoods; ++i) *features.add_goods() = GoodsOf(facts.goods(i));
  AddPlaces(facts, features);
  AddParties(facts, features);
  AddConveyances(facts, features);
  std::set<uint32_t> instruments;
  for (int i = 0; i < facts.legal_basis_size() && i < kMaxLookedAt && instruments.size() < kMaxInstruments; ++i) {
    const uint32_t instrument = FoldedHash(facts.legal_basis(i).instrument());
    if (instrument != 0) instruments.insert(instrument);
  }
  features.mutable_legal_instruments()->Add(instruments.begin(), instruments.end());
  AddText(report, text, features);
  return features;
}

}  // namespace interdict::index::match
