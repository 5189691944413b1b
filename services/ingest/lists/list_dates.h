// Dates as reference lists write them, in EDTF.
#pragma once

#include <string>
#include <string_view>

namespace interdict::ingest {

// How a date of digits and slashes is read.
enum class SlashOrder { kDayFirst, kMonthFirst };

// EDTF of a date, a month, a year or a span of them: `07 Oct 1954`, `Oct 1954`, `1954`, `circa 1954`, `1967 to 1970`,
// `1954-10-07T00:00:00`, `07/10/1954`, `00/00/1954`, `dd/mm/1954`. Empty for anything else ("early 1970s").
std::string ListDate(std::string_view text, SlashOrder order = SlashOrder::kDayFirst);

// The same if it is a whole day (`YYYY-MM-DD`), else empty.
std::string ListDay(std::string_view text, SlashOrder order = SlashOrder::kDayFirst);

// `1967/1970`; one of them if the other is empty.
std::string ListSpan(const std::string& from, const std::string& to);

}  // namespace interdict::ingest
