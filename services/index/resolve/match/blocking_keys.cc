#include "services/index/resolve/match/blocking_keys.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "services/index/resolve/match/hashes.h"
#include "services/index/resolve/match/text_sketch.h"
#include "services/index/resolve/match/word_keys.h"
#include "storage/records/keys.h"

namespace interdict::index::match {
namespace {

using internal::v1::FeatureDays;
using internal::v1::FeatureName;
using internal::v1::ReportFeatures;

constexpr size_t kMaxNameKeys = 16;
constexpr size_t kMaxPairKeys = 16;
constexpr size_t kMaxTermKeys = 20;
constexpr size_t kMaxTimeKeys = 24;
constexpr int32_t kWindowDays = 14;
constexpr int32_t kMostCertainDays = 31;  // a longer span is no time to meet at

class Collector {
 public:
  // False once the kind has its share.
  bool Add(KeyKind kind, uint64_t hash, size_t most) {
    if (counts_[static_cast<size_t>(kind)] >= most) return false;
    if (!seen_.insert({kind, hash}).second) return true;
    ++counts_[static_cast<size_t>(kind)];
    keys_.push_back({kind, hash});
    return true;
  }

  std::vector<BlockingKey> Take() {
    if (keys_.size() > kMaxBlockingKeys) keys_.resize(kMaxBlockingKeys);
    return std::move(keys_);
  }

 private:
  std::vector<BlockingKey> keys_;
  std::set<BlockingKey> seen_;
  size_t counts_[16] = {};
};

// By how they sound: spellings meet.
uint64_t Sound(uint32_t word) { return word >> 16; }

void AddConveyances(const ReportFeatures& features, Collector& keys) {
  for (const auto& conveyance : features.conveyances()) {
    if (conveyance.imo_number() != 0) keys.Add(KeyKind::kConveyance, Combine(1, conveyance.imo_number()), 12);
    if (conveyance.registration() != 0) keys.Add(KeyKind::kConveyance, Combine(2, conveyance.registration()), 12);
    if (conveyance.name().words_size() > 0) {
      keys.Add(KeyKind::kConveyance, Combine(3, NameKey(conveyance.name()).hash), 12);
    }
  }
}

// The words of a name that tell most come together in pairs: first and last, and the last two.
void AddNamePairs(const FeatureName& name, Collector& keys) {
  const int last = name.words_size() - 1;
  const auto add = [&](int i, int j) {
    const uint64_t a = Sound(name.words(i));
    const uint64_t b = Sound(name.words(j));
    keys.Add(KeyKind::kNamePair, Combine(std::min(a, b), std::max(a, b)), kMaxPairKeys);
  };
  if (last < 2) return;
  add(0, last);
  add(last - 1, last);
  add(0, 1);
}

void AddNames(const ReportFeatures& features, Collector& keys) {
  for (const auto& party : features.parties()) {
    if (!party.named()) continue;
    // Agencies are in too many incidents; people who speak for them are not.
    if (party.role() == v1::PARTY_ROLE_AUTHORITY && party.kind() != v1::PARTY_KIND_PERSON) continue;
    for (const FeatureName& name : party.names()) {
      keys.Add(KeyKind::kName, NameKey(name).hash, kMaxNameKeys);
      AddNamePairs(name, keys);
    }
  }
}

// Spread over the list, which is in the order of hashes, so that all reports prefer the same ones of what they share.
void AddTerms(const ReportFeatures& features, Collector& keys) {
  std::vector<uint32_t> terms(features.terms().begin(), features.terms().end());
  const WordWeights& weights = WordWeights::BuiltIn();
  std::stable_sort(terms.begin(), terms.end(), [&](uint32_t a, uint32_t b) { return weights.Of(a) > weights.Of(b); });
  for (const uint32_t term : terms) {
    if (!keys.Add(KeyKind::kTerm, term, kMaxTermKeys)) return;
  }
}

void AddAmounts(const ReportFeatures& features, Collector& keys) {
  for (const auto& goods : features.goods()) {
    for (const auto& amount : goods.amounts()) {
      if (amount.value() < 3) continue;
      // Steps of 7 %; an amount near the edge of its step meets under the next as well.
      const double step = std::log(static_cast<double>(amount.value())) / std::log(1.07);
      const uint64_t measure = Combine(Combine(amount.kind(), amount.currency()), goods.category());
      for (const double at : {step, step + 0.5}) {
        const auto number = static_cast<int64_t>(std::floor(at));
        keys.Add(KeyKind::kAmount, Combine(measure, static_cast<uint64_t>(number * 2 + (at == step ? 0 : 1))), 12);
      }
    }
  }
}

// Numbers of the two windows that a day is in: days of one week share one at least.
void AddWindows(const FeatureDays& days, std::set<int64_t>& windows) {
  if (days.last_day() - days.first_day() > kMostCertainDays) return;
  const int64_t middle = days.first_day() + (days.last_day() - days.first_day()) / 2;
  const auto window = [](int64_t day) { return (day + (int64_t{1} << 24)) / kWindowDays; };
  windows.insert(2 * window(middle));
  windows.insert(2 * window(middle + kWindowDays / 2) + 1);
}

void AddTimes(const ReportFeatures& features, Collector& keys) {
  std::set<int64_t> windows;
  if (features.has_occurred()) AddWindows(features.occurred(), windows);
  if (features.has_published()) AddWindows(features.published(), windows);
  std::set<uint64_t> whats;
  for (const auto& goods : features.goods()) {
    if (whats.size() < 2 && goods.category() != 0) whats.insert(goods.category());
  }
  if (whats.empty()) {
    for (const int offence : features.offences()) whats.insert(static_cast<uint64_t>(offence));
  }
  for (const auto& place : features.places()) {
    for (const uint64_t what : whats) {
      for (const int64_t window : windows) {
        const uint64_t when = Combine(what, static_cast<uint64_t>(window));
        if (place.name() != 0) keys.Add(KeyKind::kPlaceAndTime, Combine(when, place.name()), kMaxTimeKeys / 2);
        if (place.country() != 0) keys.Add(KeyKind::kCountryAndTime, Combine(when, place.country()), kMaxTimeKeys / 2);
      }
    }
  }
}

}  // namespace

BlockingKey TermKey(uint32_t term) { return {KeyKind::kTerm, term}; }

BlockingKey NameKey(const FeatureName& name) {
  // One word's sound is in too many names.
  if (name.words_size() == 1) return {KeyKind::kName, Combine(1, name.words(0))};
  std::vector<uint64_t> sounds;
  for (const uint32_t word : name.words()) sounds.push_back(Sound(word));
  std::sort(sounds.begin(), sounds.end());
  uint64_t hash = sounds.size();
  for (const uint64_t sound : sounds) hash = Combine(hash, sound);
  return {KeyKind::kName, hash};
}

std::string RowKey(const BlockingKey& key) {
  std::string row(1, static_cast<char>(key.kind));
  return row + records::BigEndian64(key.hash);
}

std::vector<BlockingKey> BlockingKeysOf(const ReportFeatures& features) {
  Collector keys;
  AddConveyances(features, keys);
  AddNames(features, keys);
  for (const uint64_t band : SketchBands(features.text_sketch())) keys.Add(KeyKind::kText, band, 16);
  AddAmounts(features, keys);
  AddTimes(features, keys);
  AddTerms(features, keys);
  return keys.Take();
}

}  // namespace interdict::index::match
