#include "services/ingest/pipeline/page/lines.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <initializer_list>

#include "services/ingest/pipeline/decode/ascii.h"
#include "services/ingest/pipeline/normalise/dates.h"

namespace interdict::pipeline {
namespace {

constexpr size_t kLongestLine = 160;

std::vector<DateMention> DatesIn(std::string_view line) {
  Page page;
  page.text = std::string(line.substr(0, 400));
  while (!page.text.empty() && (static_cast<unsigned char>(page.text.back()) & 0xC0) == 0x80 && page.text.size() == 400)
    page.text.pop_back();
  page.blocks.push_back({BlockKind::kParagraph, 0, page.text.size()});
  return FindDates(page, Tokenize(page), "");
}

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
bool StartsWithAny(std::string_view lower, std::initializer_list<std::string_view> phrases) {
  return std::any_of(phrases.begin(), phrases.end(),
                     [&](std::string_view phrase) { return lower.starts_with(phrase); });
}

// Lower case, without the marks that decorate such lines (» : > *).
std::string Bare(std::string_view line) {
  std::string lower = LowerAscii(TrimAscii(line));
  while (!lower.empty() && std::string_view(":>*.-|[] ").find(lower.back()) != std::string_view::npos) lower.pop_back();
  size_t begin = 0;
  while (begin < lower.size() && std::string_view(">*-|[] ").find(lower[begin]) != std::string_view::npos) ++begin;
  return lower.substr(begin);
}

}  // namespace

std::string CollapseSpaces(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  bool space = false;
  for (int64_t i = 0; i < static_cast<int64_t>(text.size());) {
    const int64_t begin = i;
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

std::string DateOf(std::string_view text) {
  text = TrimAscii(text);
  if (text.size() > 10 && !IsAsciiDigit(text[10])) {
    std::string start;
    std::string last;
    if (const std::string day(text.substr(0, 10)); EdtfBounds(day, &start, &last)) return day;
  }
  std::string best;
  for (const DateMention& mention : DatesIn(text)) {
    if (mention.edtf.size() == 10) return mention.edtf;
    if (mention.edtf.size() == 7 && best.empty()) best = mention.edtf;
  }
  return best;
}

bool IsDateLine(std::string_view line, std::string* place) {
  if (line.size() > kLongestLine) return false;
  for (const DateMention& mention : DatesIn(line)) {
    if (mention.edtf.size() != 10) continue;
    const std::string_view before = TrimAscii(line.substr(0, mention.begin));
    const std::string_view after = TrimAscii(line.substr(mention.end));
    const bool marked = before.empty() || std::string_view(",:|").find(before.back()) != std::string_view::npos ||
                        before.ends_with("—") || before.ends_with("–") || before.ends_with("•") ||
                        before.ends_with("·");
    const std::string lower = LowerAscii(before);
    const bool told = lower.ends_with("published") || lower.ends_with("updated") || lower.ends_with("posted") ||
                      lower.ends_with("on") || lower.ends_with("dated") || lower.ends_with("released");
    if (CountWords(before) > 8 || CountWords(after) > 6 || !(marked || told)) continue;
    if (IsProse(line) && before.size() > 20) continue;
    if (place != nullptr && before.size() > 1 && before.back() == ',' && CountWords(before) <= 4 &&
        IsUpperAt(before, 0) && before.find_first_of("|:0123456789") == before.npos) {
      *place = std::string(before.substr(0, before.size() - 1));
    }
    return true;
  }
  return false;
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

std::string DatelineOf(std::string_view paragraph) {
  const std::string_view head = paragraph.substr(0, 120);
  size_t at = head.npos;
  for (const std::string_view mark : {" - ", " – ", " — ", " -- ", "—", "– ", ": "}) {
    const size_t found = head.find(mark);
    if (found != head.npos && found < at && (mark != ": " || found < 60)) at = found;
  }
  if (at == head.npos || at < 3) return "";
  std::string_view place = TrimAscii(head.substr(0, at));
  if (const size_t bracket = place.find('('); bracket != place.npos) {
    place = TrimAscii(place.substr(0, bracket));
  } else if (const auto dates = DatesIn(place); !dates.empty()) {
    place = TrimAscii(place.substr(0, dates[0].begin));
  }
  while (place.ends_with(',') || place.ends_with('.')) place.remove_suffix(1);
  if (place.empty() || CountWords(place) > 6 || place.find_first_of("0123456789\"!?;") != place.npos) return "";
  // The first word in capitals tells a date line from any other start with a dash.
  const std::string_view first = place.substr(0, place.find_first_of(" ,"));
  const std::vector<Token> tokens = TokenizePhrase(first);
  if (tokens.size() != 1 || !tokens[0].is_all_caps || first.size() < 3) return "";
  return std::string(place);
}

bool IsFurniture(std::string_view line) {
  if (line.size() > 200) return false;
  const std::string bare = Bare(line);
  if (bare.empty()) return true;
  if (IsAny(bare, {"breaking news",
                   "breaking",
                   "live",
                   "exclusive",
                   "advertisement",
                   "advertising",
                   "sponsored",
                   "sponsored content",
                   "share",
                   "print",
                   "email",
                   "tweet",
                   "facebook",
                   "twitter",
                   "whatsapp",
                   "linkedin",
                   "copy link",
                   "save",
                   "menu",
                   "search",
                   "login",
                   "log in",
                   "sign in",
                   "sign up",
                   "subscribe",
                   "read more",
                   "more",
                   "back to top",
                   "top",
                   "next",
                   "previous",
                   "end",
                   "ends",
                   "-30-",
                   "#",
                   "##",
                   "###",
                   "30",
                   "for immediate release",
                   "press release",
                   "news release",
                   "story continues below",
                   "skip to content",
                   "skip to main content",
                   "close",
                   "accept",
                   "accept all",
                   "comments",
                   "leave a comment",
                   "reply",
                   "home",
                   "loading"})) {
    return true;
  }
  if (StartsWithAny(bare, {"read more:",
                           "read also:",
                           "also read:",
                           "related:",
                           "see also:",
                           "share this",
                           "share on",
                           "follow us",
                           "subscribe to",
                           "sign up for",
                           "click here",
                           "©",
                           "copyright ©",
                           "copyright 20",
                           "all rights reserved",
                           "filed under",
                           "tags:",
                           "tagged:",
                           "this website uses cookies",
                           "we use cookies",
                           "download our app",
                           "get our newsletter",
                           "print this",
                           "email this",
                           "more on this",
                           "story continues"})) {
    return true;
  }
  return line.size() < 120 && bare.find("all rights reserved") != bare.npos;
}

bool IsFurnitureHeading(std::string_view line) {
  if (line.size() > 60) return false;
  const std::string bare = Bare(line);
  return IsAny(bare, {"related",
                      "related articles",
                      "related news",
                      "related stories",
                      "related posts",
                      "related links",
                      "related content",
                      "most read",
                      "most popular",
                      "trending",
                      "trending now",
                      "popular",
                      "latest",
                      "latest news",
                      "more news",
                      "more stories",
                      "recommended",
                      "recommended for you",
                      "you may also like",
                      "you might also like",
                      "read next",
                      "comments",
                      "leave a reply",
                      "leave a comment",
                      "join the conversation",
                      "newsletter",
                      "subscribe",
                      "share this",
                      "share this article",
                      "share this story",
                      "follow us",
                      "about us",
                      "contact us",
                      "advertisement",
                      "tags",
                      "categories",
                      "archives",
                      "recent posts",
                      "top stories",
                      "sections",
                      "navigation",
                      "in other news",
                      "editor's picks",
                      "don't miss",
                      "weather",
                      "also in the news"}) ||
         StartsWithAny(bare, {"more from ", "more in ", "more on ", "comments (", "most viewed"});
}

bool IsProse(std::string_view line) {
  if (CountWords(line) < 9) return false;
  while (line.ends_with("”") || line.ends_with("’")) line.remove_suffix(3);
  while (!line.empty() && (line.back() == '"' || line.back() == ')' || line.back() == '\'')) line.remove_suffix(1);
  return line.ends_with('.') || line.ends_with('!') || line.ends_with('?') || line.ends_with(':') ||
         line.ends_with("…") || CountWords(line) > 35;
}

}  // namespace interdict::pipeline
