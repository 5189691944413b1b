#include "services/ingest/pipeline/language/language.h"

#include <cld2/public/compact_lang_det.h>

namespace interdict::pipeline {
namespace {

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
