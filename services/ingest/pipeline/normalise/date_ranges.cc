// Spans of dates, and the entry point.
#include "services/ingest/pipeline/normalise/date_reader.h"

namespace interdict::pipeline {

// A date or a range that begins at `i`.
std::optional<ReadDate> DateReader::Read(size_t i) const {
  if (i >= words_.size() || !MayBeginDate(words_[i])) return std::nullopt;
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

// From `first` to `last`, where that is a span at all.
std::optional<ReadDate> DateReader::Span(const ReadDate& first, const ReadDate& last, size_t length) {
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
std::optional<ReadDate> DateReader::ReadRange(size_t i, std::string_view joint, size_t at) const {
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
std::optional<ReadDate> DateReader::ReadDayOfSomeYear(size_t i) const {
  DateContext some_year;
  some_year.sentence_year = 2000;
  const DateReader reader(words_, some_year);
  auto read = reader.ReadDayMonth(i);
  return read ? read : reader.ReadMonthDay(i);
}

// Gives a yearless start the year of the end: "from March to May 2019", "from November to May 2019".
void DateReader::Reyear(ReadDate& start, const CivilDate& end) {
  start.first.year = end.year;
  if (start.first.month > end.month && end.month != 0) --start.first.year;
  if (!IsValid(start.first)) start.first.day = DaysInMonth(start.first.year, start.first.month);
  start.last = start.first;
}

// "between March and May 2019", "March-May 2019": the first month alone is no date by itself.
std::optional<ReadDate> DateReader::ReadMonthPair(size_t i, std::string_view joint, size_t at) const {
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
std::optional<ReadDate> DateReader::ReadDayRange(size_t i, std::string_view joint) const {
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

}  // namespace interdict::pipeline
