// Dates as the record has them, EDTF, as spans of days: what is indexed for uncertain dates and what filters compare.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace interdict::index {

// Ends of spans that are open.
inline constexpr int64_t kOpenStart = std::numeric_limits<int64_t>::min();
inline constexpr int64_t kOpenEnd = std::numeric_limits<int64_t>::max();

// Days since 1970-01-01, both included.
struct DaySpan {
  int64_t first = kOpenStart;
  int64_t last = kOpenEnd;
  friend bool operator==(const DaySpan&, const DaySpan&) = default;
};

// `2012`, `2012-07`, `2012-07-15`, `2012/2013`, `2017-11/..`, `../2014`, the last also with one side empty. Marks of
// doubt behind a date (`?`, `~`, `%`) do not widen it; `201X` and `2012-XX` are the decade and the year. nullopt:
// not such a date, an end before its start, or both ends open.
std::optional<DaySpan> ParseDaySpan(std::string_view edtf);

// `2012-07-15`.
std::string FormatDay(int64_t day);

// A moment, microseconds since 1970: RFC 3339 (`2024-05-01T12:00:00Z`), or a date, which is its span in UTC.
struct MomentSpan {
  int64_t first_us = 0;
  int64_t last_us = 0;
};
std::optional<MomentSpan> ParseMoment(std::string_view text);

}  // namespace interdict::index
