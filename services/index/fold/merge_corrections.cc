#include "services/index/fold/merge_corrections.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace interdict::index {
namespace {

constexpr size_t kMaxReadBytes = 16 << 10;
constexpr size_t kNearBytes = 600;

constexpr std::array<std::string_view, 26> kCorrectionWords = {"correction",
                                                               "corrected",
                                                               "correcting",
                                                               "corrects",
                                                               "that is wrong",
                                                               "this is wrong",
                                                               "was wrong",
                                                               "were wrong",
                                                               "wrongly",
                                                               "mistaken",
                                                               "erroneous",
                                                               "in error",
                                                               "incorrect",
                                                               "misreported",
                                                               "misstated",
                                                               "misdated",
                                                               "contrary to",
                                                               "first given out",
                                                               "earlier reports",
                                                               "initial reports",
                                                               "initially reported",
                                                               "first reported",
                                                               "originally reported",
                                                               "previously reported",
                                                               "previously stated",
                                                               "revised"};

constexpr std::array<std::string_view, 12> kMonths = {"january",   "february", "march",    "april",
                                                      "may",       "june",     "july",     "august",
                                                      "september", "october",  "november", "december"};

std::vector<size_t> FindAll(std::string_view text, std::string_view word) {
  std::vector<size_t> found;
  for (size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) found.push_back(at);
  return found;
}

bool IsDigitAt(std::string_view text, size_t at) { return at < text.size() && absl::ascii_isdigit(text[at]); }

// Whether the mention at `at` ends and begins where its numbers do: `12 june` is not in `112 june`, `112` not in
// `112.5`.
bool StandsAlone(std::string_view text, size_t at, size_t size) {
  if (at > 0 && IsDigitAt(text, at) && (absl::ascii_isdigit(text[at - 1]) || text[at - 1] == '.')) return false;
  const size_t end = at + size;
  if (!IsDigitAt(text, end - 1)) return true;
  if (IsDigitAt(text, end)) return false;
  const bool goes_on = end < text.size() && (text[end] == '.' || text[end] == ',') && IsDigitAt(text, end + 1);
  return !goes_on;
}

std::vector<size_t> CorrectionWords(std::string_view text) {
  std::vector<size_t> words;
  for (std::string_view word : kCorrectionWords) {
    for (size_t at : FindAll(text, word)) words.push_back(at);
  }
  return words;
}

// Whether the mention stands near one of the words.
bool IsMentionedNear(std::string_view text, const std::vector<size_t>& words, const std::string& mention) {
  for (size_t at : FindAll(text, mention)) {
    if (!StandsAlone(text, at, mention.size())) continue;
    const bool near = std::any_of(words.begin(), words.end(),
                                  [&](size_t word) { return std::max(word, at) - std::min(word, at) <= kNearBytes; });
    if (near) return true;
  }
  return false;
}

void AddSentences(const EvidenceList& evidence, std::string* text) {
  for (const v1::Evidence& span : evidence) absl::StrAppend(text, "\n", span.sentence());
}

// What is read of a telling: its text, else the sentences of its dates and goods.
std::string ReadOf(const Telling& telling) {
  std::string text = telling.report->text().substr(0, kMaxReadBytes);
  AddSentences(telling.facts->occurred().evidence(), &text);
  for (const v1::Goods& goods : telling.facts->goods()) {
    if (text.size() > 2 * kMaxReadBytes) break;
    AddSentences(goods.evidence(), &text);
  }
  return absl::AsciiStrToLower(text);
}

std::optional<int64_t> FirstPublished(const Tellings& tellings, const std::vector<int>& told_by) {
  std::optional<int64_t> first;
  for (int t : told_by) {
    if (!tellings[t].published) continue;
    const int64_t day = tellings[t].published->first;
    if (!first || day < *first) first = day;
  }
  return first;
}

}  // namespace

std::vector<std::string> MentionsOfDate(const std::string& edtf) {
  int year = 0;
  int month = 0;
  int day = 0;
  const bool has_year = edtf.size() >= 4 && absl::SimpleAtoi(edtf.substr(0, 4), &year);
  const bool has_month = edtf.size() >= 7 && edtf[4] == '-' && absl::SimpleAtoi(edtf.substr(5, 2), &month);
  const bool has_day = edtf.size() == 10 && edtf[7] == '-' && absl::SimpleAtoi(edtf.substr(8, 2), &day);
  if (!has_year || (edtf.size() != 4 && edtf.size() != 7 && edtf.size() != 10)) return {};
  if (edtf.size() == 4) return {edtf};
  if (!has_month || month < 1 || month > 12) return {};
  const std::string name(kMonths[month - 1]);
  if (edtf.size() == 7) return {absl::StrCat(name, " ", year), name, edtf};
  if (!has_day) return {};
  const std::string brief = name.substr(0, 3);
  return {absl::StrCat(day, " ", name),   absl::StrCat(name, " ", day),   edtf,
          absl::StrCat(day, " ", brief),  absl::StrCat(brief, " ", day),  absl::StrCat(day, "th of ", name),
          absl::StrCat(day, "th ", name), absl::StrCat("the ", day, "th")};
}

std::vector<std::string> MentionsOfNumber(double number) {
  if (!std::isfinite(number) || std::abs(number) >= 1e15) return {};
  if (number != std::floor(number)) return {absl::StrCat(number)};
  const std::string plain = absl::StrCat(static_cast<int64_t>(number));
  std::string grouped;
  for (size_t i = 0; i < plain.size(); ++i) {
    if (i > 0 && (plain.size() - i) % 3 == 0 && plain[i - 1] != '-') grouped += ',';
    grouped += plain[i];
  }
  return grouped == plain ? std::vector<std::string>{plain} : std::vector<std::string>{plain, grouped};
}

bool IsGoodEnoughToCorrect(const Telling& a, const Tellings& tellings, const std::vector<int>& b) {
  int best = kNotGraded;
  for (int t : b) best = std::min(best, tellings[t].grade);
  return a.grade == kNotGraded || best == kNotGraded || a.grade <= best + 1;
}

Corrections::Corrections(const Tellings* tellings) : tellings_(tellings), readings_(tellings->size()) {}

const Corrections::Reading& Corrections::Read(int telling) {
  Reading& reading = readings_[telling];
  if (reading.done) return reading;
  reading.done = true;
  reading.text = ReadOf((*tellings_)[telling]);
  reading.words = CorrectionWords(reading.text);
  if (reading.words.empty()) reading.text.clear();
  return reading;
}

bool Corrections::Corrects(const Rival& a, const Rival& b) {
  const std::optional<int64_t> since = FirstPublished(*tellings_, b.told_by);
  return std::any_of(a.told_by.begin(), a.told_by.end(), [&](int t) {
    const Telling& telling = (*tellings_)[t];
    if (since && telling.published && telling.published->last < *since) return false;
    if (!IsGoodEnoughToCorrect(telling, *tellings_, b.told_by)) return false;
    const Reading& reading = Read(t);
    return std::any_of(b.mentions.begin(), b.mentions.end(), [&](const std::string& mention) {
      return IsMentionedNear(reading.text, reading.words, mention);
    });
  });
}

}  // namespace interdict::index
