#include "services/cli/query_error.h"

#include <algorithm>
#include <string_view>

#include "absl/strings/numbers.h"
#include "services/cli/terminal.h"
#include "services/server/error_metadata.h"

namespace interdict::cli {

void ShowPlaceOfError(std::ostream& out, const absl::Status& status, const SentTexts& texts) {
  const auto text = texts.find(server::MetadataOf(status, "field"));
  size_t begin = 0;
  size_t end = 0;
  if (text == texts.end() || !absl::SimpleAtoi(server::MetadataOf(status, "begin"), &begin)) return;
  const std::string_view whole = text->second;
  begin = std::min(begin, whole.size());
  if (!absl::SimpleAtoi(server::MetadataOf(status, "end"), &end)) end = begin;
  end = std::clamp(end, begin, whole.size());
  const std::string before = Printable(whole.substr(0, begin));
  const std::string place = Printable(whole.substr(begin, end - begin));
  // An error at the end of the text has no character of its own.
  const size_t carets = std::max<size_t>(1, DisplayWidth(place));
  out << "  " << before << place << Printable(whole.substr(end)) << "\n  " << std::string(DisplayWidth(before), ' ')
      << std::string(carets, '^') << "\n";
}

}  // namespace interdict::cli
