#include "services/index/resolve/match/text_sketch.h"

#include <algorithm>
#include <array>

#include "services/index/resolve/match/hashes.h"

namespace interdict::index::match {
namespace {

constexpr size_t kShingleWords = 3;
constexpr size_t kBands = 16;
constexpr size_t kBandNumbers = 3;
static_assert(kBands * kBandNumbers <= kSketchNumbers);

struct Permutation {
  uint32_t factor;
  uint32_t addend;
};

constexpr std::array<Permutation, kSketchNumbers> MakePermutations() {
  std::array<Permutation, kSketchNumbers> permutations{};
  for (size_t i = 0; i < kSketchNumbers; ++i) {
    const uint64_t bits = MixBits(i + 1);
    permutations[i] = {static_cast<uint32_t>(bits) | 1U, static_cast<uint32_t>(bits >> 32)};
  }
  return permutations;
}

constexpr std::array<Permutation, kSketchNumbers> kPermutations = MakePermutations();

uint16_t NumberAt(std::string_view numbers, size_t i) {
  return static_cast<uint16_t>(static_cast<unsigned char>(numbers[2 * i]) << 8 |
                               static_cast<unsigned char>(numbers[2 * i + 1]));
}

std::vector<uint32_t> Shingles(const std::vector<std::string>& words) {
  std::vector<uint64_t> hashes;
  const size_t count = std::min(words.size(), kMaxSketchWords);
  hashes.reserve(count);
  for (size_t i = 0; i < count; ++i) hashes.push_back(Hash64(words[i]));
  std::vector<uint32_t> shingles;
  for (size_t i = 0; i + kShingleWords <= count; ++i) {
    shingles.push_back(static_cast<uint32_t>(Combine(Combine(hashes[i], hashes[i + 1]), hashes[i + 2])));
  }
  std::sort(shingles.begin(), shingles.end());
  shingles.erase(std::unique(shingles.begin(), shingles.end()), shingles.end());
  return shingles;
}

}  // namespace

TextSketch SketchOf(const std::vector<std::string>& folded_words) {
  TextSketch sketch;
  if (folded_words.size() < kMinSketchWords) return sketch;
  const std::vector<uint32_t> shingles = Shingles(folded_words);
  sketch.shingles = static_cast<uint32_t>(shingles.size());
  std::array<uint32_t, kSketchNumbers> least;
  least.fill(UINT32_MAX);
  for (const uint32_t shingle : shingles) {
    for (size_t i = 0; i < kSketchNumbers; ++i) {
      least[i] = std::min(least[i], shingle * kPermutations[i].factor + kPermutations[i].addend);
    }
  }
  sketch.numbers.reserve(kSketchBytes);
  for (const uint32_t number : least) {
    // The low bits of a least number tell more than the high ones, which are all near zero.
    const auto bits = static_cast<uint16_t>(MixBits(number));
    sketch.numbers.push_back(static_cast<char>(bits >> 8));
    sketch.numbers.push_back(static_cast<char>(bits & 0xFF));
  }
  return sketch;
}

double SameText(std::string_view numbers_a, uint32_t shingles_a, std::string_view numbers_b, uint32_t shingles_b) {
  if (numbers_a.size() != kSketchBytes || numbers_b.size() != kSketchBytes || shingles_a == 0 || shingles_b == 0) {
    return 0;
  }
  size_t same = 0;
  for (size_t i = 0; i < kSketchNumbers; ++i) same += NumberAt(numbers_a, i) == NumberAt(numbers_b, i) ? 1 : 0;
  const double jaccard = static_cast<double>(same) / kSketchNumbers;
  const double common = jaccard / (1 + jaccard) * (static_cast<double>(shingles_a) + shingles_b);
  return std::min(1.0, common / std::min(shingles_a, shingles_b));
}

std::vector<uint64_t> SketchBands(std::string_view numbers) {
  std::vector<uint64_t> bands;
  if (numbers.size() != kSketchBytes) return bands;
  for (size_t band = 0; band < kBands; ++band) {
    uint64_t key = band;
    for (size_t i = 0; i < kBandNumbers; ++i) key = Combine(key, NumberAt(numbers, band * kBandNumbers + i));
    bands.push_back(key);
  }
  return bands;
}

}  // namespace interdict::index::match
