// The list of graded sources that is built in.
#pragma once

#include <string_view>
#include <vector>

namespace interdict::ingest {

struct EmbeddedGradeFile {
  std::string_view name;
  std::string_view content;
};

const std::vector<EmbeddedGradeFile>& EmbeddedGradeFiles();

}  // namespace interdict::ingest
