// Where the project's files are, for tests that read test data.
#pragma once

#include <string>

namespace interdict::testing {

// Absolute path of a file or folder of the source tree, for example SourcePath("tests/testdata/articles").
std::string SourcePath(const std::string& relative);

}  // namespace interdict::testing
