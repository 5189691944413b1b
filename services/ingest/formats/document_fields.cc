#include "services/ingest/formats/document_fields.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>

#include "services/ingest/pipeline/decode/ascii.h"

namespace interdict::formats {
namespace {

constexpr size_t kMaxUrlBytes = 2048;

}  // namespace

std::string UrlField(std::string_view url) {
  url = pipeline::TrimAscii(url);
  const size_t scheme = pipeline::StartsWithIgnoringCase(url, "https://")  ? 8
                        : pipeline::StartsWithIgnoringCase(url, "http://") ? 7
                                                                           : 0;
  if (scheme == 0 || url.size() > kMaxUrlBytes || url.find_first_of("/?#", scheme) == scheme || url.size() == scheme) {
    return "";
  }
  // Other characters than these are to be percent-encoded; a URL that holds them leads nowhere.
  const bool plain = std::all_of(url.begin(), url.end(), [](char c) { return c > ' ' && c <= '~'; });
  if (!plain) return "";
  // The scheme in lower case, as the pipeline wants it.
  return pipeline::LowerAscii(url.substr(0, scheme)) + std::string(url.substr(scheme));
}

std::string NameField(std::string_view text, size_t max_bytes) {
  std::string out;
  const auto size = static_cast<int32_t>(std::min<size_t>(text.size(), 4 * max_bytes));
  for (int32_t at = 0; at < size;) {
    const int32_t begin = at;
    UChar32 c = 0;
    U8_NEXT(text.data(), at, size, c);
    if (c < 0) continue;
    const uint32_t category = U_GET_GC_MASK(c);
    if ((category & (U_GC_CC_MASK | U_GC_Z_MASK)) != 0) {
      if (!out.empty() && out.back() != ' ') out += ' ';
      continue;
    }
    if ((category & (U_GC_CS_MASK | U_GC_CN_MASK)) != 0) continue;
    if (out.size() + static_cast<size_t>(at - begin) > max_bytes) break;
    out.append(text.substr(static_cast<size_t>(begin), static_cast<size_t>(at - begin)));
  }
  while (!out.empty() && out.back() == ' ') out.pop_back();
  if (out.size() > max_bytes) out.resize(max_bytes);
  return out;
}

}  // namespace interdict::formats
