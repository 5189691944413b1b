#include "services/ingest/pipeline/knowledge/table_reader.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace interdict::pipeline {
namespace {

absl::Status Bad(std::string_view name, size_t line, std::string_view what) {
  return absl::InvalidArgumentError(
      absl::StrCat("knowledge file ", std::string(name), ", line ", line, ": ", std::string(what)));
}

}  // namespace

absl::StatusOr<std::vector<TableRow>> ReadTable(std::string_view name, std::string_view content,
                                                const std::vector<std::string>& columns) {
  std::vector<TableRow> rows;
  std::vector<size_t> positions;
  size_t width = 0;
  size_t line_number = 0;
  for (absl::string_view line : absl::StrSplit(absl::string_view(content.data(), content.size()), '\n')) {
    ++line_number;
    line = absl::StripSuffix(line, "\r");
    if (line.empty()) continue;
    std::vector<std::string> cells = absl::StrSplit(line, '\t');
    if (cells[0] == "#columns") {
      for (const std::string& column : columns) {
        const auto found = std::find(cells.begin() + 1, cells.end(), column);
        if (found == cells.end())
          return Bad(name, line_number,
                     absl::StrCat("the column '", column, "' is missing: add it to the #columns line"));
        positions.push_back(static_cast<size_t>(found - cells.begin()) - 1);
      }
      width = cells.size() - 1;
      continue;
    }
    if (line[0] == '#') continue;
    if (width == 0)
      return Bad(name, line_number, "a row before the #columns line: begin the file with '#columns<TAB>name<TAB>…'");
    if (cells.size() > width)
      return Bad(name, line_number,
                 absl::StrCat("the row has ", cells.size(), " cells, the header ", width, ": remove the surplus tabs"));
    if (cells[0].empty())
      return Bad(name, line_number, "the first cell is empty: write the phrase there or remove the row");
    TableRow row{line_number, {}};
    for (size_t position : positions) row.cells.push_back(position < cells.size() ? cells[position] : std::string());
    rows.push_back(std::move(row));
  }
  if (width == 0)
    return Bad(name, line_number, "there is no #columns line: begin the file with '#columns<TAB>name<TAB>…'");
  return rows;
}

}  // namespace interdict::pipeline
