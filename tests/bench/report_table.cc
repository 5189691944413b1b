#include "tests/bench/report_table.h"

#include <cstdio>

namespace interdict::bench {
namespace {

// Three digits that matter.
std::string Number(double value) {
  char text[32];
  std::snprintf(text, sizeof(text), value >= 100 ? "%.0f" : value >= 10 ? "%.1f" : "%.2f", value);
  return text;
}

}  // namespace

void ReportTable::Add(const std::string& what, double value, const std::string& unit) {
  rows_.push_back({what, Number(value) + " " + unit, "", ""});
}

void ReportTable::Add(const std::string& what, double value, const std::string& unit, const std::string& yardstick,
                      double yardstick_value) {
  rows_.push_back({what, Number(value) + " " + unit, yardstick + ": " + Number(yardstick_value) + " " + unit,
                   yardstick_value > 0 ? Number(value / yardstick_value) : ""});
}

void ReportTable::Write(std::ostream& out) const {
  out << "| what | measured | yardstick of the same run | ratio |\n| --- | ---: | --- | ---: |\n";
  for (const Row& row : rows_) {
    out << "| " << row.what << " | " << row.value << " | " << row.yardstick << " | " << row.ratio << " |\n";
  }
}

}  // namespace interdict::bench
