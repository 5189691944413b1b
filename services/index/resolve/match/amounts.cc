#include "services/index/resolve/match/amounts.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "services/index/resolve/match/embedded_files.h"

namespace interdict::index::match {
namespace {

using internal::v1::AmountKind;
using internal::v1::FeatureAmount;

constexpr double kSameShare = 0.93;
constexpr size_t kMaxUnitBytes = 32;

struct Unit {
  AmountKind kind = internal::v1::AMOUNT_KIND_PIECES;
  double factor = 1;
};

using Units = absl::flat_hash_map<std::string, Unit>;

AmountKind KindNamed(std::string_view name) {
  if (name == "kilograms") return internal::v1::AMOUNT_KIND_KILOGRAMS;
  if (name == "litres") return internal::v1::AMOUNT_KIND_LITRES;
  if (name == "metres") return internal::v1::AMOUNT_KIND_METRES;
  return internal::v1::AMOUNT_KIND_PIECES;
}

std::vector<std::string> SplitAt(char separator, const std::string& text) { return absl::StrSplit(text, separator); }

const Units& BuiltInUnits() {
  static const Units* const kUnits = [] {
    auto* units = new Units;
    for (const std::string& line : SplitAt('\n', std::string(EmbeddedFile("units.tsv")))) {
      const std::vector<std::string> row = SplitAt('\t', line);
      double factor = 0;
      if (row.size() != 3 || line[0] == '#' || !absl::SimpleAtod(row[2], &factor)) continue;
      units->insert_or_assign(row[0], Unit{KindNamed(row[1]), factor});
    }
    return units;
  }();
  return *kUnits;
}

FeatureAmount MakeAmount(AmountKind kind, double value) {
  FeatureAmount amount;
  const auto number = static_cast<float>(value);
  if (!std::isfinite(number) || number <= 0) return amount;
  amount.set_kind(kind);
  amount.set_value(number);
  return amount;
}

}  // namespace

FeatureAmount AmountOf(const v1::Quantity& quantity) {
  Unit unit;
  if (quantity.unit().size() <= kMaxUnitBytes) {
    const auto found = BuiltInUnits().find(absl::AsciiStrToLower(quantity.unit()));
    if (found != BuiltInUnits().end()) unit = found->second;
  }
  return MakeAmount(unit.kind, quantity.value() * unit.factor);
}

FeatureAmount AmountOf(const v1::MoneyAmount& money) {
  FeatureAmount amount = MakeAmount(internal::v1::AMOUNT_KIND_MONEY, money.amount());
  if (amount.kind() == internal::v1::AMOUNT_KIND_MONEY) amount.set_currency(CodeNumber(money.currency_code()));
  return amount;
}

bool SameMeasure(const FeatureAmount& a, const FeatureAmount& b) {
  return a.kind() == b.kind() && a.currency() == b.currency() && a.kind() != internal::v1::AMOUNT_KIND_UNSPECIFIED;
}

bool SameAmount(const FeatureAmount& a, const FeatureAmount& b) {
  return std::min(a.value(), b.value()) >= kSameShare * std::max(a.value(), b.value());
}

uint32_t CodeNumber(std::string_view code) {
  if (code.size() < 2 || code.size() > 3) return 0;
  uint32_t number = 0;
  for (const char c : code) {
    if (c < 'A' || c > 'Z') return 0;
    number = number * 27 + static_cast<uint32_t>(c - 'A' + 1);
  }
  return number;
}

}  // namespace interdict::index::match
