// The result: each figure beside its yardstick, as a Markdown table.
#pragma once

#include <ostream>
#include <string>
#include <vector>

namespace interdict::bench {

class ReportTable {
 public:
  // A figure without a yardstick.
  void Add(const std::string& what, double value, const std::string& unit);
  // A figure beside a yardstick of the same unit; the ratio is value / yardstick.
  void Add(const std::string& what, double value, const std::string& unit, const std::string& yardstick,
           double yardstick_value);
  void Write(std::ostream& out) const;

 private:
  struct Row {
    std::string what, value, yardstick, ratio;
  };
  std::vector<Row> rows_;
};

}  // namespace interdict::bench
