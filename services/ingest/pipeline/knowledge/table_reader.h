// Reads the tab-separated knowledge files: named columns, comments, one row a line.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace interdict::pipeline {

// A row with the cells in the order that was asked for; a missing trailing cell is empty.
struct TableRow {
  size_t line = 0;
  std::vector<std::string> cells;
};

// Parses `content` of the file `name`. `columns` are the columns wanted. INVALID_ARGUMENT naming file, line and remedy
// where the header line is missing or lacks a column, or a row has more cells than the header or an empty first cell.
absl::StatusOr<std::vector<TableRow>> ReadTable(std::string_view name, std::string_view content,
                                                const std::vector<std::string>& columns);

}  // namespace interdict::pipeline
