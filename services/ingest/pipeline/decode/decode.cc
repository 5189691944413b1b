#include "services/ingest/pipeline/decode/decode.h"

#include <unicode/ucnv.h>
#include <unicode/unistr.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <array>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "services/ingest/pipeline/decode/ascii.h"
#include "services/ingest/pipeline/decode/charset.h"
#include "services/ingest/pipeline/decode/utf8.h"

namespace interdict::pipeline {
namespace {

// A media type, taken apart.
struct ContentType {
  std::string type;  // lower case; empty where none was given
  std::string charset;
};

ContentType ParseContentType(std::string_view content_type) {
  ContentType out;
  size_t end = std::min(content_type.find(';'), content_type.size());
  out.type = LowerAscii(TrimAscii(content_type.substr(0, end)));
  while (end < content_type.size() && out.charset.empty()) {
    const size_t begin = end + 1;
    end = std::min(content_type.find(';', begin), content_type.size());
    std::string_view part = TrimAscii(content_type.substr(begin, end - begin));
    if (!StartsWithIgnoringCase(part, "charset=")) continue;
    part.remove_prefix(8);
    for (const char c : part) {
      if (c != '"' && c != '\'') out.charset += c;
    }
  }
  return out;
}

// What of `text` an error message may repeat.
std::string Printable(std::string_view text) {
  std::string out(text.substr(0, 80));
  for (char& c : out) {
    if (c < ' ' || c > '~') c = '?';
  }
  return out;
}

// Well-known formats that are no text, by their first bytes; null for none of them.
const char* BinaryFormat(std::string_view content) {
  constexpr std::pair<std::string_view, const char*> kMagic[] = {
      {"%PDF-", "a PDF file"},           {"PK\x03\x04", "a ZIP or office file"},
      {"\x89PNG", "a PNG image"},        {"\xFF\xD8\xFF", "a JPEG image"},
      {"GIF8", "a GIF image"},           {"\x1F\x8B", "gzip data"},
      {"{\\rtf", "an RTF file"},         {"\xD0\xCF\x11\xE0", "an office file"},
      {"\x28\xB5\x2F\xFD", "zstd data"},
  };
  for (const auto& [magic, name] : kMagic) {
    if (content.substr(0, magic.size()) == magic) return name;
  }
  return nullptr;
}

absl::StatusOr<std::string> Convert(std::string_view bytes, const std::string& charset) {
  UErrorCode status = U_ZERO_ERROR;
  UConverter* converter = ucnv_open(charset.c_str(), &status);
  if (U_FAILURE(status))
    return absl::InternalError(absl::StrCat("no converter for charset ", charset, ": ", u_errorName(status)));
  // Collected as UTF-16 first: a buffer may end between the halves of a surrogate pair.
  icu::UnicodeString utf16;
  const char* source = bytes.data();
  const char* const end = source + bytes.size();
  std::array<UChar, 8192> buffer;
  do {
    status = U_ZERO_ERROR;
    UChar* target = buffer.data();
    ucnv_toUnicode(converter, &target, buffer.data() + buffer.size(), &source, end, nullptr, true, &status);
    utf16.append(buffer.data(), static_cast<int32_t>(target - buffer.data()));
  } while (status == U_BUFFER_OVERFLOW_ERROR);
  ucnv_close(converter);
  if (U_FAILURE(status))
    return absl::InternalError(absl::StrCat("converting from ", charset, ": ", u_errorName(status)));
  std::string out;
  utf16.toUTF8String(out);
  return out;
}

// A text with NULs out and line ends as '\n', and how much of it is no text.
struct Cleaned {
  std::string text;
  size_t characters = 0;
  size_t controls = 0;  // NULs and control characters other than white space
  size_t replacements = 0;
};

Cleaned Clean(std::string_view text) {
  Cleaned out;
  out.text.reserve(text.size());
  const int64_t size = static_cast<int64_t>(text.size());
  for (int64_t i = 0; i < size;) {
    const int64_t begin = i;
    UChar32 c;
    U8_NEXT(text.data(), i, size, c);
    ++out.characters;
    if (c == 0xFFFD) ++out.replacements;
    const bool space = c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v' || c == 0x85;
    if ((c < 0x20 || (c >= 0x7F && c < 0xA0)) && !space) ++out.controls;
    if (c == 0) continue;
    if (c == '\r') {
      if (i >= size || text[static_cast<size_t>(i)] != '\n') out.text += '\n';
    } else if (c == 0x2028 || c == 0x2029 || c == 0x85) {
      out.text += '\n';
    } else {
      out.text.append(text.substr(static_cast<size_t>(begin), static_cast<size_t>(i - begin)));
    }
  }
  return out;
}

// Whether a text without a media type is markup: it opens with a doctype, an XML declaration, a comment or a usual
// element.
bool LooksLikeHtml(std::string_view text) {
  text = TrimAscii(text);
  while (text.starts_with("<!--")) {
    const size_t end = text.find("-->");
    if (end == text.npos) return true;
    text = TrimAscii(text.substr(end + 3));
  }
  if (text.empty() || text[0] != '<') return false;
  constexpr std::string_view kOpenings[] = {"!doctype html",
                                            "html",
                                            "head",
                                            "body",
                                            "?xml",
                                            "meta",
                                            "title",
                                            "div",
                                            "p",
                                            "table",
                                            "h1",
                                            "h2",
                                            "h3",
                                            "br",
                                            "ul",
                                            "ol",
                                            "article",
                                            "main",
                                            "script",
                                            "style",
                                            "center",
                                            "font",
                                            "link",
                                            "header",
                                            "section",
                                            "span",
                                            "a",
                                            "b",
                                            "i"};
  for (const std::string_view opening : kOpenings) {
    if (!StartsWithIgnoringCase(text.substr(1), opening)) continue;
    const std::string_view behind = text.substr(1 + opening.size(), 1);
    if (behind.empty() || !IsAsciiAlnum(behind[0])) return true;
  }
  return false;
}

}  // namespace

absl::StatusOr<DecodedText> Decode(std::string_view content, std::string_view content_type) {
  const ContentType type = ParseContentType(content_type);
  if (!type.type.empty() && type.type != "text/plain" && type.type != "text/html" &&
      type.type != "application/xhtml+xml") {
    return absl::InvalidArgumentError(
        absl::StrCat("document.content_type: '", Printable(type.type),
                     "' is not read; send text/plain, text/html or application/xhtml+xml, or leave it empty"));
  }
  if (content.empty()) return absl::InvalidArgumentError("document.content: is empty; send the document's bytes");
  if (const char* format = BinaryFormat(content)) {
    return absl::InvalidArgumentError(
        absl::StrCat("document.content: is ", format, ", which is not read; send its text"));
  }
  const CharsetChoice choice = ChooseCharset(content, type.charset);
  const std::string_view body = content.substr(choice.mark_size_bytes);
  std::string utf8;
  if (choice.name == "UTF-8") {
    utf8 = RepairUtf8(body);
  } else {
    absl::StatusOr<std::string> converted = Convert(body, choice.name);
    if (!converted.ok()) return converted.status();
    utf8 = *std::move(converted);
  }
  Cleaned cleaned = Clean(utf8);
  if ((cleaned.controls + cleaned.replacements) * 10 > cleaned.characters) {
    return absl::InvalidArgumentError(
        "document.content: is no text: more than a tenth of it is undecodable or control characters; send text or "
        "HTML");
  }
  DecodedText out;
  out.text = std::move(cleaned.text);
  out.charset = choice.name;
  out.replaced_count = cleaned.replacements;
  const bool html = type.type.empty() ? LooksLikeHtml(out.text) : type.type != "text/plain";
  out.media_type = html ? MediaType::kHtml : MediaType::kPlainText;
  return out;
}

}  // namespace interdict::pipeline
