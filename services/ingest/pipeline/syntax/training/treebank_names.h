// Names of persons, organisations and places from the entity marks of a treebank (GUM's `Entity=` in the last column).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "services/ingest/pipeline/tokens/tokens.h"

namespace interdict::pipeline {

// A word of a treebank as its file tells it, and where it stands in the sentence's text.
struct TreebankWord {
  std::string form;
  std::string tag;
  std::string relation;
  std::string marks;  // the last column
  int head = -1;      // index in the sentence; -1 for the root
  uint32_t begin = 0;
  uint32_t end = 0;
};

// Follows the marks through a document. Entities nest and may be open over several sentences.
class NameReader {
 public:
  void StartDocument();
  // Reads the marks of one sentence.
  void Read(const std::vector<TreebankWord>& words);
  // The labels of the pipeline's tokens for the sentence read last, after its words are located.
  std::vector<std::string> Labels(const std::vector<TreebankWord>& words, const std::vector<Token>& tokens) const;

 private:
  struct Span {
    std::string id;
    std::string type;
    int first = 0;
    int last = 0;
  };
  std::vector<Span> open_;
  std::vector<Span> closed_;  // of the sentence read last
};

}  // namespace interdict::pipeline
