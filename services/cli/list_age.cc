#include "services/cli/list_age.h"

#include "absl/time/civil_time.h"
#include "absl/time/clock.h"

namespace interdict::cli {

std::string AgeOf(const std::string& version_date) {
  absl::CivilDay day;
  if (!absl::ParseCivilTime(version_date, &day)) return "of unknown age";
  const auto days = absl::ToCivilDay(absl::Now(), absl::UTCTimeZone()) - day;
  return std::to_string(days) + (days == 1 ? " day" : " days");
}

}  // namespace interdict::cli
