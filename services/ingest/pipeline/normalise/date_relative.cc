// Dates that lean on the document's date or on a date told before.
#include "services/ingest/pipeline/normalise/date_reader.h"

namespace interdict::pipeline {
namespace {

int SmallNumber(std::string_view word) {
  constexpr std::string_view kWords[] = {"zero",  "one",   "two",  "three", "four",   "five",  "six",
                                         "seven", "eight", "nine", "ten",   "eleven", "twelve"};
  for (size_t i = 1; i < std::size(kWords); ++i) {
    if (word == kWords[i]) return static_cast<int>(i);
  }
  return word == "a" || word == "an" ? 1 : -1;
}

DateUnit UnitOf(std::string_view word) {
  if (word.ends_with('s')) word.remove_suffix(1);
  if (word == "day") return DateUnit::kDay;
  if (word == "week") return DateUnit::kWeek;
  if (word == "month") return DateUnit::kMonth;
  return word == "year" ? DateUnit::kYear : DateUnit::kNone;
}

}  // namespace

// Whether the sentence before `i` speaks of what is to come ("sentencing is set for Oct. 13").
bool DateReader::LooksAhead(size_t i) const {
  for (size_t k = i > 6 ? i - 6 : 0; k < i; ++k) {
    if (IsOneOf(Word(k), {"will", "set", "scheduled", "due", "next", "sentenced", "expires", "expected", "shall",
                          "remanded", "adjourned"})) {
      if (Word(k) != "sentenced" || (k >= 1 && IsOneOf(Word(k - 1), {"be"}))) return true;
    }
  }
  return false;
}

// A month or day without its year: the year of the sentence, else the latest such date that is not after publication
// (the next one where the text looks ahead).
std::optional<ReadDate> DateReader::Yearless(CivilDate date, size_t at, size_t length) const {
  ReadDate read;
  if (context_.sentence_year != 0) {
    date.year = context_.sentence_year;
  } else if (context_.published) {
    const CivilDate& published = *context_.published;
    date.year = published.year;
    if (published.month != 0) {
      const bool after = date.month > published.month || (date.month == published.month && date.day > 0 &&
                                                          published.day > 0 && date.day > published.day);
      const bool before =
          date.month < published.month || (date.month == published.month && date.day > 0 && date.day < published.day);
      const bool ahead = LooksAhead(at);
      if (after && !ahead) --date.year;
      if (before && ahead) ++date.year;
    }
  } else {
    return std::nullopt;
  }
  if (!IsValid(date)) return std::nullopt;
  read = Single(date, length);
  read.relative = true;
  return read;
}

// Reads a year, or "of last year", "this year", behind a month or season at `i`; sets `used`.
int DateReader::YearBehind(size_t i, size_t& used, bool& relative) const {
  size_t k = i;
  if (Word(k) == "," || Word(k) == "of" || Word(k) == "in") ++k;
  if (const int year = FourDigitYear(k); year != 0 && !IsYearPlural(k)) {
    used = k + 1 - i;
    return year;
  }
  if (k > i && Word(k - 1) == ",") k = i;
  if (context_.published && IsOneOf(Word(k), {"last", "this", "next"}) && Word(k + 1) == "year") {
    relative = true;
    used = k + 2 - i;
    return context_.published->year + (Word(k) == "last" ? -1 : Word(k) == "next" ? 1 : 0);
  }
  if (Word(k) == "the" && IsOneOf(Word(k + 1), {"previous", "following", "same"}) && Word(k + 2) == "year" &&
      context_.anchor) {
    relative = true;
    used = k + 3 - i;
    return context_.anchor->year + (Word(k + 1) == "previous" ? -1 : Word(k + 1) == "following" ? 1 : 0);
  }
  used = 0;
  return 0;
}

// "Thursday, June 9, 2022", "Saturday 9 June", "Monday", "last Monday", "Monday of last week".
std::optional<ReadDate> DateReader::ReadWeekday(size_t i) const {
  const bool last = Word(i) == "last";
  const bool next = Word(i) == "next";
  const size_t at = i + (last || next || Word(i) == "this" ? 1 : 0);
  if (at >= words_.size() || !words_[at].capitalised) return std::nullopt;
  const int weekday = WeekdayNumber(Word(at));
  if (weekday < 0) return std::nullopt;
  // Three letters are a weekday only beside a date ("Sat", "Sun" and "Wed" are words).
  const bool is_short = Word(at).size() < 6;
  size_t k = at + 1;
  if (IsOneOf(Word(k), {"morning", "afternoon", "evening", "night"})) ++k;
  const size_t plain_end = k;
  if (Word(k) == ",") ++k;
  for (auto reader : {&DateReader::ReadNumeric, &DateReader::ReadDayMonth, &DateReader::ReadMonthDay}) {
    if (auto read = (this->*reader)(k)) {
      read->length += k - i;
      return read;
    }
  }
  if (is_short || !Dayful()) return std::nullopt;
  const int64_t published = ToDays(*context_.published);
  const int64_t week = published - Weekday(published);
  int64_t day = published - (Weekday(published) - weekday + 7) % 7;
  size_t length = plain_end - i;
  k = plain_end;
  if (Word(k) == "of") ++k;
  if (Word(k) == "last" && Word(k + 1) == "week") {
    day = week - 7 + weekday;
    length = k + 2 - i;
  } else if (Word(k) == "this" && Word(k + 1) == "week") {
    day = week + weekday;
    length = k + 2 - i;
  } else if (next) {
    day = published + (weekday - Weekday(published) + 6) % 7 + 1;
  } else if (last && day == published) {
    day -= 7;
  }
  ReadDate read = Single(FromDays(day), length);
  read.relative = true;
  return read;
}

std::optional<ReadDate> DateReader::Relative(CivilDate date, size_t length) {
  if (!IsValid(date)) return std::nullopt;
  ReadDate read = Single(date, length);
  read.relative = true;
  return read;
}

std::optional<ReadDate> DateReader::Days(int64_t first, int64_t last, size_t length) const {
  ReadDate read = Single(FromDays(first), length);
  read.last = FromDays(last);
  read.relative = true;
  return read;
}

// "yesterday", "this week", "last month", "the previous year", "two years ago", "a year later".
std::optional<ReadDate> DateReader::ReadRelative(size_t i) const {
  const std::string_view word = Word(i);
  if (Dayful()) {
    const int64_t today = ToDays(*context_.published);
    if (word == "today" || word == "tonight") return Days(today, today, 1);
    if (word == "yesterday") return Days(today - 1, today - 1, 1);
    if (word == "tomorrow") return Days(today + 1, today + 1, 1);
  }
  size_t k = i;
  if (IsOneOf(word, {"earlier", "later"}) && IsOneOf(Word(k + 1), {"this", "last"})) ++k;
  if (IsOneOf(Word(k), {"this", "last", "next"}) || (Word(k) == "the" && IsOneOf(Word(k + 1), {"past"}))) {
    if (Word(k) == "the") ++k;
    if (auto read = ReadUnitFromPublished(k)) {
      read->length += k - i;
      return read;
    }
  }
  if (auto read = ReadPastUnits(i)) return read;
  if (auto read = ReadDayOfKnownMonth(i)) return read;
  if (IsOneOf(word, {"the", "that"})) {
    if (auto read = ReadUnitFromAnchor(i)) return read;
  }
  return ReadDistance(i);
}

// "last week" at `k`.
std::optional<ReadDate> DateReader::ReadUnitFromPublished(size_t k) const {
  if (!context_.published || Word(k + 1).ends_with('s')) return std::nullopt;
  const int step = Word(k) == "this" ? 0 : Word(k) == "next" ? 1 : -1;
  const CivilDate& published = *context_.published;
  switch (UnitOf(Word(k + 1))) {
    case DateUnit::kYear:
      return Relative({published.year + step, 0, 0}, 2);
    case DateUnit::kMonth:
      if (!Monthful()) return std::nullopt;
      return Relative(AddMonths({published.year, published.month, 0}, step), 2);
    case DateUnit::kWeek: {
      if (!Dayful()) return std::nullopt;
      const int64_t today = ToDays(published);
      const int64_t monday = today - Weekday(today) + 7 * step;
      // What happened "this week" happened by the day of publication.
      return Days(monday, step == 0 ? std::max(monday, today) : monday + 6, 2);
    }
    default:
      return std::nullopt;
  }
}

// "the previous year", "the same month", "that day", against the date told last; "the previous year" without one,
// against publication.
std::optional<ReadDate> DateReader::ReadUnitFromAnchor(size_t i) const {
  const bool that = Word(i) == "that";
  const size_t unit_at = i + (that ? 1 : 2);
  const std::string_view how = that ? std::string_view("same") : Word(i + 1);
  int step = 0;
  if (IsOneOf(how, {"previous", "preceding"})) {
    step = -1;
  } else if (IsOneOf(how, {"following", "next"})) {
    step = 1;
  } else if (how != "same") {
    return std::nullopt;
  }
  const std::optional<CivilDate>& base = context_.anchor ? context_.anchor : context_.published;
  if (!base || (!context_.anchor && step == 0)) return std::nullopt;
  return Moved(*base, UnitOf(Word(unit_at)), step, unit_at + 1 - i);
}

// `base` moved by `step` units, in the unit's precision.
std::optional<ReadDate> DateReader::Moved(const CivilDate& base, DateUnit unit, int64_t step, size_t length) const {
  switch (unit) {
    case DateUnit::kYear:
      return Relative({static_cast<int>(base.year + step), 0, 0}, length);
    case DateUnit::kMonth:
      if (base.month == 0 || step < -1200 || step > 1200) return std::nullopt;
      return Relative(AddMonths({base.year, base.month, 0}, static_cast<int>(step)), length);
    case DateUnit::kWeek:
      if (base.day == 0) return std::nullopt;
      {
        const int64_t day = ToDays(base) + 7 * step;
        return Days(day - Weekday(day), day - Weekday(day) + 6, length);
      }
    case DateUnit::kDay:
      if (base.day == 0) return std::nullopt;
      return Days(ToDays(base) + step, ToDays(base) + step, length);
    default:
      return std::nullopt;
  }
}

// "two years ago", "ten days earlier", "a month later".
std::optional<ReadDate> DateReader::ReadDistance(size_t i) const {
  int count = Number(i);
  if (count < 0) count = SmallNumber(Word(i));
  const DateUnit unit = UnitOf(Word(i + 1));
  if (count < 1 || count > 999 || unit == DateUnit::kNone) return std::nullopt;
  const std::string_view direction = Word(i + 2);
  if (direction == "ago") {
    if (!context_.published) return std::nullopt;
    return Moved(*context_.published, unit, -count, 3);
  }
  const bool later = direction == "later" || (direction == "afterwards");
  if ((later || direction == "earlier" || direction == "before") && context_.anchor) {
    if (direction == "before" && i + 3 < words_.size() && !IsOneOf(Word(i + 3), {".", ",", ";"})) return std::nullopt;
    return Moved(*context_.anchor, unit, later ? count : -count, 3);
  }
  return std::nullopt;
}

// "over the past two years", "in the last six months": up to publication, in the unit's precision.
std::optional<ReadDate> DateReader::ReadPastUnits(size_t i) const {
  const size_t k = i + (Word(i) == "the" ? 1 : 0);
  if (!IsOneOf(Word(k), {"past", "last"}) || !context_.published) return std::nullopt;
  int count = Number(k + 1);
  if (count < 0) count = SmallNumber(Word(k + 1));
  const DateUnit unit = UnitOf(Word(k + 2));
  if (count < 1 || count > 999 || unit == DateUnit::kNone || Word(k + 3) == "of") return std::nullopt;
  const CivilDate& published = *context_.published;
  const size_t length = k + 3 - i;
  if (unit == DateUnit::kDay || unit == DateUnit::kWeek) {
    if (!Dayful()) return std::nullopt;
    const int64_t today = ToDays(published);
    return Days(today - count * (unit == DateUnit::kWeek ? 7 : 1), today, length);
  }
  if (unit == DateUnit::kMonth && !Monthful()) return std::nullopt;
  auto read = Moved(published, unit, -count, length);
  if (read) read->last = {published.year, unit == DateUnit::kMonth ? published.month : 0, 0};
  return read;
}

// "on the 12th", of the month told last; without one, the latest such day up to publication. Not "the 12th floor".
std::optional<ReadDate> DateReader::ReadDayOfKnownMonth(size_t i) const {
  if (Word(i) != "the" || i + 1 >= words_.size() || !words_[i + 1].ordinal || Day(i + 1) == 0) return std::nullopt;
  if (!IsOneOf(Before(i), {"on", "by", "until", "till", "from", "since", "before", "after"})) return std::nullopt;
  const bool ends = i + 2 >= words_.size() || IsOneOf(Word(i + 2), {".", ",", ";", ":", ")", "-", "–", "—"});
  if (!ends && !IsOneOf(Word(i + 2), {"a",    "an",    "the",  "he",   "she",   "it",     "they", "we",     "his",
                                      "her",  "their", "its",  "and",  "but",   "when",   "at",   "in",     "with",
                                      "from", "to",    "by",   "as",   "after", "before", "was",  "were",   "police",
                                      "two",  "three", "four", "that", "there", "near",   "off",  "customs"})) {
    return std::nullopt;
  }
  const std::optional<CivilDate>& told = context_.anchor;
  const bool by_anchor = told && told->month != 0;
  if (!by_anchor && !Dayful()) return std::nullopt;
  CivilDate month = by_anchor ? CivilDate{told->year, told->month, 0}
                              : CivilDate{context_.published->year, context_.published->month, 0};
  if (!by_anchor && Day(i + 1) > context_.published->day && !LooksAhead(i)) month = AddMonths(month, -1);
  return Relative({month.year, month.month, Day(i + 1)}, 2);
}

}  // namespace interdict::pipeline
