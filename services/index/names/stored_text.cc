#include "services/index/names/stored_text.h"

#include <unicode/unistr.h>

#include "services/index/names/normalised_name.h"

namespace interdict::names {
namespace {

void CutAtCharacter(std::string& text) {
  if (text.size() <= kMaxNameBytes) return;
  size_t size = kMaxNameBytes;
  while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80) --size;
  text.resize(size);
}

}  // namespace

std::string StoredText(std::string_view name) {
  std::string text(name.substr(0, kMaxNameBytes + 4));
  CutAtCharacter(text);
  const icu::UnicodeString unicode =
      icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<int32_t>(text.size())));
  std::string valid;
  unicode.toUTF8String(valid);
  CutAtCharacter(valid);  // a replacement is longer than the byte that it replaces
  return valid;
}

}  // namespace interdict::names
