// The vocabulary of facts: which strings a field may hold, known by the field's name.
#pragma once

#include <string>

#include "absl/status/status.h"

namespace interdict::ingest {

// Checks a non-empty string field of a value message: country codes, region codes, currencies, categories, EDTF dates,
// IMO numbers, HS chapters. Fields of free text pass if they hold no NUL. INVALID_ARGUMENT names `path` and the remedy.
absl::Status CheckWord(const std::string& path, const std::string& field_name, const std::string& value);

}  // namespace interdict::ingest
