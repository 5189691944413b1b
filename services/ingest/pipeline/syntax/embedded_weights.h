// The weights of the taggers and the parser as they were when the program was built.
#pragma once

#include <string_view>

namespace interdict::pipeline {

// The bytes of a file of weights/ by its name; empty for no such file. The generated source defines it.
std::string_view EmbeddedWeights(std::string_view name);

}  // namespace interdict::pipeline
