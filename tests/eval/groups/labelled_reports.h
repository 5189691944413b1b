// Labelled reports of tests/eval/groups: structured ones as they are, whole texts through the extraction pipeline.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "interdict/internal/v1/resolution.pb.h"
#include "interdict/v1/incident.pb.h"

namespace interdict::index::match {

struct LabelledReport {
  std::string id;         // of the line
  std::string group;      // the label
  std::string published;  // orders the reports
  bool extracted = false;
  // Raw ids of 16 bytes; the first is the labelled report, the others what else its text tells.
  std::vector<std::string> report_ids;
  std::vector<internal::v1::ReportFeatures> features;
};

// Of a folder with `reports.jsonl` (fields id, group, published, publisher, url, attribution_chain, and facts with
// summary_text, or text with an optional ordinal), in order of publication. INVALID_ARGUMENT names file and line.
absl::StatusOr<std::vector<LabelledReport>> ReadLabelledReports(const std::string& folder,
                                                                const std::string& knowledge_folder);

}  // namespace interdict::index::match
