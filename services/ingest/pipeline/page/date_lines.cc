#include "services/ingest/pipeline/page/date_lines.h"

#include <algorithm>
#include <initializer_list>
#include <vector>

#include "services/ingest/pipeline/decode/ascii.h"
#include "services/ingest/pipeline/normalise/dates.h"
#include "services/ingest/pipeline/page/labels.h"
#include "services/ingest/pipeline/page/lines.h"

namespace interdict::pipeline {
namespace {

constexpr size_t kLongestLine = 200;
constexpr size_t kMostPlaceWords = 4;
constexpr size_t kDatelineBytes = 140;

std::vector<DateMention> DatesIn(std::string_view line) {
  Page page;
  size_t size = std::min<size_t>(line.size(), 400);
  while (size < line.size() && size > 0 && (static_cast<unsigned char>(line[size]) & 0xC0) == 0x80) --size;
  page.text = std::string(line.substr(0, size));
  page.blocks.push_back({BlockKind::kParagraph, 0, page.text.size()});
  return FindDates(page, Tokenize(page), "");
}

// The day that a mention tells, "since 4 June 2018" included; empty for a month or year.
std::string DayOf(const DateMention& mention) {
  const bool open = mention.edtf.size() == 13 && mention.edtf.ends_with("/..");
  return mention.edtf.size() == 10 || open ? mention.edtf.substr(0, 10) : std::string();
}

bool EndsWithAny(std::string_view text, std::initializer_list<std::string_view> ends) {
  return std::any_of(ends.begin(), ends.end(), [&](std::string_view end) { return text.ends_with(end); });
}

// Whether what stands before a date announces it: nothing, a mark, or "published", "on", "updated".
bool Announces(std::string_view before) {
  if (before.empty() || std::string_view(",:|").find(before.back()) != before.npos) return true;
  return EndsWithAny(LowerAscii(before), {"—", "–", "•", "·", "-", "published", "updated", "posted", "on", "dated",
                                          "released", "filed", "issued", "online", "entered", "modified", "date"});
}

std::vector<std::string_view> Parts(std::string_view line) {
  std::vector<std::string_view> parts;
  for (size_t begin = 0; begin <= line.size();) {
    size_t end = line.size();
    size_t mark_size = 1;
    for (const std::string_view mark : {" | ", " · ", " • ", " — "}) {
      if (const size_t at = line.find(mark, begin); at < end) {
        end = at;
        mark_size = mark.size();
      }
    }
    parts.push_back(TrimAscii(line.substr(begin, end - begin)));
    begin = end + mark_size;
  }
  return parts;
}

bool IsPersonLike(std::string_view text) {
  const size_t words = CountWords(text);
  for (const std::string_view word : {" on ", " the ", " of ", " and ", " in ", " for ", " at "}) {
    if (text.find(word) != text.npos) return false;
  }
  return words >= 2 && words <= 4 && IsNameLike(text) && !IsOutletName(text) && !IsSectionLabel(text) &&
         text.find_first_of("0123456789,:&/") == text.npos;
}

// Sorts out the text before a date in one part of a date line: "Kampala,", "The Baltic Review,", "Press information,".
void ReadBefore(std::string_view before, DateLine& out) {
  if (!before.ends_with(',')) return;
  before = TrimAscii(before.substr(0, before.size() - 1));
  for (size_t begin = 0; begin < before.size();) {
    const size_t comma = std::min(before.find(", ", begin), before.size());
    const std::string_view piece = before.substr(begin, comma - begin);
    if (out.publisher.empty() && CountWords(piece) >= 2 && IsOutletName(piece)) out.publisher = std::string(piece);
    begin = comma + 2;
  }
  if (!out.publisher.empty()) return;
  if (IsSectionLabel(before)) {
    out.section = std::string(before);
  } else if (CountWords(before) <= kMostPlaceWords && IsNameLike(before) && !IsOutletName(before) &&
             before.find_first_of("|:&0123456789") == before.npos) {
    out.place = std::string(before);
  }
}

// Reads one part; false where it tells no date.
bool ReadDatePart(std::string_view part, bool alone, DateLine& out) {
  for (const DateMention& mention : DatesIn(part)) {
    const std::string day = DayOf(mention);
    if (day.empty()) continue;
    const std::string_view before = TrimAscii(part.substr(0, mention.begin));
    const std::string_view after = TrimAscii(part.substr(mention.end));
    // Behind a date at the line's start much may follow ("… 23:58 - LIVE BLOG, CLOSING REPORT"), unless it is a
    // sentence.
    const size_t most_after = before.empty() && !IsProse(part) ? 12 : 6;
    if (CountWords(before) > 8 || CountWords(after) > most_after || !Announces(before)) continue;
    if (alone && IsProse(part) && before.size() > 20) continue;
    const std::string lower = LowerAscii(before);
    out.updated = lower.find("updated") != lower.npos || lower.find("modified") != lower.npos;
    out.date = day;
    ReadBefore(before, out);
    return true;
  }
  return false;
}

}  // namespace

std::string DateOf(std::string_view text) {
  text = TrimAscii(text);
  if (text.size() > 10 && !IsAsciiDigit(text[10])) {
    std::string start;
    std::string last;
    if (const std::string day(text.substr(0, 10)); EdtfBounds(day, &start, &last)) return day;
  }
  std::string best;
  for (const DateMention& mention : DatesIn(text)) {
    if (const std::string day = DayOf(mention); !day.empty()) return day;
    if (mention.edtf.size() == 7 && best.empty()) best = mention.edtf;
  }
  return best;
}

DateLine ReadDateLine(std::string_view line) {
  DateLine out;
  if (line.size() > kLongestLine) return out;
  const std::vector<std::string_view> parts = Parts(line);
  std::vector<std::string_view> others;
  for (const std::string_view part : parts) {
    if (!out.date.empty() || !ReadDatePart(part, parts.size() == 1, out)) others.push_back(part);
  }
  if (out.date.empty()) return DateLine();
  for (const std::string_view part : others) {
    if (!TrailOf(part).empty() || part.find(" > ") != part.npos) {
      out.trail = std::string(part);
    } else if (IsSectionLabel(part)) {
      if (out.section.empty()) out.section = std::string(part);
    } else if (IsOutletName(part) && CountWords(part) >= 2) {
      if (out.publisher.empty()) out.publisher = std::string(part);
    } else if (const std::string byline = BylineOf(part); !byline.empty()) {
      out.byline = byline;
    } else if (out.byline.empty() && IsPersonLike(part)) {
      out.byline = std::string(part);
    }
  }
  return out;
}

Dateline ReadDateline(std::string_view paragraph) {
  const std::string_view head = paragraph.substr(0, kDatelineBytes);
  size_t at = head.npos;
  for (const std::string_view mark : {" - ", " – ", " — ", " -- ", "—", "– ", ": "}) {
    const size_t found = head.find(mark);
    if (found != head.npos && found < at && (mark != ": " || found < 40)) at = found;
  }
  Dateline out;
  if (at == head.npos || at < 3) return out;
  std::string_view place = TrimAscii(head.substr(0, at));
  if (const size_t bracket = place.find('('); bracket != place.npos) {
    const std::string_view inside = place.substr(bracket + 1, place.find(')', bracket) - bracket - 1);
    if (CountWords(inside) <= 5 && IsNameLike(inside)) out.agency = std::string(inside);
    place = TrimAscii(place.substr(0, bracket));
  }
  bool dated = false;
  if (const auto dates = DatesIn(place); !dates.empty()) {
    out.date = DayOf(dates[0]);
    dated = !out.date.empty();
    place = TrimAscii(place.substr(0, dates[0].begin));
  } else if (const size_t digit = place.find_first_of("0123456789"); digit != place.npos) {
    // "ROME, Nov 18": a day whose year is not told.
    place = TrimAscii(place.substr(0, place.rfind(',', digit)));
  }
  while (place.ends_with(',') || place.ends_with('.')) place.remove_suffix(1);
  const bool sound = !place.empty() && CountWords(place) <= 6 && IsNameLike(place) &&
                     place.find_first_of("0123456789\"!?;") == place.npos && !IsSectionLabel(place);
  // The first word in capitals tells a date line from any other start with a dash; so does a date behind the place.
  const std::string_view first = place.substr(0, place.find_first_of(" ,/"));
  const std::vector<Token> tokens = TokenizePhrase(first);
  const bool shouts = tokens.size() == 1 && tokens[0].is_all_caps && first.size() >= 3;
  if (!sound || !(shouts || dated)) return Dateline();
  if (first == "NOTE" || first == "WARNING" || first == "CORRECTION" || first == "EDITOR") return Dateline();
  out.place = std::string(place);
  return out;
}

}  // namespace interdict::pipeline
