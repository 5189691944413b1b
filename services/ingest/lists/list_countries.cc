#include "services/ingest/lists/list_countries.h"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_split.h"

namespace interdict::ingest {
namespace {

// Lower-case letters, digits and bytes above ASCII; everything else separates words.
std::string Fold(std::string_view text) {
  std::string folded;
  for (const char c : text) {
    if (absl::ascii_isalnum(c) || static_cast<unsigned char>(c) >= 0x80) {
      folded.push_back(absl::ascii_tolower(c));
    } else if (c != '\'' && c != '.' && !folded.empty() && folded.back() != ' ') {
      folded.push_back(' ');
    }
  }
  while (!folded.empty() && folded.back() == ' ') folded.pop_back();
  if (absl::StartsWith(folded, "the ")) folded.erase(0, 4);
  return folded;
}

std::vector<std::string> Lines(std::string_view table) { return absl::StrSplit(std::string(table), '\n'); }

bool IsCode(std::string_view text) {
  return text.size() == 2 && absl::ascii_isupper(text[0]) && absl::ascii_isupper(text[1]);
}

}  // namespace

const ListCountries& ListCountries::BuiltIn() {
  static const ListCountries* const kBuiltIn = new ListCountries;
  return *kBuiltIn;
}

ListCountries::ListCountries() {
  for (const EmbeddedListTable& table : EmbeddedListTables()) {
    for (const std::string& line : Lines(table.content)) {
      if (line.empty() || line.front() == '#') continue;
      const std::vector<std::string> row = absl::StrSplit(line, '\t');
      if (table.name == "country_info.tsv" && row.size() >= 3) {
        for (size_t i = 0; i < 3; ++i) Add(row[i], row[0]);
      } else if (table.name == "list_countries.tsv" && row.size() >= 2) {
        Add(row[0], row[1]);
      } else if (table.name == "places.tsv" && row.size() >= 4 && (row[2] == "country" || row[2] == "demonym")) {
        if (row[3].find('|') == std::string::npos) Add(row[0], row[3]);
      }
    }
  }
}

// The first table that knows a name decides.
void ListCountries::Add(std::string_view name, std::string_view code) {
  if (IsCode(code)) codes_.try_emplace(Fold(name), std::string(code));
}

std::string ListCountries::Code(std::string_view written) const {
  if (written.empty() || written.size() > 128) return "";
  const auto found = codes_.find(Fold(written));
  return found == codes_.end() ? "" : found->second;
}

}  // namespace interdict::ingest
