// The tables that are built into the index: country codes with their M49 regions, groups of countries.
#pragma once

#include <string_view>
#include <vector>

namespace interdict::index {

struct EmbeddedTableFile {
  std::string_view name;  // of the file
  std::string_view content;
};

// Made by cmake/EmbedFiles.cmake.
const std::vector<EmbeddedTableFile>& EmbeddedTables();

}  // namespace interdict::index
