// Cuts text into the words that are indexed and searched: lower case, without diacritics, split at what is neither
// letter nor digit; stemmed where a field asks for it. The same for texts and queries.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace interdict::index {

// Longer words are cut here, in texts and queries alike, at a character.
inline constexpr size_t kMaxTermBytes = 64;

// A word and where it stands.
struct AnalyzedWord {
  std::string folded;
  uint32_t begin = 0;  // bytes [begin, end) of the text
  uint32_t end = 0;
};

// The words in order; the position of a word is its index. Han ideographs and kana are words of one character, since
// these scripts put no spaces. Bytes that are not UTF-8 separate words. `max_words`: stop after so many.
std::vector<AnalyzedWord> AnalyzeWords(std::string_view text, size_t max_words = SIZE_MAX);

// The folded words alone.
std::vector<std::string> Analyze(std::string_view text, size_t max_terms = SIZE_MAX);

// English stems of folded words (Snowball). Words in other scripts, and those with digits, are their own stems. Not
// thread-safe; cheap to make.
class Stemmer {
 public:
  Stemmer();
  ~Stemmer();
  Stemmer(Stemmer&&) noexcept;
  Stemmer& operator=(Stemmer&&) noexcept;
  std::string Stem(const std::string& folded);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace interdict::index
