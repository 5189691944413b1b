#include "services/ingest/pipeline/decode/charset.h"

#include <unicode/ucnv.h>
#include <unicode/ucsdet.h>

#include <algorithm>

#include "services/ingest/pipeline/decode/ascii.h"
#include "services/ingest/pipeline/decode/utf8.h"

namespace interdict::pipeline {
namespace {

constexpr size_t kPrologBytes = 4096;
constexpr size_t kDetectionBytes = 64 * 1024;
constexpr int kLeastConfidence = 30;

// IANA name of what browsers decode under `label`; empty for an unknown one.
std::string CanonicalName(std::string_view label) {
  const std::string name = LowerAscii(TrimAscii(label));
  if (name.empty() || name.size() > 40) return "";
  if (name == "utf-8" || name == "utf8") return "UTF-8";
  // The web's rule: these names mean their Windows superset.
  if (name == "iso-8859-1" || name == "latin1" || name == "us-ascii" || name == "ascii" || name == "iso8859-1")
    return "windows-1252";
  if (name == "iso-8859-9" || name == "latin5") return "windows-1254";
  if (name == "gb2312" || name == "gbk") return "GB18030";
  UErrorCode status = U_ZERO_ERROR;
  UConverter* converter = ucnv_open(name.c_str(), &status);
  if (U_FAILURE(status)) return "";
  ucnv_close(converter);
  status = U_ZERO_ERROR;
  // ICU calls the preferred names of the IANA registry "MIME".
  const char* standard = ucnv_getStandardName(name.c_str(), "MIME", &status);
  if (standard == nullptr) standard = ucnv_getStandardName(name.c_str(), "IANA", &status);
  return standard != nullptr ? standard : name;
}

bool IsSingleByte(std::string_view name) {
  return name.starts_with("windows-") || StartsWithIgnoringCase(name, "iso-8859-") ||
         StartsWithIgnoringCase(name, "ibm") || StartsWithIgnoringCase(name, "koi8");
}

CharsetChoice FromMark(std::string_view bytes) {
  const auto starts = [&](std::string_view mark) { return bytes.substr(0, mark.size()) == mark; };
  if (starts("\xEF\xBB\xBF")) return {"UTF-8", 3};
  if (starts(std::string_view("\xFF\xFE\x00\x00", 4))) return {"UTF-32LE", 4};
  if (starts(std::string_view("\x00\x00\xFE\xFF", 4))) return {"UTF-32BE", 4};
  if (starts("\xFF\xFE")) return {"UTF-16LE", 2};
  if (starts("\xFE\xFF")) return {"UTF-16BE", 2};
  return {};
}

// The value behind `key` and '=' in `tag` ("charset = 'utf-8'"); empty where there is none.
std::string_view ValueOf(std::string_view tag, std::string_view key) {
  size_t at = tag.find(key);
  if (at == tag.npos) return {};
  at = tag.find_first_not_of(" \t\r\n", at + key.size());
  if (at == tag.npos || tag[at] != '=') return {};
  at = tag.find_first_not_of(" \t\r\n\"'", at + 1);
  if (at == tag.npos) return {};
  return tag.substr(at, tag.find_first_of(" \t\r\n\"';>/?", at) - at);
}

// What the markup says of itself. UTF-16 there cannot be true, since the declaration was readable as ASCII.
std::string FromProlog(std::string_view bytes) {
  const std::string prolog = LowerAscii(bytes.substr(0, kPrologBytes));
  std::string_view found;
  if (const size_t xml = prolog.find("<?xml"); xml != prolog.npos && xml < 8) {
    found = ValueOf(std::string_view(prolog).substr(xml, prolog.find('>', xml) - xml), "encoding");
  }
  for (size_t meta = prolog.find("<meta"); found.empty() && meta != prolog.npos;
       meta = prolog.find("<meta", meta + 5)) {
    found = ValueOf(std::string_view(prolog).substr(meta, prolog.find('>', meta) - meta), "charset");
  }
  const std::string name = CanonicalName(found);
  return name.starts_with("UTF-16") ? "UTF-8" : name;
}

// UTF-16 without a mark: ASCII text has a NUL in every second place.
std::string FromNuls(std::string_view bytes) {
  const std::string_view head = bytes.substr(0, kPrologBytes);
  size_t nuls[2] = {0, 0};
  for (size_t i = 0; i < head.size(); ++i) nuls[i % 2] += head[i] == '\0' ? 1 : 0;
  const size_t pairs = head.size() / 2;
  if (pairs < 4) return "";
  if (nuls[1] * 10 > pairs * 7 && nuls[0] * 20 < pairs) return "UTF-16LE";
  if (nuls[0] * 10 > pairs * 7 && nuls[1] * 20 < pairs) return "UTF-16BE";
  return "";
}

std::string Detect(std::string_view bytes) {
  const std::string_view head = bytes.substr(0, kDetectionBytes);
  UErrorCode status = U_ZERO_ERROR;
  UCharsetDetector* detector = ucsdet_open(&status);
  std::string name;
  if (U_SUCCESS(status)) {
    ucsdet_enableInputFilter(detector, true);  // markup tells nothing of the language
    ucsdet_setText(detector, head.data(), static_cast<int32_t>(head.size()), &status);
    const UCharsetMatch* match = ucsdet_detect(detector, &status);
    if (U_SUCCESS(status) && match != nullptr && ucsdet_getConfidence(match, &status) >= kLeastConfidence) {
      const char* found = ucsdet_getName(match, &status);
      if (U_SUCCESS(status) && found != nullptr) name = CanonicalName(found);
    }
    ucsdet_close(detector);
  }
  // Bytes that are no valid UTF-8 and have no mark are neither of these.
  if (name.empty() || name.starts_with("UTF-")) return "windows-1252";
  return name;
}

}  // namespace

CharsetChoice ChooseCharset(std::string_view bytes, std::string_view declared) {
  if (CharsetChoice marked = FromMark(bytes); !marked.name.empty()) return marked;
  std::string name = CanonicalName(declared);
  if (name.empty()) name = FromProlog(bytes);
  if (!name.empty() && name != "UTF-8" && !IsSingleByte(name)) return {name, 0};
  if (const std::string wide = FromNuls(bytes); !wide.empty()) return {wide, 0};
  const Utf8Check check = CheckUtf8(bytes);
  if (name.empty()) return {check.invalid_count == 0 ? "UTF-8" : Detect(bytes), 0};
  if (name == "UTF-8") return {check.invalid_count > 0 && check.multibyte_count == 0 ? Detect(bytes) : name, 0};
  return {check.invalid_count == 0 && check.multibyte_count > 0 ? "UTF-8" : name, 0};
}

}  // namespace interdict::pipeline
