// Near-duplicates on altered copies of the open sample texts: the figures of docs/resolution.md.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "gtest/gtest.h"
#include "services/index/engine/analyzer.h"
#include "services/index/resolve/match/hashes.h"
#include "services/index/resolve/match/text_sketch.h"
#include "tests/source_tree.h"

namespace interdict::index::match {
namespace {

using Words = std::vector<std::string>;

// The words of each plain text of tests/eval/open, paragraph by paragraph.
std::vector<std::vector<Words>> SampleTexts() {
  std::vector<std::string> paths;
  for (const auto& item : std::filesystem::directory_iterator(interdict::testing::SourcePath("tests/eval/open/text"))) {
    if (item.path().extension() == ".txt") paths.push_back(item.path().string());
  }
  std::sort(paths.begin(), paths.end());
  std::vector<std::vector<Words>> texts;
  for (const std::string& path : paths) {
    std::ifstream file(path, std::ios::binary);
    const std::string text(std::istreambuf_iterator<char>(file), {});
    auto& paragraphs = texts.emplace_back();
    for (const std::string& paragraph : std::vector<std::string>(absl::StrSplit(text, "\n\n"))) {
      Words words = Analyze(paragraph);
      if (!words.empty()) paragraphs.push_back(std::move(words));
    }
  }
  return texts;
}

Words Join(const std::vector<Words>& paragraphs) {
  Words all;
  for (const Words& words : paragraphs) all.insert(all.end(), words.begin(), words.end());
  return all;
}

std::map<std::string, Words> AlteredCopies(const std::vector<Words>& paragraphs, std::mt19937& random) {
  std::map<std::string, Words> copies;
  const Words all = Join(paragraphs);
  copies["cut to half"] = Words(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(all.size() / 2));
  std::vector<Words> headline = paragraphs;
  headline[0] = {"what", "officials", "say", "about", "the", "case", "that", "shook", "the", "coast"};
  copies["another headline"] = Join(headline);
  Words furniture;
  for (int i = 0; i < 60; ++i) furniture.push_back(absl::StrCat("menu", i));
  Words around = furniture;
  around.insert(around.end(), all.begin(), all.end());
  around.insert(around.end(), furniture.rbegin(), furniture.rend());
  copies["furniture around it"] = around;
  Words changed = all;
  for (std::string& word : changed) {
    if (random() % 10 == 0) word = absl::StrCat("other", random() % 1000);
  }
  copies["one word in ten changed"] = changed;
  std::vector<Words> moved = paragraphs;
  std::shuffle(moved.begin(), moved.end(), random);
  copies["paragraphs moved"] = Join(moved);
  return copies;
}

TextSketch Sketch(const Words& words) { return SketchOf(words); }

double Same(const TextSketch& a, const TextSketch& b) { return SameText(a.numbers, a.shingles, b.numbers, b.shingles); }

// The rejected way, for comparison: 64 votes of the same runs of words.
uint64_t SimHash(const Words& words) {
  std::vector<int> votes(64);
  for (size_t i = 0; i + 3 <= words.size(); ++i) {
    const uint64_t hash = Hash64(absl::StrCat(words[i], " ", words[i + 1], " ", words[i + 2]));
    for (size_t bit = 0; bit < 64; ++bit) votes[bit] += (hash >> bit & 1) != 0 ? 1 : -1;
  }
  uint64_t bits = 0;
  for (size_t bit = 0; bit < 64; ++bit) bits |= static_cast<uint64_t>(votes[bit] > 0) << bit;
  return bits;
}

TEST(CopiesTest, AlteredCopiesAreFoundAndOtherTextsAreNot) {
  std::mt19937 random(3);
  const auto texts = SampleTexts();
  ASSERT_GE(texts.size(), 40u);
  std::map<std::string, std::pair<int, int>> found;  // alteration to found, all
  std::map<std::string, int> by_band;
  std::vector<int> simhash_copies;
  for (const auto& paragraphs : texts) {
    const Words all = Join(paragraphs);
    const TextSketch original = Sketch(all);
    const std::vector<uint64_t> bands = SketchBands(original.numbers);
    const std::set<uint64_t> keys(bands.begin(), bands.end());
    for (const auto& [how, words] : AlteredCopies(paragraphs, random)) {
      const TextSketch copy = Sketch(words);
      auto& [right, count] = found[how];
      right += Same(original, copy) >= kNearDuplicate ? 1 : 0;
      ++count;
      const std::vector<uint64_t> copy_bands = SketchBands(copy.numbers);
      by_band[how] += std::any_of(copy_bands.begin(), copy_bands.end(), [&](uint64_t k) { return keys.count(k) > 0; });
      simhash_copies.push_back(__builtin_popcountll(SimHash(all) ^ SimHash(words)));
    }
  }
  int wrong = 0;
  int others = 0;
  int simhash_least = 64;
  double highest = 0;
  for (size_t i = 0; i < texts.size(); ++i) {
    for (size_t j = 0; j < i; ++j, ++others) {
      const double same = Same(Sketch(Join(texts[i])), Sketch(Join(texts[j])));
      wrong += same >= kNearDuplicate ? 1 : 0;
      highest = std::max(highest, same);
      simhash_least = std::min(simhash_least, __builtin_popcountll(SimHash(Join(texts[i])) ^ SimHash(Join(texts[j]))));
    }
  }
  int right = 0;
  int all = 0;
  for (const auto& [how, counts] : found) {
    std::cout << how << ": " << counts.first << " of " << counts.second << ", share a band " << by_band[how] << "\n";
    EXPECT_GE(by_band[how], counts.second * 85 / 100) << how;
    right += counts.first;
    all += counts.second;
  }
  const auto simhash_missed =
      std::count_if(simhash_copies.begin(), simhash_copies.end(), [&](int d) { return d >= simhash_least; });
  std::cout << "other pairs taken for copies: " << wrong << " of " << others << ", the most alike " << highest << "\n"
            << "SimHash: nearest other texts differ in " << simhash_least
            << " bits, copies as far or farther: " << simhash_missed << " of " << simhash_copies.size() << "\n";
  EXPECT_EQ(wrong, 0);
  EXPECT_GE(right, all * 97 / 100);
}

TEST(CopiesTest, ShortAndEmptyTextsHaveNoSketch) {
  EXPECT_TRUE(Sketch({}).numbers.empty());
  EXPECT_TRUE(Sketch({"a", "short", "note"}).numbers.empty());
  EXPECT_EQ(SameText("", 0, "", 0), 0);
  EXPECT_EQ(SameText("x", 5, std::string(kSketchBytes, 'a'), 5), 0);
}

}  // namespace
}  // namespace interdict::index::match
