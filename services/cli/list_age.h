// How old a version of a list is, for a person.
#pragma once

#include <string>

namespace interdict::cli {

// "2 days", by the date of the version (`YYYY-MM-DD`) and the clock here; "of unknown age" for no date.
std::string AgeOf(const std::string& version_date);

}  // namespace interdict::cli
