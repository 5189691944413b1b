// The knowledge files as they were when the program was built.
#pragma once

#include <string_view>
#include <vector>

namespace interdict::pipeline {

// A file by its name, without folder.
struct EmbeddedFile {
  std::string_view name;
  std::string_view content;
};

// All of them, by name. The generated source defines it.
const std::vector<EmbeddedFile>& EmbeddedKnowledgeFiles();

}  // namespace interdict::pipeline
