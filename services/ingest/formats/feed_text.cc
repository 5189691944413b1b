#include "services/ingest/formats/feed_text.h"

#include <algorithm>

#include "services/ingest/pipeline/decode/ascii.h"

namespace interdict::formats {
namespace {

constexpr size_t kLongestReference = 12;

bool IsForbidden(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r';
}

// Whether the number behind `&#` names a character that XML allows.
bool IsCharacter(std::string_view digits) {
  uint32_t value = 0;
  const bool hex = !digits.empty() && digits[0] == 'x';
  if (hex) digits.remove_prefix(1);
  if (digits.empty() || digits.size() > 7) return false;
  for (const char c : digits) {
    const char lower = pipeline::LowerAscii(c);
    const bool letter = lower >= 'a' && lower <= 'f';
    if (!pipeline::IsAsciiDigit(c) && !(hex && letter)) return false;
    value = value * (hex ? 16 : 10) + static_cast<uint32_t>(letter ? lower - 'a' + 10 : c - '0');
  }
  return value == 9 || value == 10 || value == 13 || (value >= 0x20 && value <= 0xD7FF) ||
         (value >= 0xE000 && value <= 0xFFFD) || (value >= 0x10000 && value <= 0x10FFFF);
}

// Whether `text`, which begins behind an `&`, opens with a reference that needs no declaration.
bool IsReference(std::string_view text) {
  const size_t end = text.substr(0, kLongestReference).find(';');
  if (end == text.npos) return false;
  const std::string_view name = text.substr(0, end);
  if (name.starts_with('#')) return IsCharacter(name.substr(1));
  return name == "amp" || name == "lt" || name == "gt" || name == "quot" || name == "apos";
}

// Where the section that opens at the begin of `text` with `open` ends, one past `close`; 0 where it does not open.
size_t EndOfSection(std::string_view text, std::string_view open, std::string_view close) {
  if (!text.starts_with(open)) return 0;
  const size_t end = text.find(close, open.size());
  return end == text.npos ? text.size() : end + close.size();
}

}  // namespace

std::string MendXml(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 16);
  size_t verbatim_until = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    if (i >= verbatim_until && text[i] == '<') {
      const std::string_view rest = text.substr(i);
      verbatim_until = i + std::max(EndOfSection(rest, "<![CDATA[", "]]>"), EndOfSection(rest, "<!--", "-->"));
    }
    if (IsForbidden(text[i])) continue;
    if (text[i] == '&' && i >= verbatim_until && !IsReference(text.substr(i + 1))) {
      out += "&amp;";
    } else {
      out += text[i];
    }
  }
  // U+FFFE and U+FFFF are forbidden as well.
  for (const std::string_view bad : {"\xEF\xBF\xBE", "\xEF\xBF\xBF"}) {
    for (size_t at = out.find(bad); at != out.npos; at = out.find(bad, at)) out.replace(at, bad.size(), "\xEF\xBF\xBD");
  }
  return out;
}

}  // namespace interdict::formats
