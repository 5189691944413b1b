// Where the decisions on an incident are: known to those who write them, and to those who ask only the shard that has
// folded them.
#pragma once

#include <cstdint>
#include <string_view>

namespace interdict::log {

// Partition of the incident log that holds an incident, a judgement or a group, by its id (hexadecimal, lower case).
uint32_t IncidentPartition(std::string_view id, uint32_t partitions);

}  // namespace interdict::log
