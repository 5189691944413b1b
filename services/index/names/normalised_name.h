// A name as the index and the scorer see it: any script folded to Latin letters, cut into tokens with their roles. Made
// by NameNormaliser only, so that what is stored and what is asked always mean the same.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace interdict::names {

// What bears the name. PERMANENT: the values are stored. Those of PartyKind in the contract.
enum class NameKind : uint8_t { kUnknown = 0, kPerson = 1, kOrganization = 2, kVessel = 3, kAircraft = 4 };

// What a token does in a name. PERMANENT: the values are stored.
enum class TokenRole : uint8_t {
  kWord = 0,         // carries the identity: given name, family name, the own part of a company's name
  kInitial = 1,      // one letter that stands for a word: `V.`
  kPatronymic = 2,   // Vladimirovich: often left out
  kParticle = 3,     // al, bin, von, de: written or not, joined or not
  kGeneric = 4,      // Trading, Shipping, Bank: says what a company does, shared by thousands
  kCompanyForm = 5,  // LLC, GmbH, OOO
  kHonorific = 6,    // Dr, General, Haji: no part of the name
};

struct NameToken {
  std::string text;      // lower case `a`-`z` and digits
  std::string spelling;  // `text` with the usual variants made one: kh = h, ou = u, double letters single
  std::string skeleton;  // its consonants in classes: what an Arabic or Hebrew spelling keeps
  std::string meaning;   // the table's word for all forms of one name (`joseph` for Yusuf); empty: none known
  TokenRole role = TokenRole::kWord;
  bool vowelless = false;  // from a script that leaves vowels out
};

struct NormalisedName {
  std::vector<NameToken> tokens;  // in the order written; `Family, Given` is turned round
  bool transliterated = false;    // some of it was not in Latin letters
  bool truncated = false;         // longer than the limits
};

// Limits. What is beyond them is left out and `truncated` says so; nothing is refused.
inline constexpr size_t kMaxNameBytes = 1024;
inline constexpr size_t kMaxTokens = 24;
inline constexpr size_t kMaxTokenLetters = 48;

// `name` may be anything: bad UTF-8, control characters, only punctuation (then there are no tokens). `kind` decides
// how roles are given: company forms only to what may be a company, honorifics and patronymics only to what may be a
// person. Pure; thread-safe; the time is bounded by the limits.
NormalisedName Normalise(std::string_view name, NameKind kind);

// Tokens joined by one space: for logs of tests and tools.
std::string ToString(const NormalisedName& name);

}  // namespace interdict::names
