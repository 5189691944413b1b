// Records an entry of the log that changes nothing, with the reason: the same on every replica.
#pragma once

#include <string>

#include "services/index/entry/parse_entry.h"
#include "storage/records/store.h"

namespace interdict::index {

void SkipEntry(const ParsedEntry& entry, const std::string& problem, records::Batch* batch);

}  // namespace interdict::index
