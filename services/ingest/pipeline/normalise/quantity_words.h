// Words and signs of quantities: number words, scales, units, currencies. Keys are folded.
#pragma once

#include <optional>
#include <string_view>

namespace interdict::pipeline {

// A unit with what its amounts are multiplied by to come to `symbol`.
struct MeasureUnit {
  std::string_view word;
  std::string_view symbol;  // kg, t, l, m, km
  double factor = 1;
};

const MeasureUnit* FindUnit(std::string_view folded);  // null for none

int WordNumber(std::string_view folded);  // 0–99 of "seven", "twenty-five"; −1 for none
double ScaleOf(std::string_view folded,
               bool after_digits);  // 1000 of "thousand"; 0 for none. Letters ("m", "bn") only after digits
std::optional<double> ParseDigits(std::string_view digits);  // "1,200", "1.200.000", "2.6", "1,2"
std::string_view CurrencyOfSymbol(std::string_view sign);    // ISO 4217; empty for none
std::string_view CurrencyOfCode(std::string_view folded, bool all_caps);
std::string_view CurrencyOfPhrase(std::string_view folded);  // "kenyan shillings", "euros"
std::string_view DollarOf(std::string_view prefix);          // "us" of "US$"

}  // namespace interdict::pipeline
