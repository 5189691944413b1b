#include "services/index/names/identifier.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace interdict::names {
namespace {

constexpr size_t kMaxIdentifierLetters = 64;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }

bool AllDigits(std::string_view text) { return std::all_of(text.begin(), text.end(), IsDigit); }

// Upper case letters, digits and, where `keep_slash`, slashes. Empty if there is any letter of another kind.
std::string Compact(std::string_view text, bool keep_slash) {
  std::string compact;
  for (char c : text) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    if (IsUpper(c) || IsDigit(c) || (keep_slash && c == '/')) {
      compact.push_back(c);
    } else if (c != ' ' && c != '-' && c != '.' && c != '_' && c != ':' && c != '/' && c != '#') {
      return {};
    }
  }
  return compact;
}

void CutPrefix(std::string& text, std::string_view prefix) {
  if (text.compare(0, prefix.size(), prefix) == 0) text.erase(0, prefix.size());
}

absl::Status Check(IdentifierType type, const std::string& value) {
  switch (type) {
    case IdentifierType::kImo:
      if (value.size() != 7 || !AllDigits(value)) return absl::InvalidArgumentError("an IMO number has seven digits");
      if (!ImoCheckDigitHolds(value)) {
        return absl::InvalidArgumentError(absl::StrCat("the check digit of IMO number ", value, " is wrong"));
      }
      return absl::OkStatus();
    case IdentifierType::kMmsi:
      if (value.size() != 9 || !AllDigits(value)) return absl::InvalidArgumentError("an MMSI has nine digits");
      return absl::OkStatus();
    case IdentifierType::kRegistration:
      if (value.size() < 3 || value.size() > 10) {
        return absl::InvalidArgumentError("a registration has three to ten letters and digits");
      }
      return absl::OkStatus();
    default:
      return absl::OkStatus();
  }
}

}  // namespace

bool ImoCheckDigitHolds(std::string_view seven_digits) {
  if (seven_digits.size() != 7 || !AllDigits(seven_digits)) return false;
  int sum = 0;
  for (size_t i = 0; i < 6; ++i) sum += (seven_digits[i] - '0') * static_cast<int>(7 - i);
  return sum % 10 == seven_digits[6] - '0';
}

absl::StatusOr<Identifier> ParseIdentifier(IdentifierType type, std::string_view text) {
  if (text.size() > kMaxIdentifierLetters) {
    return absl::InvalidArgumentError(absl::StrCat("an identifier has at most ", kMaxIdentifierLetters, " characters"));
  }
  Identifier identifier;
  identifier.type = type;
  identifier.value = Compact(text, type == IdentifierType::kOther);
  if (type == IdentifierType::kImo) CutPrefix(identifier.value, "IMO");
  if (type == IdentifierType::kMmsi) CutPrefix(identifier.value, "MMSI");
  if (identifier.value.empty()) {
    return absl::InvalidArgumentError("an identifier is made of the letters A to Z, digits, spaces and hyphens");
  }
  const absl::Status status = Check(type, identifier.value);
  if (!status.ok()) return status;
  return identifier;
}

}  // namespace interdict::names
