#include "services/ingest/pipeline/learned/decisions.h"

#include <cmath>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "services/ingest/pipeline/knowledge/table_reader.h"

namespace interdict::pipeline {

absl::Status Decisions::Add(const std::string& file, const std::string& content) {
  auto rows = ReadTable(file, content, {"decision", "feature", "weight"});
  if (!rows.ok()) return rows.status();
  for (const TableRow& row : *rows) {
    float weight = 0;
    if (!absl::SimpleAtof(row.cells[2], &weight) || !std::isfinite(weight))
      return absl::InvalidArgumentError(
          absl::StrCat("knowledge file ", file, ", line ", row.line, ": the weight must be a number"));
    Model& model = models_[row.cells[0]];
    if (row.cells[1] == "(bias)")
      model.bias = weight;
    else if (row.cells[1] == "(threshold)")
      model.threshold = weight;
    else if (!model.weights.emplace(row.cells[1], weight).second)
      return absl::InvalidArgumentError(absl::StrCat("knowledge file ", file, ", line ", row.line, ": the feature '",
                                                     row.cells[1], "' has a weight already; remove one"));
  }
  return absl::OkStatus();
}

float Decisions::Probability(const std::string& decision, const Features& features) const {
  const auto found = models_.find(decision);
  if (found == models_.end()) return 0;
  double sum = found->second.bias;
  for (const auto& [name, value] : features.all()) {
    const auto weight = found->second.weights.find(name);
    if (weight != found->second.weights.end()) sum += static_cast<double>(weight->second) * value;
  }
  return static_cast<float>(1 / (1 + std::exp(-sum)));
}

float Decisions::Threshold(const std::string& decision) const {
  const auto found = models_.find(decision);
  return found == models_.end() ? 1.0F : found->second.threshold;
}

}  // namespace interdict::pipeline
