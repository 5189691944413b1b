// How text is written for a person: colours only where they can be seen, columns that line up, nothing in a record that
// could command the terminal.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace interdict::cli {

// Emphasis on a terminal; without colour all of it is nothing.
struct Style {
  bool colour = false;

  std::string Bold(std::string_view text) const { return Wrap("1", text); }
  std::string Dim(std::string_view text) const { return Wrap("2", text); }
  std::string Match(std::string_view text) const { return Wrap("1;33", text); }
  std::string Warning(std::string_view text) const { return Wrap("31", text); }

 private:
  std::string Wrap(const char* code, std::string_view text) const;
};

// What can be said of standard output (or error, 2): colour on a terminal unless NO_COLOR is set or TERM is `dumb`.
Style StyleOf(int descriptor);

// Columns of the terminal, else of COLUMNS, else 120; at least 60.
size_t TerminalWidth();

// The text in one line: line breaks and tabs as blanks, other control characters, broken UTF-8 and marks that turn the
// direction of writing as `?`.
std::string Printable(std::string_view text);

// Columns that a printable text takes: wide characters two, combining marks none.
size_t DisplayWidth(std::string_view text);

// A printable text cut to `width` columns, with `…` where something is left out, and filled up with blanks.
std::string Fit(std::string_view text, size_t width);

}  // namespace interdict::cli
