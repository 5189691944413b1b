// Keys inside a segment. In the store each is preceded by the segment's number (4 bytes, big-endian). The order
// matters: small values first, then positions, then posting lists, so that three sorted runs make a segment.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace interdict::index {

// A text field's terms, or its exact forms.
using Slot = uint8_t;
inline Slot SlotOf(uint16_t text_field, bool exact) { return static_cast<Slot>(text_field * 2 + (exact ? 1 : 0)); }
inline constexpr int kSlots = 64;

namespace segment_key {

inline constexpr char kMeta = '0';        // documents (4)
inline constexpr char kNumbers = '1';     // document numbers (4 each), ascending
inline constexpr char kLengths = '2';     // + text field (1): LengthView
inline constexpr char kColumn = '3';      // + column (2): NumberColumnView
inline constexpr char kSorted = '4';      // + column (2): ordinals (4 each), greatest value first, then highest ordinal
inline constexpr char kDictionary = '5';  // + keyword field (2): KeywordDictionaryView
inline constexpr char kKeywords = '6';    // + keyword field (2): CodeView of ordinals + 1
inline constexpr char kKeywordSet = '7';  // + keyword field (2) + value: DocSetView
inline constexpr char kPoints = '8';      // + geo field (2): GeoColumnView
inline constexpr char kVocabulary = '9';  // + slot (1) + last term of the block: terms with document counts
inline constexpr char kPositions = 'P';   // + slot (1) + term + 0x00 + chunk (4): positions
inline constexpr char kPostings = 'T';    // + slot (1) + term: PostingCursor

inline std::string OfField(char kind, uint16_t field) {
  return {kind, static_cast<char>(field >> 8), static_cast<char>(field & 0xFF)};
}
inline std::string Lengths(uint16_t text_field) { return {kLengths, static_cast<char>(text_field)}; }
inline std::string KeywordSet(uint16_t field, std::string_view value) {
  return OfField(kKeywordSet, field).append(value);
}
inline std::string OfTerm(char kind, Slot slot, std::string_view term) {
  std::string key;
  key.reserve(2 + term.size() + 5);
  key.push_back(kind);
  key.push_back(static_cast<char>(slot));
  key.append(term);
  return key;
}
inline std::string Positions(Slot slot, std::string_view term, uint32_t chunk) {
  std::string key = OfTerm(kPositions, slot, term);
  key.push_back('\0');
  for (int shift = 24; shift >= 0; shift -= 8) key.push_back(static_cast<char>(chunk >> shift & 0xFF));
  return key;
}

}  // namespace segment_key
}  // namespace interdict::index
