#include "tests/eval/groups/labelled_reports.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "google/protobuf/util/json_util.h"
#include "nlohmann/json.hpp"
#include "services/index/entry/names.h"
#include "services/index/resolve/match/features.h"
#include "services/index/resolve/match/hashes.h"
#include "services/ingest/pipeline/pipeline.h"

namespace interdict::index::match {
namespace {

using nlohmann::json;

std::string TextAt(const json& line, const char* field) {
  const auto found = line.find(field);
  return found == line.end() || !found->is_string() ? "" : found->get<std::string>();
}

std::string NameOfReport(const std::string& document, uint32_t ordinal) {
  return absl::StrFormat("%s/reports/%016x%016x", document, Hash64(document), ordinal);
}

v1::Source SourceOf(const json& line) {
  v1::Source source;
  source.set_publisher(TextAt(line, "publisher"));
  source.set_published(TextAt(line, "published"));
  source.set_url(TextAt(line, "url"));
  if (line.contains("attribution_chain")) {
    for (const json& name : line["attribution_chain"]) source.add_attribution_chain(name.get<std::string>());
  }
  return source;
}

void AddReport(v1::Report report, const v1::Source& source, const std::string& text, LabelledReport& into) {
  if (!ReportIdsFromName(report.name()).ok()) {
    const std::string document = absl::StrFormat("documents/%064x", Hash64(into.id));
    report.set_name(NameOfReport(document, report.ordinal()));
  }
  into.report_ids.push_back(ReportIdsFromName(report.name())->report);
  into.features.push_back(FeaturesOf(report, source, text));
}

absl::Status AddFacts(const json& line, LabelledReport& into) {
  v1::Report report;
  const auto parsed = google::protobuf::util::JsonStringToMessage(line["facts"].dump(), report.mutable_facts());
  if (!parsed.ok()) return absl::InvalidArgumentError(parsed.ToString());
  AddReport(std::move(report), SourceOf(line), TextAt(line, "summary_text"), into);
  return absl::OkStatus();
}

absl::Status AddExtracted(const json& line, const std::string& folder, const pipeline::Pipeline& pipeline,
                          LabelledReport& into) {
  std::string path = TextAt(line, "text");
  if (path.find('/') == std::string::npos) path = "text/" + path;
  std::ifstream file(absl::StrCat(folder, "/", path), std::ios::binary);
  if (!file) return absl::InvalidArgumentError(absl::StrCat("no file ", path));
  v1::DocumentInput input;
  input.set_content(std::string(std::istreambuf_iterator<char>(file), {}));
  input.set_content_type(path.size() > 5 && path.compare(path.size() - 5, 5, ".html") == 0 ? "text/html"
                                                                                           : "text/plain");
  input.set_publisher(TextAt(line, "publisher"));
  input.set_published(TextAt(line, "published"));
  input.set_url(TextAt(line, "url"));
  auto extraction = pipeline.Extract(input);
  if (!extraction.ok()) return extraction.status();
  v1::Source source = SourceOf(line);
  *source.mutable_attribution_chain() = extraction->document.attribution_chain();
  source.set_published(extraction->document.published());
  source.set_publisher(extraction->document.publisher());
  into.extracted = true;
  auto& reports = extraction->reports;
  // Nothing found: a report without facts, which stays by itself.
  if (reports.empty()) reports.emplace_back();
  const size_t labelled = line.contains("ordinal") ? line["ordinal"].get<size_t>() : 0;
  if (labelled > 0 && labelled < reports.size()) std::swap(reports[0], reports[labelled]);
  for (v1::Report& report : reports) AddReport(std::move(report), source, extraction->document.text(), into);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::vector<LabelledReport>> ReadLabelledReports(const std::string& folder,
                                                                const std::string& knowledge_folder) {
  auto pipeline = pipeline::Pipeline::Load(knowledge_folder);
  if (!pipeline.ok()) return pipeline.status();
  std::ifstream file(folder + "/reports.jsonl");
  if (!file) return absl::InvalidArgumentError(absl::StrCat("no file ", folder, "/reports.jsonl"));
  std::vector<LabelledReport> reports;
  int number = 0;
  for (std::string text; std::getline(file, text);) {
    ++number;
    const json line = json::parse(text, nullptr, /*allow_exceptions=*/false);
    LabelledReport report;
    report.id = line.is_object() ? TextAt(line, "id") : "";
    report.group = line.is_object() ? TextAt(line, "group") : "";
    report.published = line.is_object() ? TextAt(line, "published") : "";
    absl::Status status = absl::InvalidArgumentError("no id, group, or neither facts nor text");
    if (!report.id.empty() && !report.group.empty()) {
      if (line.contains("facts")) status = AddFacts(line, report);
      if (line.contains("text")) status = AddExtracted(line, folder, **pipeline, report);
    }
    if (!status.ok()) {
      return absl::InvalidArgumentError(
          absl::StrCat(folder, "/reports.jsonl:", number, ": ", std::string(status.message())));
    }
    reports.push_back(std::move(report));
  }
  std::stable_sort(reports.begin(), reports.end(),
                   [](const LabelledReport& a, const LabelledReport& b) { return a.published < b.published; });
  return reports;
}

}  // namespace interdict::index::match
