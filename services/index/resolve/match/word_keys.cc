#include "services/index/resolve/match/word_keys.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "services/index/resolve/match/embedded_files.h"
#include "services/index/resolve/match/hashes.h"

namespace interdict::index::match {
namespace {

constexpr size_t kShortestSkeleton = 2;

// The letter that stands for a consonant and those that are written for the same sound; 0 for a vowel.
char SoundOf(char c) {
  switch (c) {
    case 'a':
    case 'e':
    case 'i':
    case 'o':
    case 'u':
    case 'y':
    case 'h':
      return 0;
    case 'c':
    case 'q':
      return 'k';
    case 'z':
      return 's';
    case 'w':
      return 'v';
    case 'j':
      return 'g';
    default:
      return c;
  }
}

}  // namespace

std::string Skeleton(std::string_view folded) {
  std::string skeleton;
  for (size_t i = 0; i < folded.size(); ++i) {
    const char c = folded[i];
    if (c < 'a' || c > 'z') return std::string(folded);
    char sound = SoundOf(c);
    if (c == 'p' && i + 1 < folded.size() && folded[i + 1] == 'h') sound = 'f';
    if (sound == 0 && i == 0) sound = c == 'h' ? 'h' : 'a';
    if (sound != 0 && (skeleton.empty() || skeleton.back() != sound)) skeleton.push_back(sound);
  }
  return skeleton.size() < kShortestSkeleton ? std::string(folded) : skeleton;
}

uint32_t WordKey(std::string_view folded) {
  const uint32_t key = (Hash32(Skeleton(folded)) & 0xFFFF0000U) | (Hash32(folded) & 0xFFFFU);
  return key == 0 ? 1 : key;
}

const WordWeights& WordWeights::BuiltIn() {
  static const WordWeights* const kWeights = new WordWeights(EmbeddedFile("word_weights.tsv"));
  return *kWeights;
}

WordWeights::WordWeights(std::string_view tsv) {
  for (const std::string& line : std::vector<std::string>(absl::StrSplit(std::string(tsv), '\n'))) {
    if (line.empty() || line[0] == '#') continue;
    const std::pair<std::string, std::string> row = absl::StrSplit(line, absl::MaxSplits('\t', 1));
    float weight = 0;
    if (!absl::SimpleAtof(row.second, &weight)) weight = 0;
    weights_.insert_or_assign(WordKey(row.first), std::clamp(weight, 0.0F, 1.0F));
  }
}

}  // namespace interdict::index::match
