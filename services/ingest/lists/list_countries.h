// Countries as reference lists write them: names, inversions ("Korea, North"), adjectives, codes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"

namespace interdict::ingest {

// A data file that is built in. The generated source defines the function.
struct EmbeddedListTable {
  std::string_view name;
  std::string_view content;
};
const std::vector<EmbeddedListTable>& EmbeddedListTables();

// Immutable, thread-safe.
class ListCountries {
 public:
  // The tables of extraction (`country_info.tsv`, countries and peoples of `places.tsv`) and `list_countries.tsv`.
  static const ListCountries& BuiltIn();

  // ISO 3166-1 alpha-2; empty for what no table knows. Case, accents of the table's own spelling and punctuation do
  // not matter.
  std::string Code(std::string_view written) const;

 private:
  ListCountries();
  void Add(std::string_view name, std::string_view code);

  absl::flat_hash_map<std::string, std::string> codes_;  // folded name to code
};

}  // namespace interdict::ingest
