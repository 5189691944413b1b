// The data files of matching, built in: weights of the model, weights of words, units.
#pragma once

#include <string_view>
#include <vector>

namespace interdict::index::match {

struct EmbeddedMatchFile {
  std::string_view name;  // of the file
  std::string_view content;
};

// Made by cmake/EmbedFiles.cmake.
const std::vector<EmbeddedMatchFile>& EmbeddedMatchFiles();

// Empty if there is none of that name.
inline std::string_view EmbeddedFile(std::string_view name) {
  for (const EmbeddedMatchFile& file : EmbeddedMatchFiles()) {
    if (file.name == name) return file.content;
  }
  return {};
}

}  // namespace interdict::index::match
