#include "storage/log/log.h"

#include "absl/strings/str_cat.h"

namespace interdict::log {

std::string ToString(LogName name) { return name == LogName::kIntake ? "intake" : "incidents"; }

absl::StatusOr<LogName> ParseLogName(const std::string& word) {
  for (LogName name : {LogName::kIntake, LogName::kIncidents}) {
    if (word == ToString(name)) return name;
  }
  return absl::InvalidArgumentError("log: must be `intake` or `incidents`");
}

std::string ToString(const PartitionId& partition) {
  return absl::StrCat(ToString(partition.log), "/", partition.number);
}

std::vector<PartitionId> LogIdentity::Partitions() const {
  std::vector<PartitionId> partitions;
  partitions.reserve(static_cast<size_t>(intake_partitions) + incident_partitions);
  for (uint32_t number = 0; number < intake_partitions; ++number) partitions.push_back({LogName::kIntake, number});
  for (uint32_t number = 0; number < incident_partitions; ++number) partitions.push_back({LogName::kIncidents, number});
  return partitions;
}

}  // namespace interdict::log
