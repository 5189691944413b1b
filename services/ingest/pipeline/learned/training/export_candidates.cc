// Reads documents as if each reported an incident and writes what the learned decisions judge, one line of JSON a
// document:
//   export_candidates KNOWLEDGE_FOLDER PATH…
// A path is a document, or a folder of documents. The folder of knowledge must not hold decisions.tsv: the features are
// those of the rules alone. Exit status 1 where a file cannot be read.
#include <google/protobuf/util/json_util.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "services/ingest/pipeline/pipeline.h"
#include "services/ingest/pipeline/trace/trace.h"

namespace {

using interdict::pipeline::Pipeline;
using interdict::pipeline::Trace;

std::vector<std::filesystem::path> ListDocuments(int count, char** paths) {
  std::vector<std::filesystem::path> out;
  for (int i = 0; i < count; ++i) {
    if (!std::filesystem::is_directory(paths[i])) {
      out.emplace_back(paths[i]);
      continue;
    }
    const size_t before = out.size();
    for (const auto& item : std::filesystem::directory_iterator(paths[i])) out.push_back(item.path());
    std::sort(out.begin() + static_cast<ptrdiff_t>(before), out.end());
  }
  return out;
}

nlohmann::json Describe(const std::string& id, const interdict::pipeline::Extraction& extraction, const Trace& trace) {
  nlohmann::json line = {{"id", id}, {"reports", nlohmann::json::array()}, {"candidates", nlohmann::json::array()}};
  for (const auto& report : extraction.reports) {
    std::string json;
    if (google::protobuf::util::MessageToJsonString(report, &json).ok())
      line["reports"].push_back(nlohmann::json::parse(json));
  }
  line["sentences"] = trace.sentences;
  for (const auto& c : trace.candidates)
    line["candidates"].push_back({{"report", c.report},
                                  {"decision", c.decision},
                                  {"key", c.key},
                                  {"aliases", c.aliases},
                                  {"kind", c.kind},
                                  {"features", c.features}});
  return line;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::cerr << "usage: export_candidates KNOWLEDGE_FOLDER PATH...\n";
    return 2;
  }
  auto pipeline = Pipeline::Load(argv[1]);
  if (!pipeline.ok()) {
    std::cerr << pipeline.status().message() << "\n";
    return 1;
  }
  for (const auto& path : ListDocuments(argc - 2, argv + 2)) {
    std::ifstream in(path, std::ios::binary);
    std::stringstream content;
    content << in.rdbuf();
    interdict::v1::DocumentInput input;
    input.set_content(content.str());
    input.set_content_type(path.extension() == ".html" ? "text/html" : "text/plain");
    Trace trace;
    trace.wants_candidates = true;
    const auto extraction = (*pipeline)->Extract(input, &trace);
    if (!in || !extraction.ok()) {
      std::cerr << path.filename().string() << ": " << extraction.status().message() << "\n";
      return 1;
    }
    std::cout << Describe(path.stem().string(), *extraction, trace).dump() << "\n";
  }
  return 0;
}
