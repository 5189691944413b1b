#include "tests/source_tree.h"

namespace interdict::testing {

std::string SourcePath(const std::string& relative) { return std::string(INTERDICT_SOURCE_DIR) + "/" + relative; }

}  // namespace interdict::testing
