#include "services/ingest/lists/entry_builder.h"

#include <unicode/uchar.h>
#include <unicode/uscript.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <array>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "services/ingest/lists/list_countries.h"

namespace interdict::ingest {
namespace {

using Strings = google::protobuf::RepeatedPtrField<std::string>;

void AddOnce(const std::string& value, Strings* into) {
  if (value.empty() || into->size() >= kMaxValues) return;
  if (std::find(into->begin(), into->end(), value) == into->end()) *into->Add() = value;
}

bool HasLetterOrDigit(const std::string& text) {
  const auto size = static_cast<int32_t>(text.size());
  for (int32_t at = 0; at < size;) {
    UChar32 character = 0;
    U8_NEXT(text.data(), at, size, character);
    if (character > 0 && u_isalnum(character)) return true;
  }
  return false;
}

// Whether the first letter is of another script than Latin.
bool IsOtherScript(const std::string& name) {
  const auto size = static_cast<int32_t>(name.size());
  for (int32_t at = 0; at < size;) {
    UChar32 character = 0;
    U8_NEXT(name.data(), at, size, character);
    if (character <= 0 || !u_isalpha(character)) continue;
    UErrorCode error = U_ZERO_ERROR;
    return uscript_getScript(character, &error) != USCRIPT_LATIN;
  }
  return false;
}

std::string Digits(std::string_view text) {
  std::string digits;
  for (const char c : text) {
    if (absl::ascii_isdigit(c)) digits.push_back(c);
  }
  return digits;
}

}  // namespace

std::string CleanText(std::string_view text, size_t max_bytes) {
  std::string clean;
  const auto size = static_cast<int32_t>(std::min(text.size(), max_bytes * 4 + 64));
  for (int32_t at = 0; at < size;) {
    UChar32 character = 0;
    U8_NEXT(text.data(), at, size, character);
    if (character < 0) character = 0xFFFD;
    const bool blank = character < 0x20 || character == 0x7F || u_isUWhiteSpace(character);
    if (blank && (clean.empty() || clean.back() == ' ')) continue;
    std::array<char, U8_MAX_LENGTH> bytes{};
    int32_t length = 0;
    U8_APPEND_UNSAFE(bytes.data(), length, blank ? ' ' : character);
    if (clean.size() + static_cast<size_t>(length) > max_bytes) break;
    clean.append(bytes.data(), static_cast<size_t>(length));
  }
  while (!clean.empty() && clean.back() == ' ') clean.pop_back();
  return clean;
}

EntryBuilder::EntryBuilder(std::string_view entry_id, v1::PartyKind kind) {
  entry_.set_entry_id(CleanText(entry_id, kMaxEntryIdBytes));
  entry_.set_kind(kind);
}

void EntryBuilder::AddName(std::string_view full_name, v1::ListNameKind kind, std::string_view language) {
  std::string name = CleanText(full_name, kMaxNameBytes);
  if (!HasLetterOrDigit(name) || entry_.names_size() >= kMaxNames) return;
  for (const v1::ListName& known : entry_.names()) {
    if (known.full_name() == name) return;
  }
  const bool usual = kind == v1::LIST_NAME_KIND_PRIMARY || kind == v1::LIST_NAME_KIND_STRONG_ALIAS;
  if (usual && IsOtherScript(name)) kind = v1::LIST_NAME_KIND_ORIGINAL_SCRIPT;
  v1::ListName* added = entry_.add_names();
  added->set_full_name(std::move(name));
  added->set_kind(kind);
  added->set_language(CleanText(language, 16));
}

void EntryBuilder::AddNameParts(std::string_view given_name, std::string_view family_name, v1::ListNameKind kind) {
  const std::string given = CleanText(given_name, kMaxNameBytes / 2);
  const std::string family = CleanText(family_name, kMaxNameBytes / 2 - 1);
  const int before = entry_.names_size();
  AddName(given.empty() || family.empty() ? given + family : absl::StrCat(given, " ", family), kind);
  if (entry_.names_size() == before || given.empty() || family.empty()) return;
  entry_.mutable_names(before)->set_given_name(given);
  entry_.mutable_names(before)->set_family_name(family);
}

void EntryBuilder::AddBirthDate(const std::string& edtf) { AddOnce(edtf, entry_.mutable_birth_dates()); }

void EntryBuilder::AddNationality(std::string_view country) {
  AddOnce(ListCountries::BuiltIn().Code(country), entry_.mutable_nationality_codes());
}

void EntryBuilder::AddAddressCountry(std::string_view country) {
  AddOnce(ListCountries::BuiltIn().Code(country), entry_.mutable_address_country_codes());
}

void EntryBuilder::AddIdentifier(v1::IdentifierKind kind, std::string_view value, std::string_view country,
                                 std::string_view label) {
  std::string clean = absl::AsciiStrToUpper(CleanText(value, kMaxIdentifierBytes));
  if (kind == v1::IDENTIFIER_KIND_IMO || kind == v1::IDENTIFIER_KIND_MMSI) clean = Digits(clean);
  if (!HasLetterOrDigit(clean) || entry_.identifiers_size() >= kMaxValues) return;
  for (const v1::Identifier& known : entry_.identifiers()) {
    if (known.kind() == kind && known.value() == clean) return;
  }
  v1::Identifier* added = entry_.add_identifiers();
  added->set_kind(kind);
  added->set_value(std::move(clean));
  added->set_country_code(ListCountries::BuiltIn().Code(country));
  added->set_label(CleanText(label, 64));
}

void EntryBuilder::AddProgramme(std::string_view programme) {
  AddOnce(CleanText(programme, 256), entry_.mutable_programmes());
}

void EntryBuilder::AddPosition(std::string_view position) {
  AddOnce(CleanText(position, 512), entry_.mutable_positions());
}

void EntryBuilder::AddRemark(std::string_view remark) {
  std::string clean = CleanText(remark, kMaxRemarksBytes);
  if (clean.empty() || absl::StrContains(entry_.remarks(), clean)) return;
  if (!entry_.remarks().empty()) clean = absl::StrCat(entry_.remarks(), " ", clean);
  entry_.set_remarks(CleanText(clean, kMaxRemarksBytes));
}

void EntryBuilder::AddListingDate(const std::string& day) {
  if (!day.empty() && (entry_.listing_date().empty() || day < entry_.listing_date())) entry_.set_listing_date(day);
}

void EntryBuilder::SetDelistingDate(const std::string& day) {
  if (day > entry_.delisting_date()) entry_.set_delisting_date(day);
}

std::optional<v1::ListEntry> EntryBuilder::Build() {
  if (entry_.entry_id().empty() || entry_.names().empty()) return std::nullopt;
  auto* names = entry_.mutable_names();
  auto primary = names->end();
  for (const v1::ListNameKind kind : {v1::LIST_NAME_KIND_PRIMARY, v1::LIST_NAME_KIND_STRONG_ALIAS}) {
    if (primary != names->end()) break;
    primary = std::find_if(names->begin(), names->end(), [kind](const auto& name) { return name.kind() == kind; });
  }
  if (primary == names->end()) primary = names->begin();
  primary->set_kind(v1::LIST_NAME_KIND_PRIMARY);
  std::rotate(names->begin(), primary, primary + 1);
  return std::move(entry_);
}

v1::IdentifierKind IdentifierKindOf(std::string_view label) {
  const std::string lower = absl::AsciiStrToLower(std::string(label));
  struct Word {
    std::string_view text;
    v1::IdentifierKind kind;
  };
  // The first that occurs decides.
  static constexpr std::array<Word, 22> kWords = {{
      {"vessel registration identification", v1::IDENTIFIER_KIND_IMO},
      {"imo", v1::IDENTIFIER_KIND_IMO},
      {"mmsi", v1::IDENTIFIER_KIND_MMSI},
      {"call sign", v1::IDENTIFIER_KIND_CALL_SIGN},
      {"tail number", v1::IDENTIFIER_KIND_AIRCRAFT_REGISTRATION},
      {"aircraft serial", v1::IDENTIFIER_KIND_AIRCRAFT_SERIAL},
      {"construction number", v1::IDENTIFIER_KIND_AIRCRAFT_SERIAL},
      {"legal entity", v1::IDENTIFIER_KIND_LEI},
      {"passport", v1::IDENTIFIER_KIND_PASSPORT},
      {"swift", v1::IDENTIFIER_KIND_SWIFT},
      {"tax", v1::IDENTIFIER_KIND_TAX},
      {"fiscal", v1::IDENTIFIER_KIND_TAX},
      {"r.f.c.", v1::IDENTIFIER_KIND_TAX},
      {"c.u.i.t.", v1::IDENTIFIER_KIND_TAX},
      {"vat", v1::IDENTIFIER_KIND_TAX},
      {"regnumber", v1::IDENTIFIER_KIND_COMPANY_REGISTRATION},
      {"registration", v1::IDENTIFIER_KIND_COMPANY_REGISTRATION},
      {"business", v1::IDENTIFIER_KIND_COMPANY_REGISTRATION},
      {"company number", v1::IDENTIFIER_KIND_COMPANY_REGISTRATION},
      {"social credit", v1::IDENTIFIER_KIND_COMPANY_REGISTRATION},
      {"national", v1::IDENTIFIER_KIND_NATIONAL_ID},
      {"identi", v1::IDENTIFIER_KIND_NATIONAL_ID},
  }};
  for (const Word& word : kWords) {
    if (lower.find(word.text) != std::string::npos) return word.kind;
  }
  if (lower == "id" || absl::StrContains(lower, "cedula") || absl::StrContains(lower, "id card")) {
    return v1::IDENTIFIER_KIND_NATIONAL_ID;
  }
  return v1::IDENTIFIER_KIND_OTHER;
}

}  // namespace interdict::ingest
