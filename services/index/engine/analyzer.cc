#include "services/index/engine/analyzer.h"

#include <libstemmer.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <utility>

namespace interdict::index {
namespace {

enum class CharacterClass { kSeparator, kWord, kMark, kWordOfItsOwn };

CharacterClass Classify(UChar32 c) {
  if (c < 0) return CharacterClass::kSeparator;
  if (u_hasBinaryProperty(c, UCHAR_IDEOGRAPHIC)) return CharacterClass::kWordOfItsOwn;
  const bool kana = (c >= 0x3040 && c <= 0x30FF) || (c >= 0x31F0 && c <= 0x31FF);
  if (kana && u_isalpha(c)) return CharacterClass::kWordOfItsOwn;
  if (u_isalnum(c)) return CharacterClass::kWord;
  const auto type = u_charType(c);
  const bool mark = type == U_NON_SPACING_MARK || type == U_COMBINING_SPACING_MARK || type == U_ENCLOSING_MARK;
  return mark ? CharacterClass::kMark : CharacterClass::kSeparator;
}

// Letters with a stroke or ligature, which have no decomposition.
const char* PlainForm(UChar32 c) {
  switch (c) {
    case 0x0142:
      return "l";  // ł
    case 0x00F8:
      return "o";  // ø
    case 0x0111:
      return "d";  // đ
    case 0x00F0:
      return "d";  // ð
    case 0x00FE:
      return "th";  // þ
    case 0x00E6:
      return "ae";  // æ
    case 0x0153:
      return "oe";  // œ
    case 0x0127:
      return "h";  // ħ
    case 0x0167:
      return "t";  // ŧ
    case 0x0131:
      return "i";  // ı
    default:
      return nullptr;
  }
}

// Case folding, compatibility decomposition, marks dropped.
std::string Fold(std::string_view word) {
  UErrorCode error = U_ZERO_ERROR;
  const icu::Normalizer2* casefold = icu::Normalizer2::getNFKCCasefoldInstance(error);
  const icu::Normalizer2* decompose = icu::Normalizer2::getNFKDInstance(error);
  if (U_FAILURE(error)) return std::string(word);
  const auto source = icu::UnicodeString::fromUTF8(icu::StringPiece(word.data(), static_cast<int32_t>(word.size())));
  const icu::UnicodeString folded = decompose->normalize(casefold->normalize(source, error), error);
  if (U_FAILURE(error)) return std::string(word);
  icu::UnicodeString kept;
  for (int32_t i = 0; i < folded.length(); i = folded.moveIndex32(i, 1)) {
    const UChar32 c = folded.char32At(i);
    if (const char* plain = PlainForm(c)) {
      kept.append(icu::UnicodeString(plain, -1, US_INV));
    } else if (u_isalnum(c) || Classify(c) == CharacterClass::kWordOfItsOwn) {
      kept.append(c);
    }
  }
  std::string result;
  kept.toUTF8String(result);
  return result;
}

bool IsAscii(std::string_view word) {
  for (const char c : word) {
    if (static_cast<unsigned char>(c) >= 0x80) return false;
  }
  return true;
}

std::string CutAtCharacter(std::string word) {
  if (word.size() <= kMaxTermBytes) return word;
  size_t end = kMaxTermBytes;
  while (end > 0 && (static_cast<unsigned char>(word[end]) & 0xC0) == 0x80) --end;
  word.resize(end);
  return word;
}

std::string FoldedTerm(std::string_view word) {
  if (!IsAscii(word)) return CutAtCharacter(Fold(word));
  std::string term(word);
  for (char& c : term) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return CutAtCharacter(std::move(term));
}

}  // namespace

std::vector<AnalyzedWord> AnalyzeWords(std::string_view text, size_t max_words) {
  std::vector<AnalyzedWord> words;
  const auto* bytes = reinterpret_cast<const uint8_t*>(text.data());
  const auto length = static_cast<int64_t>(text.size());
  int64_t position = 0;
  int64_t word_begin = -1;
  const auto add = [&](int64_t begin, int64_t end) {
    std::string folded = FoldedTerm(text.substr(begin, end - begin));
    if (folded.empty()) return;
    words.push_back({std::move(folded), static_cast<uint32_t>(begin), static_cast<uint32_t>(end)});
  };
  const auto end_word = [&](int64_t at) {
    if (word_begin >= 0) add(word_begin, at);
    word_begin = -1;
  };
  while (position < length && words.size() < max_words) {
    const int64_t begin = position;
    UChar32 c;
    U8_NEXT(bytes, position, length, c);
    switch (Classify(c)) {
      case CharacterClass::kWord:
        if (word_begin < 0) word_begin = begin;
        break;
      case CharacterClass::kMark:
        break;  // belongs to the letter before it; nothing without one
      case CharacterClass::kWordOfItsOwn:
        end_word(begin);
        if (words.size() < max_words) add(begin, position);
        break;
      case CharacterClass::kSeparator:
        end_word(begin);
        break;
    }
  }
  if (words.size() < max_words) end_word(length);
  return words;
}

std::vector<std::string> Analyze(std::string_view text, size_t max_terms) {
  std::vector<std::string> terms;
  for (AnalyzedWord& word : AnalyzeWords(text, max_terms)) terms.push_back(std::move(word.folded));
  return terms;
}

struct Stemmer::State {
  ~State() { sb_stemmer_delete(stemmer); }
  sb_stemmer* stemmer = sb_stemmer_new("english", "UTF_8");
};

Stemmer::Stemmer() : state_(std::make_unique<State>()) {}
Stemmer::~Stemmer() = default;
Stemmer::Stemmer(Stemmer&&) noexcept = default;
Stemmer& Stemmer::operator=(Stemmer&&) noexcept = default;

std::string Stemmer::Stem(const std::string& folded) {
  const bool letters = std::all_of(folded.begin(), folded.end(), [](char c) { return c >= 'a' && c <= 'z'; });
  if (!letters || state_->stemmer == nullptr) return folded;
  const sb_symbol* stem = sb_stemmer_stem(state_->stemmer, reinterpret_cast<const sb_symbol*>(folded.data()),
                                          static_cast<int>(folded.size()));
  const int length = sb_stemmer_length(state_->stemmer);
  if (stem == nullptr || length <= 0) return folded;
  return std::string(reinterpret_cast<const char*>(stem), length);
}

}  // namespace interdict::index
