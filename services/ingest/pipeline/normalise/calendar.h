// Calendar arithmetic and the names of months and weekdays. Proleptic Gregorian, no clock, no time zone.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace interdict::pipeline {

// A day, month (day 0) or year (month 0). `Valid` days only come out of the functions below.
struct CivilDate {
  int year = 0;
  int month = 0;
  int day = 0;
  bool operator==(const CivilDate&) const = default;
};

int DaysInMonth(int year, int month);
bool IsValid(const CivilDate& date);  // of its precision; years 1000 to 2999

// Days since 1970-01-01 and back. `date` must be a valid day.
int64_t ToDays(const CivilDate& date);
CivilDate FromDays(int64_t days);
int Weekday(int64_t days);  // 0 Monday … 6 Sunday

CivilDate AddMonths(CivilDate month, int months);  // day is dropped

CivilDate FirstDay(const CivilDate& date);
CivilDate LastDay(const CivilDate& date);

// `2012`, `2012-07`, `2012-07-15`.
std::string ToEdtf(const CivilDate& date);
// The reverse; nothing for any other text or an impossible date.
std::optional<CivilDate> ParseEdtfDate(std::string_view text);

// Month 1–12 of a folded name or usual abbreviation ("july", "sept"), 0 for none.
int MonthNumber(std::string_view folded);
// Weekday 0–6 of a folded name or usual abbreviation ("tuesday", "tues"), −1 for none.
int WeekdayNumber(std::string_view folded);

}  // namespace interdict::pipeline
