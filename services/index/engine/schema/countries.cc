#include "services/index/engine/schema/countries.h"

#include <algorithm>

#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "services/index/engine/analyzer.h"
#include "services/index/engine/schema/embedded_tables.h"

namespace interdict::index {
namespace {

// Columns of country_info.tsv.
constexpr size_t kCode = 0;
constexpr size_t kAlpha3 = 1;
constexpr size_t kName = 2;
constexpr size_t kM49 = 3;
constexpr size_t kRegions = 4;
// Columns of country_groups.tsv.
constexpr size_t kGroup = 0;
constexpr size_t kGroupName = 1;
constexpr size_t kMembers = 2;

std::string KeyOf(std::string_view written) { return absl::StrJoin(Analyze(written), " "); }

std::string EmbeddedTable(std::string_view name) {
  for (const EmbeddedTableFile& file : EmbeddedTables()) {
    if (file.name == name) return std::string(file.content);
  }
  return "";
}

}  // namespace

const Countries& Countries::BuiltIn() {
  static const Countries* const kCountries =
      new Countries(EmbeddedTable("country_info.tsv"), EmbeddedTable("country_groups.tsv"));
  return *kCountries;
}

Countries::Countries(std::string_view countries_tsv, std::string_view groups_tsv) {
  const auto rows = [](std::string_view tsv, const auto& add) {
    for (const std::string& line : std::vector<std::string>(absl::StrSplit(std::string(tsv), '\n'))) {
      if (line.empty() || line[0] == '#') continue;
      add(std::vector<std::string>(absl::StrSplit(line, '\t')));
    }
  };
  rows(countries_tsv, [this](const std::vector<std::string>& row) { AddCountry(row); });
  rows(groups_tsv, [this](const std::vector<std::string>& row) { AddGroup(row); });
  for (auto& [name, values] : values_) {
    std::sort(values.begin(), values.end());
    values.erase(std::unique(values.begin(), values.end()), values.end());
  }
  std::sort(names_.begin(), names_.end());
  names_.erase(std::unique(names_.begin(), names_.end()), names_.end());
}

void Countries::Add(const std::string& name, const std::string& value) {
  if (name.empty()) return;
  const std::string key = KeyOf(name);
  values_[key].push_back(value);
  names_.push_back(name);
}

void Countries::AddCountry(const std::vector<std::string>& row) {
  if (row.size() <= kM49) return;
  for (const size_t column : {kCode, kAlpha3, kName, kM49}) Add(row[column], row[kCode]);
  if (row.size() <= kRegions || row[kRegions].empty()) return;
  // Nearest first: each region contains the ones before it.
  const std::vector<std::string> regions = absl::StrSplit(row[kRegions], '|');
  for (size_t i = 0; i < regions.size(); ++i) {
    Add(regions[i], row[kCode]);
    for (size_t inner = 0; inner <= i; ++inner) Add(regions[i], regions[inner]);
  }
  constexpr char kWorld[] = "001";
  Add(kWorld, row[kCode]);
  for (const std::string& region : regions) Add(kWorld, region);
}

void Countries::AddGroup(const std::vector<std::string>& row) {
  if (row.size() <= kMembers) return;
  const std::vector<std::string> members = absl::StrSplit(row[kMembers], '|');
  for (const std::string& member : members) {
    Add(row[kGroup], member);
    Add(row[kGroupName], member);
  }
}

std::vector<std::string> Countries::Expand(std::string_view written) const {
  const auto found = values_.find(KeyOf(written));
  return found == values_.end() ? std::vector<std::string>() : found->second;
}

}  // namespace interdict::index
