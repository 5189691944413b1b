// ASCII operations on std::string_view that leave all other bytes alone. (Debian's abseil has a string_view type of its
// own, so its string functions do not take these.)
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

namespace interdict::pipeline {

inline constexpr std::string_view kAsciiSpaces = " \t\n\r\f\v";

inline bool IsAsciiDigit(char c) { return c >= '0' && c <= '9'; }
inline bool IsAsciiLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
inline bool IsAsciiAlnum(char c) { return IsAsciiDigit(c) || IsAsciiLetter(c); }
inline char LowerAscii(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

inline std::string LowerAscii(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = LowerAscii(c);
  return out;
}

inline std::string_view TrimAscii(std::string_view text) {
  const size_t begin = text.find_first_not_of(kAsciiSpaces);
  if (begin == text.npos) return {};
  return text.substr(begin, text.find_last_not_of(kAsciiSpaces) - begin + 1);
}

inline bool EqualsIgnoringCase(std::string_view a, std::string_view b) {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return LowerAscii(x) == LowerAscii(y); });
}

inline bool StartsWithIgnoringCase(std::string_view text, std::string_view prefix) {
  return EqualsIgnoringCase(text.substr(0, prefix.size()), prefix);
}

}  // namespace interdict::pipeline
