// The tables of `data/` that are built into the name index.
#pragma once

#include <string_view>
#include <vector>

namespace interdict::names {

struct EmbeddedNameTable {
  std::string_view name;  // of the file
  std::string_view content;
};

// Made by cmake/EmbedFiles.cmake.
const std::vector<EmbeddedNameTable>& EmbeddedNameTables();

}  // namespace interdict::names
