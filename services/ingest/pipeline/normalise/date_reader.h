// Reads one sentence's words at one place: the methods behind ReadDateAt, one file a kind of date (date_absolute.cc,
// date_relative.cc, date_ranges.cc). Each Read… gives the date that begins at a word, nothing where none does.
#pragma once

#include <algorithm>
#include <initializer_list>
#include <optional>
#include <string_view>
#include <vector>

#include "services/ingest/pipeline/normalise/calendar.h"
#include "services/ingest/pipeline/normalise/date_grammar.h"
#include "services/ingest/pipeline/normalise/date_words.h"

namespace interdict::pipeline {

inline constexpr int kFirstBareYear = 1900;
inline constexpr int kLastBareYear = 2099;

enum class DateUnit { kNone, kDay, kWeek, kMonth, kYear };

// Refers to `words` and `context`.
class DateReader {
 public:
  DateReader(const std::vector<DateWord>& words, const DateContext& context) : words_(words), context_(context) {}

  // A date or a range that begins at `i`.
  std::optional<ReadDate> Read(size_t i) const;

 private:
  static bool IsOneOf(std::string_view word, std::initializer_list<std::string_view> words) {
    return std::find(words.begin(), words.end(), word) != words.end();
  }
  std::string_view Word(size_t i) const {
    return i < words_.size() ? std::string_view(words_[i].folded) : std::string_view();
  }
  int Number(size_t i) const { return i < words_.size() ? words_[i].number : -1; }
  bool IsDash(size_t i) const { return IsOneOf(Word(i), {"-", "–", "—"}); }
  bool IsRangeMark(size_t i) const { return IsDash(i) || IsOneOf(Word(i), {"to", "until", "till", "through"}); }
  std::string_view Before(size_t i) const { return i > 0 ? Word(i - 1) : std::string_view(); }
  int FourDigitYear(size_t i) const;
  int Month(size_t i) const { return i < words_.size() && words_[i].capitalised ? MonthNumber(words_[i].folded) : 0; }
  // Also "JULY 15" and "15 july" where a number stands beside.
  int MonthByNumber(size_t i) const { return i < words_.size() ? MonthNumber(words_[i].folded) : 0; }
  int Day(size_t i) const;
  static ReadDate Single(CivilDate date, size_t length);
  static std::optional<ReadDate> Told(CivilDate date, size_t length);
  bool Dayful() const { return context_.published && context_.published->day != 0; }
  bool Monthful() const { return context_.published && context_.published->month != 0; }
  bool LooksAhead(size_t i) const;
  std::optional<ReadDate> Yearless(CivilDate date, size_t at, size_t length) const;
  int YearBehind(size_t i, size_t& used, bool& relative) const;
  bool IsYearPlural(size_t i) const { return Word(i + 1) == "'s" || Word(i + 1) == "s"; }
  std::optional<ReadDate> WithYear(CivilDate date, size_t at, size_t length) const;
  std::optional<ReadDate> ReadSingle(size_t i) const;
  std::optional<ReadDate> ReadSingleInside(size_t i) const;
  std::optional<ReadDate> ReadNumeric(size_t i) const;
  std::optional<ReadDate> ReadDayMonth(size_t i) const;
  std::optional<ReadDate> ReadMonthDay(size_t i) const;
  std::optional<ReadDate> ReadWeekday(size_t i) const;
  std::optional<ReadDate> ReadVague(size_t i) const;
  std::optional<ReadDate> ReadMonth(size_t i) const;
  static std::optional<ReadDate> Relative(CivilDate date, size_t length);
  std::optional<ReadDate> ReadDecade(size_t i) const;
  std::optional<ReadDate> ReadYear(size_t i) const;
  std::optional<ReadDate> Days(int64_t first, int64_t last, size_t length) const;
  std::optional<ReadDate> ReadRelative(size_t i) const;
  std::optional<ReadDate> ReadUnitFromPublished(size_t k) const;
  std::optional<ReadDate> ReadUnitFromAnchor(size_t i) const;
  std::optional<ReadDate> Moved(const CivilDate& base, DateUnit unit, int64_t step, size_t length) const;
  std::optional<ReadDate> ReadDistance(size_t i) const;
  std::optional<ReadDate> ReadPastUnits(size_t i) const;
  std::optional<ReadDate> ReadDayOfKnownMonth(size_t i) const;
  static std::optional<ReadDate> Span(const ReadDate& first, const ReadDate& last, size_t length);
  std::optional<ReadDate> ReadRange(size_t i, std::string_view joint, size_t at) const;
  std::optional<ReadDate> ReadDayOfSomeYear(size_t i) const;
  static void Reyear(ReadDate& start, const CivilDate& end);
  std::optional<ReadDate> ReadMonthPair(size_t i, std::string_view joint, size_t at) const;
  std::optional<ReadDate> ReadDayRange(size_t i, std::string_view joint) const;

  const std::vector<DateWord>& words_;
  const DateContext& context_;
};

}  // namespace interdict::pipeline
