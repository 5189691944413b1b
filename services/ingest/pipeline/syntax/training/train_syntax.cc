// Trains the taggers and the parser from corpora and writes their weights: scripts/train-syntax runs it.
//   train_syntax pos|names|parser CORPORA LEXICON OUTPUT [--tune]
// With --tune it learns without the tuning part, measures on that part alone, and writes nothing.
#include <chrono>
#include <cstdio>
#include <fstream>
#include <string>

#include "services/ingest/pipeline/syntax/training/train_pos_tagger.h"

namespace interdict::pipeline {
namespace {

constexpr int kFailed = 1;
constexpr int kWrongUse = 2;

struct Task {
  std::string corpora;
  std::string output;
  bool tune = false;
  std::string lexicon_bytes;
  Lexicon lexicon;
};

absl::Status Write(const std::string& path, const std::string& bytes) {
  std::ofstream out(path, std::ios::binary);
  out << bytes;
  out.close();
  if (!out) return absl::UnavailableError(path + ": cannot be written");
  printf("%s: %zu bytes\n", path.c_str(), bytes.size());
  return absl::OkStatus();
}

absl::Status TrainPos(const Task& task) {
  auto treebanks = ReadTreebanks(task.corpora + "/treebanks");
  if (!treebanks.ok()) return treebanks.status();
  std::vector<Part> parts = {Part::kTrain};
  if (!task.tune) parts.push_back(Part::kTune);
  const std::string weights = TrainPosTagger(Select(*treebanks, parts), task.lexicon);
  for (const auto& [part, name] :
       {std::pair{Part::kTune, "tuning"}, {Part::kTestEwt, "EWT test"}, {Part::kTestGum, "GUM news and court"}}) {
    if (task.tune != (part == Part::kTune)) continue;
    const auto accuracy = MeasurePosTagger(weights, task.lexicon, Select(*treebanks, {part}));
    if (!accuracy.ok()) return accuracy.status();
    printf("parts of speech, %s: %.4f\n", name, *accuracy);
  }
  if (task.tune) {
    printf("%zu bytes\n", weights.size());
    return absl::OkStatus();
  }
  if (absl::Status status = Write(task.output + "/lexicon.bin", task.lexicon_bytes); !status.ok()) return status;
  return Write(task.output + "/pos_tagger.bin", weights);
}

absl::Status Run(const std::string& what, Task& task, const std::string& lexicon_path) {
  auto bytes = BuildLexicon(lexicon_path);
  if (!bytes.ok()) return bytes.status();
  auto lexicon = Lexicon::Parse(*bytes);
  if (!lexicon.ok()) return lexicon.status();
  task.lexicon_bytes = *std::move(bytes);
  task.lexicon = *std::move(lexicon);
  if (what == "pos") return TrainPos(task);
  return absl::InvalidArgumentError(what + ": train pos, names or parser");
}

}  // namespace
}  // namespace interdict::pipeline

int main(int argc, char** argv) {
  if (argc < 5) {
    fprintf(stderr, "usage: train_syntax pos|names|parser CORPORA LEXICON OUTPUT [--tune]\n");
    return interdict::pipeline::kWrongUse;
  }
  interdict::pipeline::Task task;
  task.corpora = argv[2];
  task.output = argv[4];
  task.tune = argc > 5 && std::string_view(argv[5]) == "--tune";
  const absl::Status status = interdict::pipeline::Run(argv[1], task, argv[3]);
  if (status.ok()) return 0;
  fprintf(stderr, "%s\n", std::string(status.message()).c_str());
  return interdict::pipeline::kFailed;
}
