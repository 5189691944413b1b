// Dates that tell themselves: numeric, day and month, month, season, decade, year.
#include "services/ingest/pipeline/normalise/date_reader.h"

namespace interdict::pipeline {
namespace {

// 0 spring … 3 winter; −1 for none.
int SeasonNumber(std::string_view word) {
  if (word == "spring") return 0;
  if (word == "summer") return 1;
  if (word == "autumn" || word == "fall") return 2;
  return word == "winter" ? 3 : -1;
}

}  // namespace

int DateReader::FourDigitYear(size_t i) const {
  if (i >= words_.size() || words_[i].digits != 4) return 0;
  return words_[i].number >= 1500 && words_[i].number <= kLastBareYear ? words_[i].number : 0;
}

int DateReader::Day(size_t i) const {
  const int number = Number(i);
  return number >= 1 && number <= 31 && words_[i].digits <= 2 ? number : 0;
}

ReadDate DateReader::Single(CivilDate date, size_t length) {
  ReadDate read;
  read.first = read.last = date;
  read.length = length;
  return read;
}

std::optional<ReadDate> DateReader::Told(CivilDate date, size_t length) {
  if (!IsValid(date)) return std::nullopt;
  ReadDate read = Single(date, length);
  read.year_told = true;
  return read;
}

std::optional<ReadDate> DateReader::WithYear(CivilDate date, size_t at, size_t length) const {
  size_t used = 0;
  bool relative = false;
  date.year = YearBehind(at + length, used, relative);
  if (date.year == 0) return Yearless(date, at, length);
  auto read = Told(date, length + used);
  if (read) read->relative = relative;
  return read;
}

std::optional<ReadDate> DateReader::ReadSingle(size_t i) const {
  if (i >= words_.size()) return std::nullopt;
  if (words_[i].part) return std::nullopt;
  return ReadSingleInside(i);
}

std::optional<ReadDate> DateReader::ReadSingleInside(size_t i) const {
  for (auto reader : {&DateReader::ReadNumeric, &DateReader::ReadWeekday, &DateReader::ReadDayMonth,
                      &DateReader::ReadMonthDay, &DateReader::ReadVague, &DateReader::ReadMonth,
                      &DateReader::ReadDecade, &DateReader::ReadYear, &DateReader::ReadRelative}) {
    if (auto read = (this->*reader)(i)) return read;
  }
  return std::nullopt;
}

// 2018-05-03, 03.05.2018, 13/5/2018, 5/13/2018.
std::optional<ReadDate> DateReader::ReadNumeric(size_t i) const {
  const std::string_view mark = Word(i + 1);
  if (!IsOneOf(mark, {"-", ".", "/"}) || Word(i + 3) != mark || Number(i) < 0 || Number(i + 2) < 0 || Number(i + 4) < 0)
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
std::optional<ReadDate> DateReader::ReadDayMonth(size_t i) const {
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
std::optional<ReadDate> DateReader::ReadMonthDay(size_t i) const {
  const int month = Month(i);
  const size_t day_at = i + (Word(i + 1) == "the" ? 2 : 1);
  const int day = Day(day_at);
  if (month == 0 || day == 0) return std::nullopt;
  return WithYear({0, month, day}, i, day_at + 1 - i);
}

// "early 2016", "late in July", "mid-2019", "the spring of 2014", "last summer".
std::optional<ReadDate> DateReader::ReadVague(size_t i) const {
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
std::optional<ReadDate> DateReader::ReadMonth(size_t i) const {
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

// "the 1990s".
std::optional<ReadDate> DateReader::ReadDecade(size_t i) const {
  const size_t at = i + (Word(i) == "the" ? 1 : 0);
  const std::string_view word = Word(at);
  int start = 0;
  size_t length = at + 1 - i;
  if (word.size() == 5 && word.ends_with('s') && word[3] == '0' && (word.starts_with("1") || word.starts_with("20"))) {
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
std::optional<ReadDate> DateReader::ReadYear(size_t i) const {
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

}  // namespace interdict::pipeline
