// Countries, the UN M49 regions that contain them, and groups of countries, for filters: `002` is found where any
// country of Africa is.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace interdict::index {

// Immutable, thread-safe.
class Countries {
 public:
  // The table that is built in.
  static const Countries& BuiltIn();

  // Rows `code \t alpha-3 \t name \t m49 \t regions` and rows `group \t name \t members`, see the .tsv files.
  Countries(std::string_view countries_tsv, std::string_view groups_tsv);

  // What a user writes to the values that the index may hold for it: a country (`KP`, `PRK`, `408`, `North Korea`) to
  // its code; an M49 region (`002`) to itself, the regions within it and their countries; a group (`EU`) to its
  // members. Case does not matter. Empty: unknown.
  std::vector<std::string> Expand(std::string_view written) const;

  // All codes and names that Expand knows, for messages.
  const std::vector<std::string>& names() const { return names_; }

 private:
  void AddCountry(const std::vector<std::string>& row);
  void AddGroup(const std::vector<std::string>& row);
  void Add(const std::string& name, const std::string& value);

  std::map<std::string, std::vector<std::string>> values_;  // folded name or code to values, ordered, each once
  std::vector<std::string> names_;
};

}  // namespace interdict::index
