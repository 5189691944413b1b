#include "services/index/fold/merge_amounts.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "services/index/engine/analyzer.h"

namespace interdict::index {
namespace {

using v1::Goods;

constexpr double kExactShare = 0.005;
constexpr double kApproximateShare = 0.1;
constexpr size_t kMaxCorrected = 8;

// A number with what it counts.
struct Amount {
  double number = 0;
  std::string unit;  // as told
  bool approximate = false;
};

// What one or more tellings say of one unit.
struct AmountReading {
  std::vector<Amount> amounts;
  std::vector<const Goods*> goods;
  std::vector<int> told_by;
};

bool Agree(const Amount& a, const Amount& b) {
  if (a.number == b.number) return true;
  const double share = a.approximate || b.approximate ? kApproximateShare : kExactShare;
  return std::abs(a.number - b.number) <= share * std::max(std::abs(a.number), std::abs(b.number));
}

bool IsAmong(const Amount& amount, const std::vector<Amount>& amounts) {
  return std::any_of(amounts.begin(), amounts.end(), [&](const Amount& other) { return Agree(amount, other); });
}

// `kilograms` and `kilogram` are one unit.
std::string UnitKey(const std::string& unit) {
  std::string key = absl::StrJoin(Analyze(unit, 4), " ");
  if (key.size() > 2 && key.back() == 's') key.pop_back();
  return key;
}

// Tellings that share an amount say the same; an exact one is the better form of an approximate one.
void AddTelling(const std::vector<Amount>& amounts, const MemberValue& member, std::vector<AmountReading>* readings) {
  auto there = std::find_if(readings->begin(), readings->end(), [&](const AmountReading& reading) {
    return std::any_of(amounts.begin(), amounts.end(), [&](const Amount& a) { return IsAmong(a, reading.amounts); });
  });
  if (there == readings->end()) there = readings->insert(readings->end(), AmountReading());
  for (const Amount& amount : amounts) {
    auto same = std::find_if(there->amounts.begin(), there->amounts.end(),
                             [&](const Amount& other) { return Agree(amount, other); });
    if (same == there->amounts.end()) {
      there->amounts.push_back(amount);
    } else if (same->approximate && !amount.approximate) {
      *same = amount;
    }
  }
  there->goods.push_back(&static_cast<const Goods&>(*member.value));
  there->told_by.push_back(member.telling);
}

Rival RivalOf(const AmountReading& reading) {
  Rival rival{reading.told_by, {}};
  for (const Amount& amount : reading.amounts) {
    for (std::string& mention : MentionsOfNumber(amount.number)) rival.mentions.push_back(std::move(mention));
  }
  return rival;
}

// The one that leads.
size_t BestOf(const Tellings& tellings, const std::vector<AmountReading>& readings, Corrections* corrections) {
  std::vector<bool> corrected(readings.size());
  const size_t checked = std::min(readings.size(), kMaxCorrected);
  for (size_t b = 0; b < checked && readings.size() > 1; ++b) {
    const Rival rival = RivalOf(readings[b]);
    for (size_t a = 0; a < checked && !corrected[b]; ++a) {
      corrected[b] = a != b && corrections->Corrects({readings[a].told_by, {}}, rival);
    }
  }
  if (std::all_of(corrected.begin(), corrected.end(), [](bool c) { return c; }))
    corrected.assign(readings.size(), false);
  size_t best = 0;
  for (size_t r = 1; r < readings.size(); ++r) {
    const bool better = IsBetter(SupportOf(tellings, readings[r].told_by), SupportOf(tellings, readings[best].told_by));
    if (corrected[r] == corrected[best] ? better : corrected[best]) best = r;
  }
  return best;
}

std::string TextOf(const Amount& amount) {
  return absl::StrCat(amount.approximate ? "about " : "", amount.number, amount.unit.empty() ? "" : " ", amount.unit);
}

// Merges what `take` finds in the goods; `add` puts an amount that holds into the merged ones.
template <typename Take, typename Add>
void MergeKind(const Tellings& tellings, const std::vector<MemberValue>& members, const std::string& field, Take take,
               Add add, Corrections* corrections, Goods* into) {
  std::vector<std::string> order;  // units as they come
  std::map<std::string, std::vector<AmountReading>> by_unit;
  for (const MemberValue& member : members) {
    std::map<std::string, std::vector<Amount>> told;
    for (const Amount& amount : take(static_cast<const Goods&>(*member.value))) {
      const std::string key = UnitKey(amount.unit);
      if (by_unit.emplace(key, std::vector<AmountReading>()).second) order.push_back(key);
      told[key].push_back(amount);
    }
    for (const auto& [key, amounts] : told) AddTelling(amounts, member, &by_unit[key]);
  }
  for (const std::string& unit : order) {
    const std::vector<AmountReading>& readings = by_unit[unit];
    const size_t best = BestOf(tellings, readings, corrections);
    for (const Amount& amount : readings[best].amounts) add(amount, into);
    for (size_t r = 0; r < readings.size(); ++r) {
      if (r == best) continue;
      for (const Amount& amount : readings[r].amounts) {
        for (const Goods* goods : readings[r].goods) {
          AddAlternative(field, TextOf(amount), goods->confidence(), goods->evidence(), into->mutable_alternatives());
        }
      }
    }
  }
}

}  // namespace

void MergeAmounts(const Tellings& tellings, const std::vector<MemberValue>& members, Corrections* corrections,
                  Goods* into) {
  into->clear_quantities();
  into->clear_values();
  MergeKind(
      tellings, members, "quantities",
      [](const Goods& goods) {
        std::vector<Amount> amounts;
        for (const v1::Quantity& q : goods.quantities()) amounts.push_back({q.value(), q.unit(), q.approximate()});
        return amounts;
      },
      [](const Amount& amount, Goods* goods) {
        v1::Quantity* quantity = goods->add_quantities();
        quantity->set_value(amount.number);
        quantity->set_unit(amount.unit);
        quantity->set_approximate(amount.approximate);
      },
      corrections, into);
  MergeKind(
      tellings, members, "values",
      [](const Goods& goods) {
        std::vector<Amount> amounts;
        for (const v1::MoneyAmount& m : goods.values())
          amounts.push_back({m.amount(), m.currency_code(), m.approximate()});
        return amounts;
      },
      [](const Amount& amount, Goods* goods) {
        v1::MoneyAmount* money = goods->add_values();
        money->set_amount(amount.number);
        money->set_currency_code(amount.unit);
        money->set_approximate(amount.approximate);
      },
      corrections, into);
}

}  // namespace interdict::index
