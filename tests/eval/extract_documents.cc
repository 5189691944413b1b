// Extracts every document of a folder and prints one line each: the ExtractDocument answer in proto3 JSON with an added
// "id". Usage: extract_documents FOLDER [KNOWLEDGE_FOLDER]. What eval/score.py reads.
#include <google/protobuf/util/json_util.h>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <set>
#include <sstream>

#include "interdict/v1/ingest_service.pb.h"
#include "services/ingest/pipeline/pipeline.h"

int main(int argc, char** argv) {
  if (argc < 2) {
    std::cerr << "usage: extract_documents FOLDER [KNOWLEDGE_FOLDER]\n";
    return 2;
  }
  auto pipeline = interdict::pipeline::Pipeline::Load(argc > 2 ? argv[2] : "");
  if (!pipeline.ok()) {
    std::cerr << pipeline.status().message() << "\n";
    return 1;
  }
  std::set<std::filesystem::path> paths;
  for (const auto& item : std::filesystem::directory_iterator(argv[1])) paths.insert(item.path());
  for (const auto& path : paths) {
    std::ifstream in(path, std::ios::binary);
    std::stringstream content;
    content << in.rdbuf();
    interdict::v1::DocumentInput input;
    input.set_content(content.str());
    if (path.extension() == ".html") input.set_content_type("text/html");
    auto extraction = (*pipeline)->Extract(input);
    if (!extraction.ok()) {
      std::cerr << path.filename().string() << ": " << extraction.status().message() << "\n";
      return 1;
    }
    interdict::v1::ExtractDocumentResponse answer;
    *answer.mutable_document() = extraction->document;
    for (auto& report : extraction->reports) *answer.add_reports() = std::move(report);
    *answer.mutable_extractor() = interdict::pipeline::Pipeline::ExtractorStamp();
    std::string json;
    if (const auto status = google::protobuf::util::MessageToJsonString(answer, &json); !status.ok()) {
      std::cerr << path.filename().string() << ": " << status.ToString() << "\n";
      return 1;
    }
    std::cout << "{\"id\":\"" << path.stem().string() << "\"," << json.substr(1) << "\n";
  }
  return 0;
}
