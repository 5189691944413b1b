// Takes from markup what makes an HTML5 parser slow or its tree deep, and nothing that carries text.
#pragma once

#include <string>
#include <string_view>

namespace interdict::pipeline {

inline constexpr int kDeepestMarkup = 256;  // open elements; start tags beyond are dropped, their text stays
inline constexpr int kMostAttributes = 64;  // of one tag; more drop all of them
inline constexpr size_t kLongestTagBytes = 1 << 20;

// Copies `html` without: formatting tags (b, i, font, …: the parser reopens them in every block, which multiplies the
// tree), start tags nested deeper than kDeepestMarkup with their end tags, attributes of tags with too many, and
// repeated <html> and <body>. Linear. The result parses in linear time and to a tree that may be walked and freed by
// recursion.
std::string TameMarkup(std::string_view html);

}  // namespace interdict::pipeline
