// Near-duplicates: a MinHash sketch of a text, and from two sketches how much of their texts is the same. Altered
// copies (cut short, another headline, furniture around them, words changed, paragraphs moved) stay above the
// threshold, other texts about the same happening below (docs/resolution.md has the figures).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace interdict::index::match {

inline constexpr size_t kSketchNumbers = 64;
inline constexpr size_t kSketchBytes = 2 * kSketchNumbers;
// Only the first words of a text are read.
inline constexpr size_t kMaxSketchWords = 4096;
// Texts of fewer words have no sketch: a sentence that two texts share does not make them copies.
inline constexpr size_t kMinSketchWords = 12;
// Texts of which at least this share is the same are copies of one another.
inline constexpr double kNearDuplicate = 0.5;

struct TextSketch {
  std::string numbers;    // kSketchBytes, or empty
  uint32_t shingles = 0;  // different runs of three words
};

// `folded_words` in order (engine/analyzer.h).
TextSketch SketchOf(const std::vector<std::string>& folded_words);

// Share of the shorter text's runs of three words that the longer one has too, 0 to 1, estimated with a standard error
// of about 0.07. 0 if either is empty or of a wrong size.
double SameText(std::string_view numbers_a, uint32_t shingles_a, std::string_view numbers_b, uint32_t shingles_b);

// Keys of which two texts share at least one with a probability of 0.96 where three in five of their runs are common.
std::vector<uint64_t> SketchBands(std::string_view numbers);

}  // namespace interdict::index::match
