// The main text of twenty-odd pages of our own in the markup of publishing systems, measured as others measure it: F1
// over runs of four words, averaged over pages, with a floor.
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "services/ingest/pipeline/page/page.h"
#include "tests/source_tree.h"

namespace interdict::pipeline {
namespace {

constexpr double kFloor = 0.97;      // of the mean
constexpr double kPageFloor = 0.85;  // of each page

std::string ReadFile(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

using Shingles = std::map<std::string, int>;

Shingles ShinglesOf(const std::string& text) {
  std::vector<std::string> words;
  std::string word;
  for (const char c : text + " ") {
    const unsigned char byte = static_cast<unsigned char>(c);
    if (byte >= 0x80 || std::isalnum(byte) != 0) {
      word += static_cast<char>(std::tolower(byte));
    } else if (!word.empty()) {
      words.push_back(word);
      word.clear();
    }
  }
  Shingles shingles;
  for (size_t i = 0; i + 4 <= words.size(); ++i)
    ++shingles[words[i] + " " + words[i + 1] + " " + words[i + 2] + " " + words[i + 3]];
  return shingles;
}

double F1(const std::string& expected, const std::string& found) {
  const Shingles gold = ShinglesOf(expected);
  const Shingles mine = ShinglesOf(found);
  double common = 0;
  double all = 0;
  for (const auto& [shingle, count] : gold) {
    all += count;
    const auto other = mine.find(shingle);
    if (other != mine.end()) common += std::min(count, other->second);
  }
  for (const auto& [shingle, count] : mine) all += count;
  return all == 0 ? 1 : 2 * common / all;
}

TEST(MainTextTest, ShinglesOfPagesOfManyKinds) {
  double sum = 0;
  int pages = 0;
  for (const auto& item : std::filesystem::directory_iterator(testing::SourcePath("tests/testdata/pages"))) {
    if (item.path().extension() != ".html") continue;
    const auto decoded = Decode(ReadFile(item.path()), "text/html");
    ASSERT_TRUE(decoded.ok()) << item.path();
    const auto page = ReadPage(*decoded, {});
    ASSERT_TRUE(page.ok()) << item.path();
    const double f1 = F1(ReadFile(std::filesystem::path(item.path()).replace_extension(".txt")), page->text);
    EXPECT_GE(f1, kPageFloor) << item.path().filename() << "\n" << page->text;
    sum += f1;
    ++pages;
  }
  ASSERT_GE(pages, 20);
  EXPECT_GE(sum / pages, kFloor);
  RecordProperty("mean_f1", std::to_string(sum / pages));
}

}  // namespace
}  // namespace interdict::pipeline
