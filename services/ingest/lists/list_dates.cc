#include "services/ingest/lists/list_dates.h"

#include <array>
#include <optional>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace interdict::ingest {
namespace {

constexpr std::array<std::string_view, 12> kMonths = {"jan", "feb", "mar", "apr", "may", "jun",
                                                      "jul", "aug", "sep", "oct", "nov", "dec"};

// A day with what is not told as 0.
struct PlainDate {
  int year = 0;
  int month = 0;
  int day = 0;
};

// The parts between any of `separators`; empty ones are left out.
std::vector<std::string> Split(std::string_view text, const char* separators) {
  return absl::StrSplit(std::string(text), absl::ByAnyChar(separators), absl::SkipEmpty());
}

bool AllDigits(std::string_view text) {
  for (const char c : text) {
    if (!absl::ascii_isdigit(c)) return false;
  }
  return !text.empty();
}

// Number of a part; 0 for placeholders (`00`, `dd`, `mm`); nullopt for anything else.
std::optional<int> Part(const std::string& text) {
  int number = 0;
  if (text == "dd" || text == "mm" || text == "yyyy") return 0;
  if (!AllDigits(text) || text.size() > 4 || !absl::SimpleAtoi(text, &number)) return std::nullopt;
  return number;
}

int MonthOf(const std::string& word) {
  if (word.size() < 3) return 0;
  for (size_t i = 0; i < kMonths.size(); ++i) {
    if (word.compare(0, 3, kMonths[i]) == 0) return static_cast<int>(i) + 1;
  }
  return 0;
}

bool IsLeap(int year) { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0; }

bool IsPossible(const PlainDate& date) {
  constexpr std::array<int, 13> kDays = {31, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (date.year < 1000 || date.year > 2999) return false;
  if (date.month < 0 || date.month > 12 || (date.month == 0 && date.day != 0)) return false;
  if (date.month == 2 && date.day == 29) return IsLeap(date.year);
  return date.day >= 0 && date.day <= kDays[static_cast<size_t>(date.month)];
}

std::string Edtf(const PlainDate& date) {
  if (!IsPossible(date)) return "";
  if (date.month == 0) return absl::StrFormat("%04d", date.year);
  if (date.day == 0) return absl::StrFormat("%04d-%02d", date.year, date.month);
  return absl::StrFormat("%04d-%02d-%02d", date.year, date.month, date.day);
}

// `1954-10-07`, `07/10/1954`.
std::string FromDigits(std::string_view text, char separator, SlashOrder order) {
  const std::vector<std::string> parts = absl::StrSplit(std::string(text), separator);
  std::vector<int> numbers;
  for (const std::string& part : parts) {
    const auto number = Part(part);
    if (!number) return "";
    numbers.push_back(*number);
  }
  if (numbers.size() > 3) return "";
  if (separator == '-') {
    if (parts[0].size() != 4) return "";
    numbers.resize(3);
    return Edtf({numbers[0], numbers[1], numbers[2]});
  }
  if (parts.back().size() != 4) return "";
  if (numbers.size() == 2) return Edtf({numbers[1], numbers[0], 0});
  if (numbers.size() != 3) return "";
  const bool day_first = order == SlashOrder::kDayFirst;
  PlainDate date{numbers[2], day_first ? numbers[1] : numbers[0], day_first ? numbers[0] : numbers[1]};
  if (date.month == 0) date.day = 0;
  return Edtf(date);
}

// `07 Oct 1954`, `Oct 1954`, `October 7, 1954`, `1954`.
std::string FromWords(std::string_view text) {
  PlainDate date;
  for (std::string& word : Split(text, " ,")) {
    while (!word.empty() && word.back() == '.') word.pop_back();
    const auto number = Part(word);
    if (number && word.size() == 4 && date.year == 0) {
      date.year = *number;
    } else if (number && word.size() <= 2 && date.day == 0) {
      date.day = *number;
    } else if (MonthOf(word) != 0 && date.month == 0) {
      date.month = MonthOf(word);
    } else {
      return "";
    }
  }
  return Edtf(date);
}

std::string One(std::string written, SlashOrder order) {
  absl::StripAsciiWhitespace(&written);
  std::string_view text = written;
  const size_t time = text.find('t');
  if (time == 10 && text[4] == '-') text = text.substr(0, time);
  if (text.size() > 10 && text[4] == '-' && text[10] == ' ') text = text.substr(0, 10);
  if (text.find('/') != std::string_view::npos) return FromDigits(text.substr(0, text.find(' ')), '/', order);
  if (text.find('-') != std::string_view::npos) return FromDigits(text.substr(0, 10), '-', order);
  return FromWords(text);
}

}  // namespace

std::string ListSpan(const std::string& from, const std::string& to) {
  if (from.empty() || to.empty() || from == to) return from.empty() ? to : from;
  return from < to ? from + "/" + to : to + "/" + from;
}

std::string ListDate(std::string_view text, SlashOrder order) {
  if (text.size() > 80) return "";
  std::string lower = absl::AsciiStrToLower(std::string(text));
  absl::StripAsciiWhitespace(&lower);
  bool about = false;
  for (const std::string word : {"circa ", "approximately ", "approx. ", "about ", "c. ", "between "}) {
    if (!absl::StartsWith(lower, word)) continue;
    about = about || word != "between ";
    lower = lower.substr(word.size());
  }
  for (const std::string joint : {" to ", " and ", " - ", "/"}) {
    const std::vector<std::string> ends = absl::StrSplit(lower, joint);
    const bool years = joint != "/" || (ends.size() == 2 && ends[0].size() == 4 && ends[1].size() == 4);
    if (ends.size() != 2 || !years) continue;
    const std::string from = One(ends[0], order);
    const std::string to = One(ends[1], order);
    return from.empty() || to.empty() ? "" : ListSpan(from, to);
  }
  const std::string date = One(lower, order);
  return about && !date.empty() ? date + "~" : date;
}

std::string ListDay(std::string_view text, SlashOrder order) {
  std::string date = ListDate(text, order);
  return date.size() == 10 ? date : "";
}

}  // namespace interdict::ingest
