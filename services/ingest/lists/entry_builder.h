// Puts one list entry together out of what a file says: cleans and bounds the values, keeps each once.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "interdict/v1/reference_list.pb.h"

namespace interdict::ingest {

// Bounds of an entry; what is longer is cut at a character, what is more is left out.
inline constexpr size_t kMaxEntryIdBytes = 256;
inline constexpr size_t kMaxNameBytes = 512;
inline constexpr int kMaxNames = 1000;
inline constexpr int kMaxValues = 200;
inline constexpr size_t kMaxIdentifierBytes = 128;
inline constexpr size_t kMaxRemarksBytes = 4000;

// The text with each run of blanks and control characters as one blank, broken UTF-8 replaced, cut to `max_bytes`.
std::string CleanText(std::string_view text, size_t max_bytes);

// Not thread-safe. The setters ignore empty values.
class EntryBuilder {
 public:
  EntryBuilder(std::string_view entry_id, v1::PartyKind kind);

  // A name with no letter or digit in it is ignored; the same name twice keeps the first kind. A name in another script
  // than Latin is of kind ORIGINAL_SCRIPT unless it is weak or a former one.
  void AddName(std::string_view full_name, v1::ListNameKind kind, std::string_view language = "");
  // A name whose parts the list tells apart.
  void AddNameParts(std::string_view given_name, std::string_view family_name, v1::ListNameKind kind);
  // EDTF, as ListDate makes it.
  void AddBirthDate(const std::string& edtf);
  // Countries as written; unknown ones are ignored.
  void AddNationality(std::string_view country);
  void AddAddressCountry(std::string_view country);
  // `country` as written; `label` is the list's word for the kind. An IMO number keeps its digits only.
  void AddIdentifier(v1::IdentifierKind kind, std::string_view value, std::string_view country, std::string_view label);
  void AddProgramme(std::string_view programme);
  void AddPosition(std::string_view position);
  void AddRemark(std::string_view remark);
  // The earliest and the latest of several.
  void AddListingDate(const std::string& day);
  void SetDelistingDate(const std::string& day);
  void set_kind(v1::PartyKind kind) { entry_.set_kind(kind); }
  const v1::ListEntry& entry() const { return entry_; }

  // The entry, its primary name first; nullopt if it has no id or no name.
  std::optional<v1::ListEntry> Build();

 private:
  v1::ListEntry entry_;
};

// The kind that the list's word stands for: `Passport`, `Tax ID No.`, `IMO number`. OTHER for what is not known.
v1::IdentifierKind IdentifierKindOf(std::string_view label);

}  // namespace interdict::ingest
