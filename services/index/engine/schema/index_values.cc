#include "services/index/engine/schema/index_values.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_join.h"
#include "services/index/engine/analyzer.h"

namespace interdict::index {

std::string NameKey(std::string_view name) { return absl::StrJoin(Analyze(name), " "); }

std::string CutKeyword(std::string keyword) {
  keyword.erase(std::remove(keyword.begin(), keyword.end(), '\0'), keyword.end());
  if (keyword.size() <= kMaxKeywordBytes) return keyword;
  size_t end = kMaxKeywordBytes;
  while (end > 0 && (static_cast<unsigned char>(keyword[end]) & 0xC0) == 0x80) --end;
  keyword.resize(end);
  return keyword;
}

std::string HostOf(std::string_view url) {
  const size_t scheme = url.find("://");
  if (scheme == std::string_view::npos) return "";
  std::string_view rest = url.substr(scheme + 3);
  rest = rest.substr(0, rest.find_first_of("/?#"));
  const size_t at = rest.rfind('@');
  if (at != std::string_view::npos) rest = rest.substr(at + 1);
  const size_t port = rest.rfind(':');
  if (port != std::string_view::npos && rest.find(']', port) == std::string_view::npos) rest = rest.substr(0, port);
  std::string host = absl::AsciiStrToLower(std::string(rest));
  constexpr std::string_view kWww = "www.";
  if (host.rfind(kWww, 0) == 0) host = host.substr(kWww.size());
  return host;
}

}  // namespace interdict::index
