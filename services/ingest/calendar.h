// Calendar dates as clients write them: `2012`, `2012-07`, `2012-07-15`, and EDTF spans of them. No time zones.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "absl/time/civil_time.h"

namespace interdict::ingest {

// First and last day; an open end is nullopt.
struct DaySpan {
  std::optional<absl::CivilDay> first;
  std::optional<absl::CivilDay> last;
};

// Of `YYYY`, `YYYY-MM` or `YYYY-MM-DD`, years 1000 to 9999; nullopt for anything else and for days that no calendar
// has.
std::optional<DaySpan> ParseDate(std::string_view text);

// Of a date as above or a span: `2012/2013`, `2017-11/..`, `../2017`. nullopt also where the end lies before the start.
std::optional<DaySpan> ParseEdtf(std::string_view text);

// `YYYY-MM-DD`; empty for an open end.
std::string FormatDay(const std::optional<absl::CivilDay>& day);

}  // namespace interdict::ingest
