#include "services/cli/terminal.h"

#include <sys/ioctl.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "absl/strings/numbers.h"

namespace interdict::cli {
namespace {

constexpr size_t kDefaultWidth = 120;
constexpr size_t kLeastWidth = 60;
constexpr std::string_view kCut = "…";

std::string Variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

size_t WidthOf(UChar32 character) {
  const int8_t kind = u_charType(character);
  if (kind == U_NON_SPACING_MARK || kind == U_ENCLOSING_MARK || kind == U_FORMAT_CHAR) return 0;
  const int wide = u_getIntPropertyValue(character, UCHAR_EAST_ASIAN_WIDTH);
  return wide == U_EA_WIDE || wide == U_EA_FULLWIDTH ? 2 : 1;
}

// Characters that a terminal would obey, or that would turn what follows around.
bool IsUnsafe(UChar32 character) {
  if (character < 0) return true;
  const int8_t kind = u_charType(character);
  return kind == U_CONTROL_CHAR || kind == U_FORMAT_CHAR || kind == U_LINE_SEPARATOR || kind == U_PARAGRAPH_SEPARATOR;
}

}  // namespace

std::string Style::Wrap(const char* code, std::string_view text) const {
  if (!colour || text.empty()) return std::string(text);
  return "\x1b[" + std::string(code) + "m" + std::string(text) + "\x1b[0m";
}

Style StyleOf(int descriptor) {
  return {.colour = isatty(descriptor) == 1 && Variable("NO_COLOR").empty() && Variable("TERM") != "dumb"};
}

size_t TerminalWidth() {
  winsize size = {};
  size_t width = 0;
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0) width = size.ws_col;
  if (width == 0 && !absl::SimpleAtoi(Variable("COLUMNS"), &width)) width = kDefaultWidth;
  return std::max(width, kLeastWidth);
}

std::string Printable(std::string_view text) {
  std::string line;
  const auto size = static_cast<int32_t>(text.size());
  for (int32_t at = 0; at < size;) {
    const int32_t begin = at;
    UChar32 character = 0;
    U8_NEXT(text.data(), at, size, character);
    if (character == '\n' || character == '\r' || character == '\t') {
      line += ' ';
    } else if (IsUnsafe(character)) {
      line += '?';
    } else {
      line += text.substr(static_cast<size_t>(begin), static_cast<size_t>(at - begin));
    }
  }
  return line;
}

size_t DisplayWidth(std::string_view text) {
  size_t width = 0;
  const auto size = static_cast<int32_t>(text.size());
  for (int32_t at = 0; at < size;) {
    UChar32 character = 0;
    U8_NEXT(text.data(), at, size, character);
    width += character < 0 ? 1 : WidthOf(character);
  }
  return width;
}

std::string Fit(std::string_view text, size_t width) {
  const size_t whole = DisplayWidth(text);
  if (whole <= width) return std::string(text) + std::string(width - whole, ' ');
  if (width == 0) return "";
  size_t used = 0;
  int32_t at = 0;
  const auto size = static_cast<int32_t>(text.size());
  while (at < size) {
    int32_t next = at;
    UChar32 character = 0;
    U8_NEXT(text.data(), next, size, character);
    const size_t more = character < 0 ? 1 : WidthOf(character);
    if (used + more > width - 1) break;
    used += more;
    at = next;
  }
  return std::string(text.substr(0, static_cast<size_t>(at))) + std::string(kCut) + std::string(width - 1 - used, ' ');
}

}  // namespace interdict::cli
