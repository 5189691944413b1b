#include "services/ingest/pipeline/tokens/fold.h"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>

namespace interdict::pipeline {
namespace {

// Letters that Unicode does not decompose, and marks that spelling varies in. Null: the code point stays; empty: it
// vanishes.
const char* Replacement(UChar32 c) {
  switch (c) {
    case 0x00AD:  // soft hyphen
    case 0x200B:  // zero-width space, joiners
    case 0x200C:
    case 0x200D:
    case 0x02BE:  // hamza
    case 0x02BF:  // ayn
    case 0x02BC:
    case 0x02BB:
      return "";
    case 0x2018:
    case 0x2019:
    case 0x02B9:
    case 0x00B4:
      return "'";
    case 0x2010:
    case 0x2011:
      return "-";
    case 0x00F8:
      return "o";
    case 0x0142:
      return "l";
    case 0x0111:
    case 0x00F0:
      return "d";
    case 0x0127:
      return "h";
    case 0x0131:
      return "i";
    case 0x00E6:
      return "ae";
    case 0x0153:
      return "oe";
    case 0x00FE:
      return "th";
    case 0x0259:
      return "e";
    default:
      return nullptr;
  }
}

std::string FoldUnicode(std::string_view text) {
  icu::UnicodeString source =
      icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<int32_t>(text.size())));
  source.foldCase();
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* nfkd = icu::Normalizer2::getNFKDInstance(status);
  icu::UnicodeString decomposed = U_SUCCESS(status) ? nfkd->normalize(source, status) : source;
  if (U_FAILURE(status)) decomposed = source;
  icu::UnicodeString out;
  for (int32_t i = 0; i < decomposed.length();) {
    const UChar32 c = decomposed.char32At(i);
    i += U16_LENGTH(c);
    if (u_charType(c) == U_NON_SPACING_MARK) continue;
    if (const char* replacement = Replacement(c)) {
      out.append(icu::UnicodeString(replacement, -1, US_INV));
    } else {
      out.append(c);
    }
  }
  // Compatibility decomposition can bring capitals back (℃ → °C).
  out.foldCase();
  std::string utf8;
  out.toUTF8String(utf8);
  return utf8;
}

}  // namespace

std::string Fold(std::string_view text) {
  if (std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; })) {
    return FoldUnicode(text);
  }
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

}  // namespace interdict::pipeline
