// How fast a document is read, on one core and without a server: megabytes a second over the documents of files (JSON
// Lines with "text", or folders of texts), and the time over one text repeated from 10 KB to 10 MB, whose slope in a
// log-log plot tells whether it is linear.
//   pipeline_bench [FILE.jsonl | FOLDER]…
#include <sys/resource.h>

#include <chrono>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

#include "nlohmann/json.hpp"
#include "services/ingest/pipeline/pipeline.h"

namespace interdict {
namespace {

double Seconds() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

long PeakMegabytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss / 1024;
}

v1::DocumentInput Input(std::string text, const std::string& type) {
  v1::DocumentInput input;
  input.set_content(std::move(text));
  input.set_content_type(type);
  return input;
}

std::vector<v1::DocumentInput> Read(const std::string& path) {
  std::vector<v1::DocumentInput> documents;
  if (!std::filesystem::is_directory(path)) {
    std::ifstream lines(path);
    for (std::string line; std::getline(lines, line);)
      documents.push_back(Input(nlohmann::json::parse(line)["text"].get<std::string>(), "text/plain"));
    return documents;
  }
  for (const auto& item : std::filesystem::recursive_directory_iterator(path)) {
    if (!item.is_regular_file()) continue;
    std::ifstream file(item.path(), std::ios::binary);
    documents.push_back(Input(std::string(std::istreambuf_iterator<char>(file), {}),
                              item.path().extension() == ".html" ? "text/html" : "text/plain"));
  }
  return documents;
}

void MeasureFiles(const pipeline::Pipeline& pipeline, const std::string& path) {
  const std::vector<v1::DocumentInput> documents = Read(path);
  constexpr double kLeastSeconds = 2;
  size_t bytes = 0;
  size_t reporting = 0;
  const double start = Seconds();
  do {
    for (const v1::DocumentInput& document : documents) {
      auto extraction = pipeline.Extract(document);
      bytes += document.content().size();
      reporting += extraction.ok() && !extraction->reports.empty() ? 1 : 0;
    }
  } while (Seconds() - start < kLeastSeconds && !documents.empty());
  const double seconds = Seconds() - start;
  std::cout << path << ": " << documents.size() << " documents, " << static_cast<double>(bytes) / 1e6 / seconds
            << " MB/s, " << reporting << " readings with a report\n";
}

// A text that reports something new in each paragraph, so that no stage can skip it.
std::string LongText(size_t bytes) {
  std::string text = "Weekly seizures at the port\n\n";
  for (int i = 0; text.size() < bytes; ++i) {
    const std::string n = std::to_string(i);
    text += "Customs officers at Port " + n + " seized " + std::to_string(20 + i % 400) +
            " smuggled rifles on 3 May 2021 and arrested Ivan Petrov" + n + ", a broker of Harbour " + n +
            " Trading Ltd, who had declared the cargo as spare parts. The container came from Izmir and was bound for "
            "Misrata, a spokesman said. He pleaded guilty to violating the arms embargo.\n\n";
  }
  return text;
}

void MeasureSlope(const pipeline::Pipeline& pipeline) {
  double first = 0;
  double last = 0;
  for (size_t bytes = 10'000; bytes <= 10'000'000; bytes *= 10) {
    const v1::DocumentInput input = Input(LongText(bytes), "text/plain");
    const double start = Seconds();
    const int times = bytes < 1'000'000 ? 5 : 1;
    for (int i = 0; i < times; ++i) (void)pipeline.Extract(input);
    last = (Seconds() - start) / times;
    if (first == 0) first = last;
    std::cout << bytes << " bytes: " << last * 1000 << " ms, peak memory " << PeakMegabytes() << " MB\n";
  }
  std::cout << "slope over three decades: " << std::log10(last / first) / 3 << "\n";
}

int Run(int argc, char** argv) {
  const double start = Seconds();
  auto pipeline = pipeline::Pipeline::Load("");
  if (!pipeline.ok()) {
    std::cerr << pipeline.status().message() << "\n";
    return 1;
  }
  std::cout << "knowledge: loaded in " << (Seconds() - start) * 1000 << " ms, " << PeakMegabytes() << " MB\n";
  for (int i = 1; i < argc; ++i) MeasureFiles(**pipeline, argv[i]);
  MeasureSlope(**pipeline);
  return 0;
}

}  // namespace
}  // namespace interdict

int main(int argc, char** argv) { return interdict::Run(argc, argv); }
