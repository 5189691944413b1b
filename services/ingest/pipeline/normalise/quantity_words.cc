#include "services/ingest/pipeline/normalise/quantity_words.h"

#include <algorithm>
#include <iterator>
#include <string>

#include "services/ingest/pipeline/decode/ascii.h"

namespace interdict::pipeline {
namespace {

constexpr MeasureUnit kUnits[] = {
    {"kg", "kg", 1},
    {"kgs", "kg", 1},
    {"kilo", "kg", 1},
    {"kilos", "kg", 1},
    {"kilogram", "kg", 1},
    {"kilograms", "kg", 1},
    {"kilogramme", "kg", 1},
    {"kilogrammes", "kg", 1},
    {"g", "kg", 0.001},
    {"gram", "kg", 0.001},
    {"grams", "kg", 0.001},
    {"gramme", "kg", 0.001},
    {"grammes", "kg", 0.001},
    {"mg", "kg", 1e-6},
    {"tonne", "t", 1},
    {"tonnes", "t", 1},
    {"ton", "t", 1},
    {"tons", "t", 1},
    {"t", "t", 1},
    {"lb", "kg", 0.45359237},
    {"lbs", "kg", 0.45359237},
    {"pound-weight", "kg", 0.45359237},
    {"ounce", "kg", 0.028349523},
    {"ounces", "kg", 0.028349523},
    {"oz", "kg", 0.028349523},
    {"carat", "kg", 0.0002},
    {"carats", "kg", 0.0002},
    {"litre", "l", 1},
    {"litres", "l", 1},
    {"liter", "l", 1},
    {"liters", "l", 1},
    {"barrel", "l", 158.987294928},
    {"barrels", "l", 158.987294928},
    {"gallon", "l", 3.785411784},
    {"gallons", "l", 3.785411784},
    {"ml", "l", 0.001},
    {"metre", "m", 1},
    {"metres", "m", 1},
    {"meter", "m", 1},
    {"meters", "m", 1},
    {"cm", "m", 0.01},
    {"centimetre", "m", 0.01},
    {"centimetres", "m", 0.01},
    {"centimeters", "m", 0.01},
    {"mm", "m", 0.001},
    {"millimetre", "m", 0.001},
    {"millimetres", "m", 0.001},
    {"millimeter", "m", 0.001},
    {"millimeters", "m", 0.001},
    {"km", "m", 1000},
    {"kilometre", "m", 1000},
    {"kilometres", "m", 1000},
    {"kilometer", "m", 1000},
    {"kilometers", "m", 1000},
    {"mile", "m", 1609.344},
    {"miles", "m", 1609.344},
    {"foot", "m", 0.3048},
    {"feet", "m", 0.3048},
    {"ft", "m", 0.3048},
    {"inch", "m", 0.0254},
    {"inches", "m", 0.0254},
};

constexpr std::string_view kOnes[] = {"zero",     "one",     "two",     "three",     "four",     "five",    "six",
                                      "seven",    "eight",   "nine",    "ten",       "eleven",   "twelve",  "thirteen",
                                      "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"};
constexpr std::string_view kTens[] = {"twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"};

struct CodeOf {
  std::string_view key;
  std::string_view code;
};
constexpr CodeOf kSigns[] = {{"$", "USD"},   {"€", "EUR"}, {"£", "GBP"}, {"¥", "JPY"}, {"₹", "INR"},
                             {"₽", "RUB"}, {"₩", "KRW"}, {"₪", "ILS"}, {"₺", "TRY"}, {"₴", "UAH"},
                             {"₦", "NGN"},   {"₫", "VND"}, {"₱", "PHP"}, {"฿", "THB"}};
constexpr std::string_view kCodes[] = {"usd", "eur", "gbp", "chf", "jpy", "cny", "rmb", "rub", "kes", "ugx", "tzs",
                                       "zar", "ngn", "inr", "pkr", "aed", "sar", "try", "uah", "pln", "czk", "huf",
                                       "ron", "bgn", "rsd", "sek", "nok", "dkk", "aud", "cad", "nzd", "sgd", "hkd",
                                       "twd", "krw", "thb", "myr", "idr", "php", "vnd", "brl", "mxn", "cop", "ars",
                                       "egp", "mad", "ils", "irr", "kzt", "xof", "xaf", "ghs", "etb"};
constexpr CodeOf kPhrases[] = {
    {"dollar", "USD"},
    {"us dollar", "USD"},
    {"u.s. dollar", "USD"},
    {"american dollar", "USD"},
    {"australian dollar", "AUD"},
    {"canadian dollar", "CAD"},
    {"new zealand dollar", "NZD"},
    {"singapore dollar", "SGD"},
    {"hong kong dollar", "HKD"},
    {"taiwan dollar", "TWD"},
    {"euro", "EUR"},
    {"pound", "GBP"},
    {"pound sterling", "GBP"},
    {"british pound", "GBP"},
    {"egyptian pound", "EGP"},
    {"lebanese pound", "LBP"},
    {"syrian pound", "SYP"},
    {"sudanese pound", "SDG"},
    {"swiss franc", "CHF"},
    {"cfa franc", "XOF"},
    {"yen", "JPY"},
    {"japanese yen", "JPY"},
    {"yuan", "CNY"},
    {"renminbi", "CNY"},
    {"ruble", "RUB"},
    {"rouble", "RUB"},
    {"russian ruble", "RUB"},
    {"russian rouble", "RUB"},
    {"kenyan shilling", "KES"},
    {"ugandan shilling", "UGX"},
    {"uganda shilling", "UGX"},
    {"kenya shilling", "KES"},
    {"tanzanian shilling", "TZS"},
    {"tanzania shilling", "TZS"},
    {"somali shilling", "SOS"},
    {"rand", "ZAR"},
    {"south african rand", "ZAR"},
    {"naira", "NGN"},
    {"indian rupee", "INR"},
    {"pakistani rupee", "PKR"},
    {"sri lankan rupee", "LKR"},
    {"nepalese rupee", "NPR"},
    {"dirham", "AED"},
    {"uae dirham", "AED"},
    {"emirati dirham", "AED"},
    {"moroccan dirham", "MAD"},
    {"saudi riyal", "SAR"},
    {"qatari riyal", "QAR"},
    {"iranian rial", "IRR"},
    {"turkish lira", "TRY"},
    {"hryvnia", "UAH"},
    {"zloty", "PLN"},
    {"zlotys", "PLN"},
    {"czech koruna", "CZK"},
    {"czech crown", "CZK"},
    {"koruna", "CZK"},
    {"forint", "HUF"},
    {"swedish krona", "SEK"},
    {"swedish kronor", "SEK"},
    {"norwegian krone", "NOK"},
    {"norwegian kroner", "NOK"},
    {"danish krone", "DKK"},
    {"danish kroner", "DKK"},
    {"south korean won", "KRW"},
    {"baht", "THB"},
    {"ringgit", "MYR"},
    {"rupiah", "IDR"},
    {"philippine peso", "PHP"},
    {"mexican peso", "MXN"},
    {"colombian peso", "COP"},
    {"argentine peso", "ARS"},
    {"dong", "VND"},
    {"shekel", "ILS"},
    {"tenge", "KZT"},
    {"cedi", "GHS"},
    {"birr", "ETB"},
    {"brazilian real", "BRL"},
    {"reais", "BRL"},
};

}  // namespace

const MeasureUnit* FindUnit(std::string_view folded) {
  const auto* found =
      std::find_if(std::begin(kUnits), std::end(kUnits), [&](const MeasureUnit& unit) { return unit.word == folded; });
  return found == std::end(kUnits) ? nullptr : found;
}

int WordNumber(std::string_view folded) {
  for (size_t i = 0; i < std::size(kOnes); ++i) {
    if (folded == kOnes[i]) return static_cast<int>(i);
  }
  for (size_t i = 0; i < std::size(kTens); ++i) {
    if (!folded.starts_with(kTens[i])) continue;
    const std::string_view rest = folded.substr(kTens[i].size());
    const int tens = static_cast<int>(i + 2) * 10;
    if (rest.empty()) return tens;
    const int ones = rest[0] == '-' ? WordNumber(rest.substr(1)) : -1;
    if (ones > 0 && ones < 10) return tens + ones;
  }
  return -1;
}

double ScaleOf(std::string_view folded, bool after_digits) {
  if (folded == "dozen") return 12;
  if (folded == "hundred") return 100;
  if (folded == "thousand") return 1e3;
  if (folded == "million") return 1e6;
  if (folded == "billion") return 1e9;
  if (folded == "trillion") return 1e12;
  if (!after_digits) return 0;
  if (folded == "mn") return 1e6;
  return folded == "bn" ? 1e9 : 0;
}

std::optional<double> ParseDigits(std::string_view digits) {
  if (digits.empty() || digits.size() > 24) return std::nullopt;
  const size_t commas = static_cast<size_t>(std::count(digits.begin(), digits.end(), ','));
  const size_t dots = static_cast<size_t>(std::count(digits.begin(), digits.end(), '.'));
  const size_t last = digits.find_last_of(",.");
  const size_t behind = last == digits.npos ? 0 : digits.size() - last - 1;
  // The last mark is the decimal one, unless it parts thousands: a comma before three digits, or a mark that comes
  // twice.
  bool decimal = last != digits.npos;
  if (decimal && digits[last] == ',' && (commas > 1 || behind == 3)) decimal = false;
  if (decimal && digits[last] == '.' && dots > 1) decimal = false;
  if (last != digits.npos && !decimal && behind != 3) return std::nullopt;
  std::string plain;
  for (size_t i = 0; i < digits.size(); ++i) {
    if (IsAsciiDigit(digits[i])) plain += digits[i];
    if (decimal && i == last) plain += '.';
  }
  if (plain.empty() || plain == ".") return std::nullopt;
  return std::stod(plain);
}

std::string_view CurrencyOfSymbol(std::string_view sign) {
  for (const CodeOf& entry : kSigns) {
    if (entry.key == sign) return entry.code;
  }
  return {};
}

std::string_view CurrencyOfCode(std::string_view folded, bool all_caps) {
  constexpr std::string_view kUpper[] = {"USD", "EUR", "GBP", "CHF", "JPY", "CNY", "CNY", "RUB", "KES", "UGX", "TZS",
                                         "ZAR", "NGN", "INR", "PKR", "AED", "SAR", "TRY", "UAH", "PLN", "CZK", "HUF",
                                         "RON", "BGN", "RSD", "SEK", "NOK", "DKK", "AUD", "CAD", "NZD", "SGD", "HKD",
                                         "TWD", "KRW", "THB", "MYR", "IDR", "PHP", "VND", "BRL", "MXN", "COP", "ARS",
                                         "EGP", "MAD", "ILS", "IRR", "KZT", "XOF", "XAF", "GHS", "ETB"};
  static_assert(std::size(kUpper) == std::size(kCodes));
  if (!all_caps) return {};
  const auto* found = std::find(std::begin(kCodes), std::end(kCodes), folded);
  return found == std::end(kCodes) ? std::string_view() : kUpper[found - std::begin(kCodes)];
}

std::string_view CurrencyOfPhrase(std::string_view folded) {
  for (const CodeOf& entry : kPhrases) {
    if (folded == entry.key) return entry.code;
    if (folded.size() == entry.key.size() + 1 && folded.ends_with('s') && folded.starts_with(entry.key))
      return entry.code;
  }
  return {};
}

std::string_view DollarOf(std::string_view prefix) {
  constexpr CodeOf kPrefixes[] = {{"us", "USD"}, {"a", "AUD"},  {"au", "AUD"}, {"c", "CAD"},
                                  {"ca", "CAD"}, {"hk", "HKD"}, {"s", "SGD"},  {"nz", "NZD"}};
  for (const CodeOf& entry : kPrefixes) {
    if (entry.key == prefix) return entry.code;
  }
  return "USD";
}

}  // namespace interdict::pipeline
