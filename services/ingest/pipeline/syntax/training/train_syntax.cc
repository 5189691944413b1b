// Trains the taggers and the parser from corpora and writes their weights: scripts/train-syntax runs it.
//   train_syntax pos|names|parser CORPORA LEXICON OUTPUT [--tune]
// With --tune it learns without the tuning part, measures on that part alone, and writes nothing.
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <initializer_list>
#include <sstream>
#include <string>

#include "services/ingest/pipeline/knowledge/knowledge.h"
#include "services/ingest/pipeline/syntax/training/train_name_tagger.h"
#include "services/ingest/pipeline/syntax/training/train_parser.h"
#include "services/ingest/pipeline/syntax/training/train_pos_tagger.h"

namespace interdict::pipeline {
namespace {

constexpr int kFailed = 1;
constexpr int kWrongUse = 2;

constexpr std::pair<Part, const char*> kMeasured[] = {
    {Part::kTune, "tuning"}, {Part::kTestEwt, "EWT test"}, {Part::kTestGum, "GUM news and court"}};

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

absl::StatusOr<std::string> ReadBytes(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream bytes;
  bytes << in.rdbuf();
  if (!in) return absl::NotFoundError(path + ": cannot be read; train the part-of-speech tagger first");
  return bytes.str();
}

absl::Status TrainPos(const Task& task) {
  auto treebanks = ReadTreebanks(task.corpora + "/treebanks");
  if (!treebanks.ok()) return treebanks.status();
  std::vector<Part> parts = {Part::kTrain};
  if (!task.tune) parts.push_back(Part::kTune);
  const std::string weights = TrainPosTagger(Select(*treebanks, parts), task.lexicon);
  for (const auto& [part, name] : kMeasured) {
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

absl::Status TrainNames(const Task& task) {
  auto treebanks = ReadTreebanks(task.corpora + "/treebanks");
  if (!treebanks.ok()) return treebanks.status();
  auto knowledge = Knowledge::Load("");
  if (!knowledge.ok()) return knowledge.status();
  auto names = ReadNames(task.corpora, *treebanks, **knowledge);
  if (!names.ok()) return names.status();
  auto pos = ReadBytes(task.output + "/pos_tagger.bin");
  if (!pos.ok()) return pos.status();
  auto tagger = PosTagger::Parse(*pos);
  if (!tagger.ok()) return tagger.status();
  const auto select = [&](std::initializer_list<NamePart> parts) {
    std::vector<const NamedSentence*> out;
    for (const NamedSentence& s : *names)
      if (std::find(parts.begin(), parts.end(), s.part) != parts.end()) out.push_back(&s);
    return out;
  };
  const std::string weights = TrainNameTagger(
      task.tune ? select({NamePart::kTrain})
                : select({NamePart::kTrain, NamePart::kTuneGum, NamePart::kTuneRe3d, NamePart::kTuneWikigold}),
      task.lexicon, *tagger);
  const struct {
    NamePart tune;
    NamePart test;
    const char* name;
  } sets[] = {{NamePart::kTuneGum, NamePart::kTestGum, "GUM news and court"},
              {NamePart::kTuneRe3d, NamePart::kTestRe3d, "re3d"},
              {NamePart::kTuneWikigold, NamePart::kTestWikigold, "wikigold"}};
  for (const auto& set : sets) {
    const auto score = MeasureNameTagger(weights, task.lexicon, *tagger, select({task.tune ? set.tune : set.test}));
    if (!score.ok()) return score.status();
    printf("names, %s (%s): F1 %.3f, %zu right of %zu found and %zu labelled\n", set.name,
           task.tune ? "tuning" : "test", score->F1(), score->right, score->found, score->gold);
  }
  if (task.tune) return absl::OkStatus();
  return Write(task.output + "/name_tagger.bin", weights);
}

absl::Status TrainTrees(const Task& task) {
  auto treebanks = ReadTreebanks(task.corpora + "/treebanks");
  if (!treebanks.ok()) return treebanks.status();
  std::vector<Part> parts = {Part::kTrain};
  if (!task.tune) parts.push_back(Part::kTune);
  auto tagger = PosTagger::Parse(TrainPosTagger(Select(*treebanks, parts), task.lexicon));
  if (!tagger.ok()) return tagger.status();
  const ParserWeights weights = TrainParser(Select(*treebanks, parts), task.lexicon);
  for (const auto& [part, name] : kMeasured) {
    if (task.tune != (part == Part::kTune)) continue;
    const auto score = MeasureParser(weights, task.lexicon, *tagger, Select(*treebanks, {part}));
    if (!score.ok()) return score.status();
    printf("parser, %s: heads %.4f, with relations %.4f\n", name, score->heads, score->heads_and_relations);
  }
  if (task.tune) {
    printf("%zu and %zu bytes\n", weights.steps.size(), weights.relations.size());
    return absl::OkStatus();
  }
  if (absl::Status status = Write(task.output + "/parser_steps.bin", weights.steps); !status.ok()) return status;
  return Write(task.output + "/parser_relations.bin", weights.relations);
}

absl::Status Run(const std::string& what, Task& task, const std::string& lexicon_path) {
  auto bytes = BuildLexicon(lexicon_path);
  if (!bytes.ok()) return bytes.status();
  auto lexicon = Lexicon::Parse(*bytes);
  if (!lexicon.ok()) return lexicon.status();
  task.lexicon_bytes = *std::move(bytes);
  task.lexicon = *std::move(lexicon);
  if (what == "pos") return TrainPos(task);
  if (what == "parser") return TrainTrees(task);
  if (what == "names") return TrainNames(task);
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
