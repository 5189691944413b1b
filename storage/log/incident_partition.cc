#include "storage/log/incident_partition.h"

#include <cstddef>

namespace interdict::log {

uint32_t IncidentPartition(std::string_view id, uint32_t partitions) {
  uint64_t prefix = 0;  // ids are hashes: their beginning is evenly spread
  for (size_t i = 0; i < 8 && i < id.size(); ++i) {
    const char digit = id[i];
    prefix = prefix << 4 | static_cast<uint64_t>(digit <= '9' ? digit - '0' : digit - 'a' + 10);
  }
  return static_cast<uint32_t>(prefix % partitions);
}

}  // namespace interdict::log
