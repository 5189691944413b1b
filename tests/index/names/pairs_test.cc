// Names in their own script find their English spelling among thousands of others.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <map>
#include <sstream>

#include "tests/index/names/names_fixture.h"
#include "tests/source_tree.h"

namespace interdict::names {
namespace {

constexpr size_t kDistractors = 4000;
constexpr size_t kRanks = 5;

struct Pair {
  std::string script;
  std::string name;
  std::string english;
  bool held_out = false;
};

std::vector<std::string> Split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::istringstream in(text);
  for (std::string part; std::getline(in, part, separator);) parts.push_back(part);
  return parts;
}

std::vector<Pair> ReadPairs() {
  std::ifstream in(interdict::testing::SourcePath("tests/index/names/pairs.tsv"));
  std::vector<Pair> pairs;
  std::map<std::string, int> of_script;
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line[0] == '#') continue;
    const std::vector<std::string> cells = Split(line, '\t');
    if (cells.size() != 3) continue;
    pairs.push_back({cells[0], cells[1], cells[2], of_script[cells[0]]++ % 2 == 1});
  }
  return pairs;
}

struct Recall {
  size_t found = 0;
  size_t all = 0;
  double share() const { return static_cast<double>(found) / static_cast<double>(all); }
};

TEST(NamePairs, NamesInTheirScriptFindTheirEnglishSpelling) {
  const std::vector<Pair> pairs = ReadPairs();
  ASSERT_GE(pairs.size(), 1000U);
  NameStore store;
  std::vector<NameEntry> entries;
  for (size_t i = 0; i < pairs.size(); ++i) entries.push_back({i, NameKind::kUnknown, {pairs[i].english}, {}});
  // Made of parts of the same names, so that they are like them.
  NameMaker maker(31);
  std::vector<std::string> parts;
  for (const Pair& pair : pairs) {
    for (const std::string& part : Split(pair.english, ' ')) parts.push_back(part);
  }
  for (size_t i = 0; i < kDistractors; ++i) {
    const std::string name = maker.Below(2) == 0
                                 ? maker.Person()
                                 : parts[maker.Below(parts.size())] + " " + parts[maker.Below(parts.size())];
    entries.push_back({100000 + i, NameKind::kUnknown, {name}, {}});
  }
  store.Write(entries);
  std::map<std::string, Recall> by_script;
  Recall tuned;
  Recall held_out;
  MatchOptions options;
  options.limit = kRanks;
  options.explain = false;
  for (size_t i = 0; i < pairs.size(); ++i) {
    const NameMatches matches = store.Match({pairs[i].name, NameKind::kUnknown, {}}, options);
    // The same English spelling stands for two names here and there: either is right.
    const bool found = std::any_of(matches.hits.begin(), matches.hits.end(),
                                   [&](const NameHit& hit) { return hit.name == pairs[i].english; });
    for (Recall* recall : {&by_script[pairs[i].script], pairs[i].held_out ? &held_out : &tuned}) {
      ++recall->all;
      if (found) ++recall->found;
    }
    if (!found && !pairs[i].held_out) {
      std::printf("missed: %s, understood as %s, wanted %s\n", pairs[i].name.c_str(), ToString(matches.query).c_str(),
                  pairs[i].english.c_str());
    }
  }
  for (const auto& [script, recall] : by_script) {
    std::printf("%-10s %4zu of %4zu  %.3f\n", script.c_str(), recall.found, recall.all, recall.share());
  }
  std::printf("recall at 5: tuned on %.4f, held out %.4f\n", tuned.share(), held_out.share());
  EXPECT_GE(tuned.share(), 0.95);
  EXPECT_GE(held_out.share(), 0.95);
}

}  // namespace
}  // namespace interdict::names
