#include "services/ingest/check_vocabulary.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "services/ingest/calendar.h"
#include "services/server/status.h"

namespace interdict::ingest {
namespace {

using server::InvalidField;

// Categories of goods without a number, as incident.proto lists them.
constexpr std::array<std::string_view, 13> kPlainCategories = {
    "NARCOTICS", "WILDLIFE", "TOBACCO",     "ALCOHOL", "FUEL",   "COAL", "METALS",
    "CASH",      "LUXURY",   "COUNTERFEIT", "ART",     "PEOPLE", "OTHER"};

bool IsUpper(std::string_view text, size_t size) {
  return text.size() == size && std::all_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

bool IsDigits(std::string_view text, size_t size) {
  return text.size() == size && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool IsCategory(std::string_view text) {
  if (std::find(kPlainCategories.begin(), kPlainCategories.end(), text) != kPlainCategories.end()) return true;
  if (text.size() < 3 || text.size() > 4) return false;
  const std::string_view list = text.substr(0, 2);
  const std::string_view number = text.substr(2);
  if (!IsDigits(number, number.size())) return false;
  if (list == "DU") return number.size() == 1;
  const int value = number.size() == 1 ? number[0] - '0' : (number[0] - '0') * 10 + (number[1] - '0');
  return list == "ML" && number[0] != '0' && value <= 22;
}

bool IsCountryField(const std::string& name) {
  return name == "country_code" || name == "flag_code" || name == "nationality_code" || name == "posted_to_code";
}

}  // namespace

absl::Status CheckWord(const std::string& path, const std::string& field_name, const std::string& value) {
  if (value.find('\0') != std::string::npos) return InvalidField(path, "holds a NUL; remove it");
  if (IsCountryField(field_name) && !IsUpper(value, 2)) {
    return InvalidField(path, "must be an ISO 3166-1 alpha-2 code of two upper-case letters, such as KP");
  }
  if (field_name == "region_code" && !IsDigits(value, 3)) {
    return InvalidField(path, "must be a UN M49 code of three digits, such as 002");
  }
  if (field_name == "currency_code" && !IsUpper(value, 3)) {
    return InvalidField(path, "must be an ISO 4217 code of three upper-case letters, such as EUR");
  }
  if (field_name == "category" && !IsCategory(value)) {
    return InvalidField(path, "is no category; use ML1 to ML22, DU0 to DU9, or a word of Goods.category");
  }
  if ((field_name == "edtf" || field_name == "date" || field_name == "standing_date") && !ParseEdtf(value)) {
    return InvalidField(path, "is no date in EDTF; use 2012, 2012-07, 2012-07-15, 2012/2013 or 2017-11/..");
  }
  if (field_name == "imo_number" && !IsDigits(value, 7)) return InvalidField(path, "must be seven digits");
  if (field_name == "hs_chapter" && !IsDigits(value, 2)) return InvalidField(path, "must be two digits, such as 93");
  if (field_name == "entity") return InvalidField(path, "is filled by Interdict; leave it empty");
  return absl::OkStatus();
}

}  // namespace interdict::ingest
