#include "services/ingest/pipeline/normalise/date_words.h"

#include "absl/container/flat_hash_set.h"
#include "services/ingest/pipeline/decode/ascii.h"
#include "services/ingest/pipeline/normalise/calendar.h"

namespace interdict::pipeline {
namespace {

void Number(DateWord& word) {
  size_t digits = 0;
  while (digits < word.folded.size() && IsAsciiDigit(word.folded[digits])) ++digits;
  if (digits == 0 || digits > 4) return;
  const std::string_view suffix = std::string_view(word.folded).substr(digits);
  word.ordinal = digits <= 2 && (suffix == "st" || suffix == "nd" || suffix == "rd" || suffix == "th");
  if (!suffix.empty() && !word.ordinal) return;
  word.digits = static_cast<int>(digits);
  word.number = std::stoi(word.folded.substr(0, digits));
}

bool IsCutMark(char c) { return c == '-' || c == '.' || c == '/'; }

// "2018-05-03", "15-17", "03.05.2018"; "mid-2019", "July-August". Not "T-54", not "7.62", not "61-year-old".
bool IsCompound(std::string_view surface) {
  int dots = 0;
  bool numeric = true;
  for (const char c : surface) {
    if (c == '.') ++dots;
    if (!IsAsciiDigit(c) && !IsCutMark(c)) numeric = false;
  }
  const bool hyphen = surface.find('-') != surface.npos;
  if (numeric) return IsAsciiDigit(surface.back()) && (hyphen ? dots == 0 : dots == 2);
  if (!hyphen) return false;
  const std::string lower = LowerAscii(surface.substr(0, surface.find('-')));
  const std::string_view rest = surface.substr(surface.find('-') + 1);
  if (lower == "mid" || lower == "early" || lower == "late") {
    return !rest.empty() && (IsAsciiDigit(rest[0]) || MonthNumber(LowerAscii(rest)) != 0);
  }
  return MonthNumber(lower) != 0 && (MonthNumber(LowerAscii(rest)) != 0 || (!rest.empty() && IsAsciiDigit(rest[0])));
}

void CutCompound(std::string_view surface, const Token& token, std::vector<DateWord>& out) {
  size_t begin = 0;
  while (begin < surface.size()) {
    size_t end = begin;
    while (end < surface.size() && !IsCutMark(surface[end])) ++end;
    if (end == begin) ++end;
    DateWord word;
    word.folded = LowerAscii(surface.substr(begin, end - begin));
    word.begin = token.begin + static_cast<uint32_t>(begin);
    word.end = token.begin + static_cast<uint32_t>(end);
    word.part = begin > 0;
    word.capitalised = surface[begin] >= 'A' && surface[begin] <= 'Z';
    Number(word);
    out.push_back(std::move(word));
    begin = end;
  }
}

}  // namespace

bool MayBeginDate(const DateWord& word) {
  static const auto* const words = new absl::flat_hash_set<std::string_view>{
      "between", "from",   "since", "the",     "that",      "this",     "last",      "next",   "past",   "earlier",
      "later",   "early",  "mid",   "middle",  "late",      "end",      "beginning", "spring", "summer", "autumn",
      "fall",    "winter", "today", "tonight", "yesterday", "tomorrow", "a",         "an",     "one",    "two",
      "three",   "four",   "five",  "six",     "seven",     "eight",    "nine",      "ten",    "eleven", "twelve"};
  if (word.folded.empty()) return false;
  if (IsAsciiDigit(word.folded[0])) return true;
  constexpr size_t kLongest = 10;  // "september."
  if (word.folded.size() > kLongest) return false;
  return words->contains(word.folded) || MonthNumber(word.folded) != 0 || WeekdayNumber(word.folded) >= 0;
}

std::vector<DateWord> DateWords(const Page& page, const TokenizedText& text, const Sentence& sentence) {
  std::vector<DateWord> out;
  out.reserve(sentence.end_token - sentence.first_token);
  for (uint32_t i = sentence.first_token; i < sentence.end_token; ++i) {
    const Token& token = text.tokens[i];
    const std::string_view surface = std::string_view(page.text).substr(token.begin, token.end - token.begin);
    if (surface.size() <= 24 && IsCompound(surface)) {
      CutCompound(surface, token, out);
      continue;
    }
    DateWord word;
    word.folded = token.folded;
    word.begin = token.begin;
    word.end = token.end;
    word.capitalised = token.is_capitalised;
    Number(word);
    out.push_back(std::move(word));
  }
  return out;
}

}  // namespace interdict::pipeline
