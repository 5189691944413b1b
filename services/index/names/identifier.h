// Numbers that name a ship, an aircraft or a company for good, brought to one form and checked. They weigh more than a
// name, so an invalid one must never count.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace interdict::names {

// PERMANENT: the values are stored.
enum class IdentifierType : uint8_t {
  kImo = 1,           // IMO ship number: seven digits, the last a check digit
  kMmsi = 2,          // Maritime Mobile Service Identity: nine digits; changes with the flag
  kCallSign = 3,      // of a ship's radio
  kRegistration = 4,  // of an aircraft: EX-12907
  kSerial = 5,        // manufacturer's number of an aircraft or hull, with the maker where known
  kOther = 6,         // tax, company or passport number, prefixed by its country and sort: `ru/inn/7707083893`
};

struct Identifier {
  IdentifierType type = IdentifierType::kOther;
  std::string value;  // as ParseIdentifier made it
  friend bool operator==(const Identifier&, const Identifier&) = default;
};

// Brings `text` to one form: upper case, without spaces, hyphens and the words IMO or MMSI. INVALID_ARGUMENT: wrong
// length or alphabet, or a wrong check digit; the message says which. At most 64 characters.
absl::StatusOr<Identifier> ParseIdentifier(IdentifierType type, std::string_view text);

// Whether seven digits are an IMO ship number: 7·d1 + 6·d2 + … + 2·d6 ends in d7.
bool ImoCheckDigitHolds(std::string_view seven_digits);

}  // namespace interdict::names
