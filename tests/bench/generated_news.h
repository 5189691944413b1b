// Texts that look like news, made from a number: the same number gives the same text on every machine.
#pragma once

#include <cstdint>
#include <string>

namespace interdict::bench {

// Every third text tells of an incident of illicit trade, the others of everyday matters.
inline constexpr uint64_t kIncidentEvery = 3;

// A text of about 3 KB with headline, date line and paragraphs; no two are alike.
std::string NewsText(uint64_t number);

// Words to search for, one to three of them, some frequent in the texts and some rare.
std::string SearchWords(uint64_t number);

}  // namespace interdict::bench
