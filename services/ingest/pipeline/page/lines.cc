#include "services/ingest/pipeline/page/lines.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <initializer_list>

#include "services/ingest/pipeline/decode/ascii.h"

namespace interdict::pipeline {
namespace {

constexpr size_t kLongestLine = 160;

bool IsUpperAt(std::string_view text, size_t at) {
  if (at >= text.size()) return false;
  int32_t i = static_cast<int32_t>(at);
  UChar32 c;
  U8_NEXT(text.data(), i, static_cast<int32_t>(text.size()), c);
  return c >= 0 && u_isupper(c);
}

bool IsAny(std::string_view lower, std::initializer_list<std::string_view> phrases) {
  return std::find(phrases.begin(), phrases.end(), lower) != phrases.end();
}

}  // namespace

std::string CollapseSpaces(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  bool space = false;
  for (int64_t i = 0; i < static_cast<int64_t>(text.size());) {
    const int64_t begin = i;
    // Runs of visible ASCII, which is most of any text, are copied as they are.
    while (i < static_cast<int64_t>(text.size()) && text[static_cast<size_t>(i)] > 0x20 &&
           text[static_cast<size_t>(i)] < 0x7F)
      ++i;
    if (i > begin) {
      if (space) out += ' ';
      space = false;
      out.append(text.substr(static_cast<size_t>(begin), static_cast<size_t>(i - begin)));
      continue;
    }
    UChar32 c;
    U8_NEXT(text.data(), i, static_cast<int64_t>(text.size()), c);
    if (c == 0xAD) continue;  // soft hyphen
    if (c >= 0 && (u_isUWhiteSpace(c) || c == 0x200B || c == 0xFEFF || c < 0x20 || c == 0x7F)) {
      space = !out.empty();
      continue;
    }
    if (space) out += ' ';
    space = false;
    out.append(text.substr(static_cast<size_t>(begin), static_cast<size_t>(i - begin)));
  }
  return out;
}

size_t CountWords(std::string_view line) {
  return line.empty() ? 0 : 1 + static_cast<size_t>(std::count(line.begin(), line.end(), ' '));
}

std::vector<std::string> TrailOf(std::string_view line) {
  std::vector<std::string> items;
  if (line.size() > 400) return items;
  for (const std::string_view mark : {" / ", " > ", " » ", " › ", " \\ ", " → "}) {
    items.clear();
    size_t begin = 0;
    for (size_t at = line.find(mark); at != line.npos; at = line.find(mark, begin)) {
      items.emplace_back(TrimAscii(line.substr(begin, at - begin)));
      begin = at + mark.size();
    }
    if (items.empty()) continue;
    items.emplace_back(TrimAscii(line.substr(begin)));
    const std::string first = LowerAscii(items[0]);
    const bool home = IsAny(first, {"home", "homepage", "start", "news", "main", "front page"});
    if (!home && (items.size() < 3 || IsProse(line))) continue;
    if (std::any_of(items.begin(), items.end(), [](const std::string& item) { return item.empty(); })) continue;
    return items;
  }
  return {};
}

std::string BylineOf(std::string_view line) {
  if (line.size() > kLongestLine || CountWords(line) > 14 || !StartsWithIgnoringCase(line, "by ")) return "";
  if (line.ends_with('.') && CountWords(line) > 5) return "";
  const std::string_view name = TrimAscii(line.substr(3));
  if (IsUpperAt(name, 0) || StartsWithIgnoringCase(name, "our ") || StartsWithIgnoringCase(name, "a ") ||
      StartsWithIgnoringCase(name, "staff")) {
    return std::string(name);
  }
  return "";
}

bool IsProse(std::string_view line) {
  if (CountWords(line) < 9) return false;
  while (line.ends_with("”") || line.ends_with("’")) line.remove_suffix(3);
  while (!line.empty() && (line.back() == '"' || line.back() == ')' || line.back() == '\'')) line.remove_suffix(1);
  return line.ends_with('.') || line.ends_with('!') || line.ends_with('?') || line.ends_with(':') ||
         line.ends_with("…") || CountWords(line) > 35;
}

}  // namespace interdict::pipeline
