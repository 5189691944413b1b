// What a single short line of a page is: section trail, byline, prose. English.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace interdict::pipeline {

// White space of all kinds to single spaces, none at the ends. Takes valid UTF-8.
std::string CollapseSpaces(std::string_view text);

// The items of a trail "Home / News / Africa"; empty where the line is none.
std::vector<std::string> TrailOf(std::string_view line);

// The name in "By Jane Doe"; empty where the line is no byline.
std::string BylineOf(std::string_view line);

// Whether the line reads as a sentence: long enough, with an end mark.
bool IsProse(std::string_view line);

size_t CountWords(std::string_view line);

}  // namespace interdict::pipeline
