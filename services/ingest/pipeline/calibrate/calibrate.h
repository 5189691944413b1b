// Last touch on a report: turns how sure the rules are into how often such values are right. The map is data
// (`confidence.tsv`), learned from labelled documents by tests/eval/calibration.py.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "interdict/v1/incident.pb.h"

namespace interdict::pipeline {

// For each slot, and where there is enough to learn from each derivation, a rising line of knots: what the rules state,
// what was found right. Immutable once loaded, thread-safe.
class Calibration {
 public:
  // Reads `confidence.tsv` of `folder`, or the built-in one where the name is empty. A folder without the file leaves
  // all confidences as the rules state them. INVALID_ARGUMENT naming file, line and remedy for a bad row.
  static absl::StatusOr<Calibration> Load(const std::string& folder);
  static absl::StatusOr<Calibration> Parse(const std::string& content);

  // Sets the confidence of each value whose slot has knots.
  void Apply(v1::IncidentFacts* facts) const;

  // The probability for a value; linear between knots, constant beyond the last. `stated` itself for an unknown slot.
  float Map(const std::string& slot, v1::Derivation derivation, float stated) const;

 private:
  using Knots = std::vector<std::pair<float, float>>;  // stated, right; both rising
  // By slot and derivation; DERIVATION_UNSPECIFIED holds for those that have no knots of their own.
  std::map<std::pair<std::string, v1::Derivation>, Knots> knots_;
};

}  // namespace interdict::pipeline
