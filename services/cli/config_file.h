// The config file of a service process: the same keys as the flags, below both flags and environment.
#pragma once

#include <string>
#include <vector>

#include "CLI/App.hpp"
#include "absl/status/status.h"

namespace interdict::cli {

// Makes what `path` holds the defaults of `verb`, so that environment and flags win over it; call it before parsing.
// The file is INI or TOML: `key = value` with the names of the flags (`data = "/var/lib/interdict"`). Keys at the top
// hold for every service verb that knows them, those in a section `[serve]`, `[ingest]`, `[index]`, `[query]` for that
// verb only, and win. `verbs` are all service verbs: a key that none of them knows, or a value that does not fit, is
// INVALID_ARGUMENT naming file and key. NOT_FOUND: no such file.
absl::Status ApplyConfigFile(const std::string& path, CLI::App& verb, const std::vector<CLI::App*>& verbs);

// Path of the config file of a command line: behind --config, or in the environment (INTERDICT_CONFIG); empty if there
// is none.
std::string FindConfigFile(int argc, const char* const* argv);

}  // namespace interdict::cli
