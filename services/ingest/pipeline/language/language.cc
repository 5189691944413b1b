#include "services/ingest/pipeline/language/language.h"

#include <cld2/public/compact_lang_det.h>

#include <algorithm>
#include <array>
#include <cctype>

namespace interdict::pipeline {
namespace {

// Function words that make up a quarter of English prose and of no other language's.
constexpr std::array<std::string_view, 10> kEnglishWords = {"the", "of",  "and",  "to", "that",
                                                            "was", "for", "with", "by", "from"};
constexpr size_t kLookedAtBytes = 4096;
// A longer text may change its language further down.
constexpr size_t kMostPlain = 4 * kLookedAtBytes;
constexpr size_t kLeastWords = 60;
constexpr size_t kWordsPerEnglishWord = 8;

// Whether the beginning of `text` is plainly English: pure ASCII, and one word in eight is one of the above. Answers
// for most documents at a tenth of the detector's cost; false means only that the detector has to look.
bool IsPlainlyEnglish(std::string_view text) {
  size_t words = 0;
  size_t english = 0;
  text = text.substr(0, kLookedAtBytes);
  for (size_t at = 0; at < text.size();) {
    const unsigned char c = static_cast<unsigned char>(text[at]);
    if (c >= 128) return false;
    if (std::isalpha(c) == 0) {
      ++at;
      continue;
    }
    size_t end = at + 1;
    while (end < text.size() && std::isalpha(static_cast<unsigned char>(text[end])) != 0) ++end;
    ++words;
    const std::string_view word = text.substr(at, end - at);
    english += std::count(kEnglishWords.begin(), kEnglishWords.end(), word) > 0 ? 1 : 0;
    at = end;
  }
  return words >= kLeastWords && english * kWordsPerEnglishWord >= words;
}

constexpr size_t kMostBytes = 256 * 1024;

// The longest beginning of at most kMostBytes that does not cut a character.
std::string_view Beginning(std::string_view text) {
  if (text.size() <= kMostBytes) return text;
  size_t end = kMostBytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end);
}

}  // namespace

std::string DetectLanguage(std::string_view text) {
  if (text.size() <= kMostPlain && IsPlainlyEnglish(text)) return "en";
  const std::string_view head = Beginning(text);
  CLD2::Language languages[3];
  int percents[3];
  int text_bytes = 0;
  bool reliable = false;
  const CLD2::Language found = CLD2::DetectLanguageSummary(
      head.data(), static_cast<int>(head.size()), /*is_plain_text=*/true, languages, percents, &text_bytes, &reliable);
  if (!reliable || found == CLD2::UNKNOWN_LANGUAGE || percents[0] < 50) return "und";
  const std::string code = CLD2::LanguageCode(found);
  if (code == "iw") return "he";
  // "zh-Hant" and the like: the language without its script.
  const std::string base = code.substr(0, code.find('-'));
  return base.size() == 2 ? base : "und";
}

bool IsLanguageRead(std::string_view language) { return language == "en" || language == "und"; }

}  // namespace interdict::pipeline
