#include "services/ingest/pipeline/normalise/date_grammar.h"

#include <algorithm>
#include <array>
#include <initializer_list>

namespace interdict::pipeline {
namespace {

constexpr int kFirstBareYear = 1900;
constexpr int kLastBareYear = 2099;

bool IsOneOf(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

int SmallNumber(std::string_view word) {
  constexpr std::string_view kWords[] = {"zero",  "one",   "two",  "three", "four",   "five",  "six",
                                         "seven", "eight", "nine", "ten",   "eleven", "twelve"};
  for (size_t i = 1; i < std::size(kWords); ++i) {
    if (word == kWords[i]) return static_cast<int>(i);
  }
  return word == "a" || word == "an" ? 1 : -1;
}

// 0 spring … 3 winter; −1 for none.
int SeasonNumber(std::string_view word) {
  if (word == "spring") return 0;
  if (word == "summer") return 1;
  if (word == "autumn" || word == "fall") return 2;
  return word == "winter" ? 3 : -1;
}

enum class Unit { kNone, kDay, kWeek, kMonth, kYear };
Unit UnitOf(std::string_view word) {
  if (word.ends_with('s')) word.remove_suffix(1);
  if (word == "day") return Unit::kDay;
  if (word == "week") return Unit::kWeek;
  if (word == "month") return Unit::kMonth;
  return word == "year" ? Unit::kYear : Unit::kNone;
}

// Reads one sentence's words at one place.
class Reader {
 public:
  Reader(const std::vector<DateWord>& words, const DateContext& context) : words_(words), context_(context) {}

  // A date or a range that begins at `i`.
  std::optional<ReadDate> Read(size_t i) const {
    const std::string_view word = Word(i);
    if (word == "between" || word == "from") {
      if (auto range = ReadRange(i + 1, word == "between" ? "and" : "to", i)) return range;
    }
    if (word == "since") {
      if (auto date = ReadSingle(i + 1); date && !date->open_end) {
        date->open_end = true;
        date->length += 1;
        return date;
      }
    }
    if (auto range = ReadRange(i, "", i)) return range;
    return ReadSingle(i);
  }

 private:
  std::string_view Word(size_t i) const {
    return i < words_.size() ? std::string_view(words_[i].folded) : std::string_view();
  }
  int Number(size_t i) const { return i < words_.size() ? words_[i].number : -1; }
  bool IsDash(size_t i) const { return IsOneOf(Word(i), {"-", "–", "—"}); }
  bool IsRangeMark(size_t i) const { return IsDash(i) || IsOneOf(Word(i), {"to", "until", "till", "through"}); }
  std::string_view Before(size_t i) const { return i > 0 ? Word(i - 1) : std::string_view(); }

  int FourDigitYear(size_t i) const {
    if (i >= words_.size() || words_[i].digits != 4) return 0;
    return words_[i].number >= 1500 && words_[i].number <= kLastBareYear ? words_[i].number : 0;
  }
  int Month(size_t i) const { return i < words_.size() && words_[i].capitalised ? MonthNumber(words_[i].folded) : 0; }
  // Also "JULY 15" and "15 july" where a number stands beside.
  int MonthByNumber(size_t i) const { return i < words_.size() ? MonthNumber(words_[i].folded) : 0; }
  int Day(size_t i) const {
    const int number = Number(i);
    return number >= 1 && number <= 31 && words_[i].digits <= 2 ? number : 0;
  }

  static ReadDate Single(CivilDate date, size_t length) {
    ReadDate read;
    read.first = read.last = date;
    read.length = length;
    return read;
  }
  static std::optional<ReadDate> Told(CivilDate date, size_t length) {
    if (!IsValid(date)) return std::nullopt;
    ReadDate read = Single(date, length);
    read.year_told = true;
    return read;
  }

  bool Dayful() const { return context_.published && context_.published->day != 0; }
  bool Monthful() const { return context_.published && context_.published->month != 0; }

  // Whether the sentence before `i` speaks of what is to come ("sentencing is set for Oct. 13").
  bool LooksAhead(size_t i) const {
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
  std::optional<ReadDate> Yearless(CivilDate date, size_t at, size_t length) const {
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
  int YearBehind(size_t i, size_t& used, bool& relative) const {
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
  bool IsYearPlural(size_t i) const { return Word(i + 1) == "'s" || Word(i + 1) == "s"; }

  std::optional<ReadDate> WithYear(CivilDate date, size_t at, size_t length) const {
    size_t used = 0;
    bool relative = false;
    date.year = YearBehind(at + length, used, relative);
    if (date.year == 0) return Yearless(date, at, length);
    auto read = Told(date, length + used);
    if (read) read->relative = relative;
    return read;
  }

  std::optional<ReadDate> ReadSingle(size_t i) const {
    if (i >= words_.size()) return std::nullopt;
    if (words_[i].part) return std::nullopt;
    return ReadSingleInside(i);
  }
  std::optional<ReadDate> ReadSingleInside(size_t i) const {
    for (auto reader :
         {&Reader::ReadNumeric, &Reader::ReadWeekday, &Reader::ReadDayMonth, &Reader::ReadMonthDay, &Reader::ReadVague,
          &Reader::ReadMonth, &Reader::ReadDecade, &Reader::ReadYear, &Reader::ReadRelative}) {
      if (auto read = (this->*reader)(i)) return read;
    }
    return std::nullopt;
  }

  // 2018-05-03, 03.05.2018, 13/5/2018, 5/13/2018.
  std::optional<ReadDate> ReadNumeric(size_t i) const {
    const std::string_view mark = Word(i + 1);
    if (!IsOneOf(mark, {"-", ".", "/"}) || Word(i + 3) != mark || Number(i) < 0 || Number(i + 2) < 0 ||
        Number(i + 4) < 0)
      return std::nullopt;
    if (words_[i].end != words_[i + 1].begin || words_[i + 3].end != words_[i + 4].begin) return std::nullopt;
    const int a = Number(i), b = Number(i + 2), c = Number(i + 4);
    if (FourDigitYear(i) != 0) return Told({a, b, c}, 5);
    if (FourDigitYear(i + 4) == 0) return std::nullopt;
    if (mark == "." || a > 12 || a == b) return Told({c, b, a}, 5);
    if (b > 12) return Told({c, a, b}, 5);
    return std::nullopt;  // 5/6/2018 is read one way here and another way there
  }

  // "15 July 2012", "15th of July"; the days of a range are read by ReadRange.
  std::optional<ReadDate> ReadDayMonth(size_t i) const {
    const size_t skip = Word(i) == "the" ? 1 : 0;
    const int day = Day(i + skip);
    if (day == 0) return std::nullopt;
    const size_t month_at = i + skip + (Word(i + skip + 1) == "of" ? 2 : 1);
    const int month = MonthByNumber(month_at);
    if (month == 0 || (!words_[month_at].capitalised && IsOneOf(Word(month_at), {"may", "march", "mar", "dec", "jan"})))
      return std::nullopt;
    return WithYear({0, month, day}, i, month_at + 1 - i);
  }

  // "July 15, 2012", "July 15th".
  std::optional<ReadDate> ReadMonthDay(size_t i) const {
    const int month = Month(i);
    const size_t day_at = i + (Word(i + 1) == "the" ? 2 : 1);
    const int day = Day(day_at);
    if (month == 0 || day == 0) return std::nullopt;
    return WithYear({0, month, day}, i, day_at + 1 - i);
  }

  // "Thursday, June 9, 2022", "Saturday 9 June", "Monday", "last Monday", "Monday of last week".
  std::optional<ReadDate> ReadWeekday(size_t i) const {
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
    for (auto reader : {&Reader::ReadNumeric, &Reader::ReadDayMonth, &Reader::ReadMonthDay}) {
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

  // "early 2016", "late in July", "mid-2019", "the spring of 2014", "last summer".
  std::optional<ReadDate> ReadVague(size_t i) const {
    size_t k = i + (Word(i) == "the" ? 1 : 0);
    const bool early = Word(k) == "early" || (Word(k) == "beginning" && Word(k + 1) == "of");
    const bool mid = Word(k) == "mid" || Word(k) == "middle";
    const bool late = Word(k) == "late" || (Word(k) == "end" && Word(k + 1) == "of");
    if (early || mid || late) {
      ++k;
      while (IsDash(k) || IsOneOf(Word(k), {"in", "of"})) ++k;
      if (const int year = FourDigitYear(k); year >= kFirstBareYear && !IsYearPlural(k)) {
        const int start = early ? 1 : mid ? 5 : 9;
        ReadDate read = Single({year, start, 0}, k + 1 - i);
        read.last = {year, start + 3, 0};
        read.vague = read.year_told = true;
        return read;
      }
      if (Month(k) != 0) {
        auto read = WithYear({0, Month(k), 0}, i, k + 1 - i);
        return read;
      }
      if (auto decade = ReadDecade(k)) {
        decade->length += k - i;
        return decade;
      }
      return std::nullopt;
    }
    const bool last = Word(k) == "last";
    if (last || Word(k) == "this") ++k;
    const int season = SeasonNumber(Word(k));
    if (season < 0) return std::nullopt;
    size_t used = 0;
    bool relative = false;
    int year = YearBehind(k + 1, used, relative);
    if (year == 0) {
      if (!last || !Monthful()) return std::nullopt;
      relative = true;
      const CivilDate& published = *context_.published;
      const int ends = season == 3 ? 2 : season * 3 + 5;
      year = published.year - (season != 3 && published.month > ends ? 0 : 1);
    }
    ReadDate read = Single({year, season * 3 + 3, 0}, k + 1 + used - i);
    read.last = AddMonths(read.first, 2);
    read.vague = true;
    read.relative = relative;
    read.year_told = !relative;
    return read;
  }

  // "July 2012", "July of last year", "in July", "last July".
  std::optional<ReadDate> ReadMonth(size_t i) const {
    const bool last = Word(i) == "last";
    const size_t at = i + (last || Word(i) == "this" || Word(i) == "next" ? 1 : 0);
    const int month = Month(at);
    if (month == 0) return std::nullopt;
    size_t used = 0;
    bool relative = false;
    if (const int year = YearBehind(at + 1, used, relative); year != 0) {
      auto read = Told({year, month, 0}, at + 1 + used - i);
      if (read) read->relative = relative;
      return read;
    }
    const bool introduced =
        at > i || IsOneOf(Before(i), {"in", "since", "by", "from", "until", "till", "of", "between", "during", "early",
                                      "late", "mid", "through", "to", "before", "after", "and", "–", "-"});
    if (!introduced || (Word(at).size() == 3 && Word(at) != "may")) return std::nullopt;
    // A capitalised word behind makes it a name ("in June Carter's house"), "and" before it needs another month.
    if (at + 1 < words_.size() && words_[at + 1].capitalised && Word(at + 1) != "'s") return std::nullopt;
    if (Before(i) == "and" && (i < 2 || Month(i - 2) == 0)) return std::nullopt;
    if (last && Monthful()) {
      const CivilDate& published = *context_.published;
      return Relative({published.year - (month >= published.month ? 1 : 0), month, 0}, at + 1 - i);
    }
    return Yearless({0, month, 0}, i, at + 1 - i);
  }

  static std::optional<ReadDate> Relative(CivilDate date, size_t length) {
    if (!IsValid(date)) return std::nullopt;
    ReadDate read = Single(date, length);
    read.relative = true;
    return read;
  }

  // "the 1990s".
  std::optional<ReadDate> ReadDecade(size_t i) const {
    const size_t at = i + (Word(i) == "the" ? 1 : 0);
    const std::string_view word = Word(at);
    int start = 0;
    size_t length = at + 1 - i;
    if (word.size() == 5 && word.ends_with('s') && word[3] == '0' &&
        (word.starts_with("1") || word.starts_with("20"))) {
      for (int k = 0; k < 4; ++k) {
        if (word[k] < '0' || word[k] > '9') return std::nullopt;
        start = start * 10 + (word[k] - '0');
      }
    } else if (FourDigitYear(at) != 0 && FourDigitYear(at) % 10 == 0 && IsYearPlural(at) && Before(at) == "the") {
      start = FourDigitYear(at);
      ++length;
    }
    if (start < 1500) return std::nullopt;
    ReadDate read = Single({start, 0, 0}, length);
    read.last = {start + 9, 0, 0};
    read.year_told = true;
    return read;
  }

  // A year by itself: four digits where neither a number nor the name of a law or model is meant.
  std::optional<ReadDate> ReadYear(size_t i) const {
    const int year = FourDigitYear(i);
    if (year < kFirstBareYear || words_[i].ordinal) return std::nullopt;
    if (IsYearPlural(i) && Before(i) == "the" && year % 10 == 0) return std::nullopt;
    std::string_view before = Before(i);
    if (before == "(" || before == ",") before = i >= 2 ? Word(i - 2) : std::string_view();
    if (IsOneOf(before,
                {"resolution", "resolutions", "no",          "nos",   "number",  "act",     "law",   "code",
                 "decree",     "regulation",  "regulations", "order", "article", "section", "model", "unscr",
                 "§",          "#",           "$",           "€",     "£",       "room",    "page",  "flight",
                 "ordinance",  "channel",     "about",       "some",  "nearly",  "almost",  "over",  "exactly"})) {
      return std::nullopt;
    }
    if (Before(i) == "(" && i >= 2 && Number(i - 2) >= 0) return std::nullopt;  // "2231 (2015)" is a resolution
    if (IsOneOf(Word(i + 1),
                {"%",         "kg",         "km",     "m",       "mm",      "rounds",   "pieces",     "tonnes",
                 "tons",      "litres",     "liters", "rifles",  "dollars", "euros",    "hours",      "metres",
                 "meters",    "people",     "units",  "boxes",   "cartons", "bottles",  "cigarettes", "grams",
                 "kilograms", "kilometres", "miles",  "million", "billion", "thousand", "hundred",    "percent"})) {
      return std::nullopt;
    }
    if (IsOneOf(Before(i), {"-", "/", "x", "×"}) && !words_[i].part && i >= 2 && Number(i - 2) < 0) return std::nullopt;
    return Told({year, 0, 0}, 1);
  }

  std::optional<ReadDate> Days(int64_t first, int64_t last, size_t length) const {
    ReadDate read = Single(FromDays(first), length);
    read.last = FromDays(last);
    read.relative = true;
    return read;
  }

  // "yesterday", "this week", "last month", "the previous year", "two years ago", "a year later".
  std::optional<ReadDate> ReadRelative(size_t i) const {
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
    if (IsOneOf(word, {"the", "that"})) {
      if (auto read = ReadUnitFromAnchor(i)) return read;
    }
    return ReadDistance(i);
  }

  // "last week" at `k`.
  std::optional<ReadDate> ReadUnitFromPublished(size_t k) const {
    if (!context_.published || Word(k + 1).ends_with('s')) return std::nullopt;
    const int step = Word(k) == "this" ? 0 : Word(k) == "next" ? 1 : -1;
    const CivilDate& published = *context_.published;
    switch (UnitOf(Word(k + 1))) {
      case Unit::kYear:
        return Relative({published.year + step, 0, 0}, 2);
      case Unit::kMonth:
        if (!Monthful()) return std::nullopt;
        return Relative(AddMonths({published.year, published.month, 0}, step), 2);
      case Unit::kWeek: {
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
  std::optional<ReadDate> ReadUnitFromAnchor(size_t i) const {
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
  std::optional<ReadDate> Moved(const CivilDate& base, Unit unit, int64_t step, size_t length) const {
    switch (unit) {
      case Unit::kYear:
        return Relative({static_cast<int>(base.year + step), 0, 0}, length);
      case Unit::kMonth:
        if (base.month == 0 || step < -1200 || step > 1200) return std::nullopt;
        return Relative(AddMonths({base.year, base.month, 0}, static_cast<int>(step)), length);
      case Unit::kWeek:
        if (base.day == 0) return std::nullopt;
        {
          const int64_t day = ToDays(base) + 7 * step;
          return Days(day - Weekday(day), day - Weekday(day) + 6, length);
        }
      case Unit::kDay:
        if (base.day == 0) return std::nullopt;
        return Days(ToDays(base) + step, ToDays(base) + step, length);
      default:
        return std::nullopt;
    }
  }

  // "two years ago", "ten days earlier", "a month later".
  std::optional<ReadDate> ReadDistance(size_t i) const {
    int count = Number(i);
    if (count < 0) count = SmallNumber(Word(i));
    const Unit unit = UnitOf(Word(i + 1));
    if (count < 1 || count > 999 || unit == Unit::kNone) return std::nullopt;
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

  // From `first` to `last`, where that is a span at all.
  static std::optional<ReadDate> Span(const ReadDate& first, const ReadDate& last, size_t length) {
    ReadDate read;
    read.first = first.vague ? CivilDate{first.first.year, 0, 0} : first.first;
    read.last = last.vague ? CivilDate{last.last.year, 0, 0} : last.last;
    if (ToDays(FirstDay(read.first)) > ToDays(LastDay(read.last))) return std::nullopt;
    read.relative = first.relative || last.relative;
    read.year_told = first.year_told || last.year_told;
    read.length = length;
    return read;
  }

  // Ranges: "between X and Y" and "from X to Y" (`joint` "and" or "to", `at` being the first word), else "X to Y",
  // "X–Y", "15-17 March", "2012-13", "2012 and 2013".
  std::optional<ReadDate> ReadRange(size_t i, std::string_view joint, size_t at) const {
    const size_t lead = IsOneOf(Word(i), {"about", "around", "approximately"}) && !joint.empty() ? 1 : 0;
    i += lead;
    if (auto days = ReadDayRange(i, joint)) {
      days->length += i - at;
      return days;
    }
    const auto told = ReadSingle(i);
    const auto first = told ? told : ReadDayOfSomeYear(i);
    if (!first) return ReadMonthPair(i, joint, at);
    size_t k = i + first->length;
    const bool is_dash = IsDash(k);
    const bool is_mark = joint == "and" ? Word(k) == "and" : IsRangeMark(k) || (joint == "to" && Word(k) == "and");
    const bool years = joint.empty() && Word(k) == "and" && first->length == 1 && first->first.month == 0;
    if (!is_mark && !years) return std::nullopt;
    ++k;
    if (IsOneOf(Word(k), {"about", "around", "at"})) ++k;
    if (is_dash && first->first.month == 0 && first->length == 1 && Number(k) >= 0 && words_[k].digits == 2) {
      // "2012–13"
      const int year = first->first.year / 100 * 100 + Number(k);
      ReadDate last = Single({year, 0, 0}, 1);
      return year > first->first.year ? Span(*first, last, k + 1 - at) : std::nullopt;
    }
    const auto last = k < words_.size() ? ReadSingleInside(k) : std::nullopt;
    if (!last || (!told && !last->year_told)) return std::nullopt;
    if (years && !(last->length == 1 && last->first.month == 0 && last->first.year == first->first.year + 1))
      return std::nullopt;
    ReadDate start = *first;
    if (!start.year_told && last->year_told && start.first.month != 0) Reyear(start, last->first);
    return Span(start, *last, k + last->length - at);
  }

  // A day whose year only the end of the range tells: "from 30 April to 2 May 2012". The year is a placeholder.
  std::optional<ReadDate> ReadDayOfSomeYear(size_t i) const {
    DateContext some_year;
    some_year.sentence_year = 2000;
    const Reader reader(words_, some_year);
    auto read = reader.ReadDayMonth(i);
    return read ? read : reader.ReadMonthDay(i);
  }

  // Gives a yearless start the year of the end: "from March to May 2019", "from November to May 2019".
  static void Reyear(ReadDate& start, const CivilDate& end) {
    start.first.year = end.year;
    if (start.first.month > end.month && end.month != 0) --start.first.year;
    if (!IsValid(start.first)) start.first.day = DaysInMonth(start.first.year, start.first.month);
    start.last = start.first;
  }

  // "between March and May 2019", "March-May 2019": the first month alone is no date by itself.
  std::optional<ReadDate> ReadMonthPair(size_t i, std::string_view joint, size_t at) const {
    const int month = Month(i);
    if (month == 0) return std::nullopt;
    const bool is_mark =
        joint == "and" ? Word(i + 1) == "and" : IsRangeMark(i + 1) || (joint.empty() && Word(i + 1) == "and");
    if (!is_mark || Month(i + 2) == 0) return std::nullopt;
    const auto last = ReadSingleInside(i + 2);
    if (!last || (joint.empty() && !last->year_told)) return std::nullopt;
    ReadDate start = Single({0, month, 0}, 1);
    Reyear(start, last->first);
    return Span(start, *last, i + 2 + last->length - at);
  }

  // "15-17 March 2012", "15 and 16 March", "March 15-17, 2012", "between 15 and 17 March".
  std::optional<ReadDate> ReadDayRange(size_t i, std::string_view joint) const {
    const int month = Month(i);
    const size_t first_at = i + (month != 0 ? 1 : 0) + (month == 0 && Word(i) == "the" ? 1 : 0);
    const int first = Day(first_at);
    const size_t mark = first_at + 1;
    const bool is_mark =
        IsRangeMark(mark) || (Word(mark) == "and" && joint != "to") || (month == 0 && Word(mark) == "or");
    if (first == 0 || !is_mark) return std::nullopt;
    const size_t last_at = mark + 1 + (Word(mark + 1) == "the" ? 1 : 0);
    const int last = Day(last_at);
    if (last <= first) return std::nullopt;
    std::optional<ReadDate> end;
    size_t length = 0;
    if (month != 0) {
      if (MonthByNumber(last_at + 1) != 0 && FourDigitYear(last_at + 2) != 0) return std::nullopt;
      end = WithYear({0, month, last}, i, last_at + 1 - i);
      if (end) length = end->length;
    } else {
      end = ReadDayMonth(last_at);
      if (end) length = last_at + end->length - i;
    }
    if (!end) return std::nullopt;
    ReadDate start = *end;
    start.first.day = first;
    return Span(start, *end, length);
  }

  const std::vector<DateWord>& words_;
  const DateContext& context_;
};

}  // namespace

std::optional<ReadDate> ReadDateAt(const std::vector<DateWord>& words, size_t at, const DateContext& context) {
  return Reader(words, context).Read(at);
}

}  // namespace interdict::pipeline
