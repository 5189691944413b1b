// From a document's bytes to its reports: decode → page → language → relevance → tokens → mentions → coreference →
// frames → grouping → attribution → normalise. Each stage is a folder with typed input and output; the knowledge that
// they share is data, loaded once.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "interdict/v1/document.pb.h"
#include "interdict/v1/incident.pb.h"

namespace interdict::pipeline {

class Calibration;
class Knowledge;
struct Trace;

// What extraction makes of a document.
struct Extraction {
  v1::Document document;  // as stored, without sightings, times and incidents
  std::vector<v1::Report> reports;
};

// Extracts documents. Thread-safe: Extract may be called from many threads at once.
class Pipeline {
 public:
  // Name and version stamped on every report. Raised whenever the output for some input changes.
  static v1::Extractor ExtractorStamp();

  // Loads the knowledge files of `knowledge_dir`. INVALID_ARGUMENT naming file, line and remedy for a bad one.
  static absl::StatusOr<std::unique_ptr<Pipeline>> Load(const std::string& knowledge_dir);

  ~Pipeline();

  // Reads one document. Deterministic: the same input and version give the same bytes. INVALID_ARGUMENT for a document
  // without text, of an unread media type, or with a bad hint; the message starts with the path of the field, e.g.
  // `document.content: `. INTERNAL where a stage threw: a defect of ours, and no harm to the process.
  // With a trace, also records what the stages found and how long each took.
  absl::StatusOr<Extraction> Extract(const v1::DocumentInput& input, Trace* trace = nullptr) const;

 private:
  absl::StatusOr<Extraction> Read(const v1::DocumentInput& input, Trace* trace) const;
  Pipeline(std::unique_ptr<Knowledge> knowledge, std::unique_ptr<Calibration> calibration);
  std::unique_ptr<Knowledge> knowledge_;
  std::unique_ptr<Calibration> calibration_;
};

}  // namespace interdict::pipeline
