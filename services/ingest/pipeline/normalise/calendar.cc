#include "services/ingest/pipeline/normalise/calendar.h"

#include <cstdio>
#include <iterator>

#include "services/ingest/pipeline/decode/ascii.h"

namespace interdict::pipeline {
namespace {

bool IsLeap(int year) { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0; }

}  // namespace

int DaysInMonth(int year, int month) {
  constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && IsLeap(year) ? 29 : kDays[month - 1];
}

bool IsValid(const CivilDate& date) {
  if (date.year < 1000 || date.year > 2999 || date.month < 0 || date.month > 12 || date.day < 0) return false;
  if (date.month == 0) return date.day == 0;
  return date.day <= DaysInMonth(date.year, date.month);
}

// The usual algorithm over eras of 400 years, with the year beginning in March.
int64_t ToDays(const CivilDate& date) {
  const int64_t year = date.month <= 2 ? date.year - 1 : date.year;
  const int64_t era = year / 400;
  const int64_t year_of_era = year - era * 400;
  const int64_t day_of_year = (153 * (date.month + (date.month > 2 ? -3 : 9)) + 2) / 5 + date.day - 1;
  const int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146097 + day_of_era - 719468;
}

CivilDate FromDays(int64_t days) {
  days += 719468;
  const int64_t era = days / 146097;
  const int64_t day_of_era = days - era * 146097;
  const int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const int64_t shifted = (5 * day_of_year + 2) / 153;
  const int day = static_cast<int>(day_of_year - (153 * shifted + 2) / 5 + 1);
  const int month = static_cast<int>(shifted < 10 ? shifted + 3 : shifted - 9);
  return {static_cast<int>(year_of_era + era * 400 + (month <= 2 ? 1 : 0)), month, day};
}

int Weekday(int64_t days) { return static_cast<int>(((days + 3) % 7 + 7) % 7); }

CivilDate AddMonths(CivilDate month, int months) {
  const int index = month.year * 12 + month.month - 1 + months;
  return {index / 12, index % 12 + 1, 0};
}

CivilDate FirstDay(const CivilDate& date) {
  return {date.year, date.month == 0 ? 1 : date.month, date.day == 0 ? 1 : date.day};
}

CivilDate LastDay(const CivilDate& date) {
  const int month = date.month == 0 ? 12 : date.month;
  return {date.year, month, date.day == 0 ? DaysInMonth(date.year, month) : date.day};
}

std::string ToEdtf(const CivilDate& date) {
  char buffer[48];
  if (date.month == 0) {
    std::snprintf(buffer, sizeof(buffer), "%04d", date.year);
  } else if (date.day == 0) {
    std::snprintf(buffer, sizeof(buffer), "%04d-%02d", date.year, date.month);
  } else {
    std::snprintf(buffer, sizeof(buffer), "%04d-%02d-%02d", date.year, date.month, date.day);
  }
  return buffer;
}

std::optional<CivilDate> ParseEdtfDate(std::string_view text) {
  if (text.size() != 4 && text.size() != 7 && text.size() != 10) return std::nullopt;
  int parts[3] = {0, 0, 0};
  for (size_t i = 0; i < text.size(); ++i) {
    const bool hyphen = i == 4 || i == 7;
    if (hyphen ? text[i] != '-' : !IsAsciiDigit(text[i])) return std::nullopt;
    int& part = parts[i < 4 ? 0 : (i < 7 ? 1 : 2)];
    if (!hyphen) part = part * 10 + (text[i] - '0');
  }
  const CivilDate date{parts[0], parts[1], parts[2]};
  if ((text.size() > 4 && date.month == 0) || (text.size() > 7 && date.day == 0) || !IsValid(date)) return std::nullopt;
  return date;
}

int MonthNumber(std::string_view folded) {
  constexpr std::string_view kNames[] = {"january", "february", "march",     "april",   "may",      "june",
                                         "july",    "august",   "september", "october", "november", "december"};
  if (folded.ends_with('.')) folded.remove_suffix(1);
  if (folded == "sept") return 9;
  for (size_t i = 0; i < std::size(kNames); ++i) {
    if (folded == kNames[i] || (folded.size() == 3 && folded == kNames[i].substr(0, 3))) return static_cast<int>(i) + 1;
  }
  return 0;
}

int WeekdayNumber(std::string_view folded) {
  constexpr std::string_view kNames[] = {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"};
  if (folded.ends_with('.')) folded.remove_suffix(1);
  if (folded == "tues") return 1;
  if (folded == "thur" || folded == "thurs") return 3;
  for (size_t i = 0; i < std::size(kNames); ++i) {
    if (folded == kNames[i] || (folded.size() == 3 && folded == kNames[i].substr(0, 3))) return static_cast<int>(i);
  }
  return -1;
}

}  // namespace interdict::pipeline
