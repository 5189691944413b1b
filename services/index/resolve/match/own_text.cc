#include "services/index/resolve/match/own_text.h"

#include <algorithm>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "services/index/engine/analyzer.h"
#include "services/index/resolve/evidence_spans.h"

namespace interdict::index::match {
namespace {

// Words that weigh less are in every other text.
constexpr float kLeastTermWeight = 0.3F;
constexpr float kLeastWordWeight = 0.5F;
constexpr size_t kMaxWordsRead = 4000;
constexpr size_t kShortestNumber = 3;  // digits
constexpr size_t kShortestWord = 4;    // bytes
constexpr size_t kMaxEvidenceSpans = 256;

// Begin and end of the paragraphs that hold evidence, merged, as far as the cap goes.
std::vector<std::pair<size_t, size_t>> OwnParagraphs(const v1::Report& report, std::string_view text) {
  std::vector<std::pair<size_t, size_t>> paragraphs;
  const std::vector<uint32_t> spans = EvidenceSpans(report);
  if (spans.empty()) return {{0, std::min(text.size(), kMaxOwnTextBytes)}};
  size_t bytes = 0;
  for (size_t i = 0; i + 1 < spans.size() && i < 2 * kMaxEvidenceSpans && bytes < kMaxOwnTextBytes; i += 2) {
    if (spans[i + 1] > text.size()) break;
    if (!paragraphs.empty() && spans[i + 1] <= paragraphs.back().second) continue;
    const size_t before = spans[i] == 0 ? std::string_view::npos : text.rfind("\n\n", spans[i] - 1);
    size_t begin = before == std::string_view::npos ? 0 : before;
    if (!paragraphs.empty()) begin = std::max(begin, paragraphs.back().second);
    // A paragraph without an end must not make one report read the whole text.
    begin = std::max(begin, spans[i] > kMaxOwnTextBytes / 8 ? spans[i] - kMaxOwnTextBytes / 8 : 0);
    size_t end = std::min(text.find("\n\n", spans[i + 1]), text.size());
    end = std::max<size_t>(spans[i + 1], std::min(end, spans[i + 1] + kMaxOwnTextBytes / 8));
    end = std::min(end, begin + kMaxOwnTextBytes - bytes);
    paragraphs.emplace_back(begin, end);
    bytes += end - begin;
  }
  return paragraphs;
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

bool IsNumber(std::string_view word) { return !word.empty() && std::all_of(word.begin(), word.end(), IsDigit); }

class WordCollector {
 public:
  explicit WordCollector(const WordWeights& weights) : weights_(weights) {}

  // In a headline a capital letter does not make a name.
  void Read(std::string_view text, bool headline) {
    const std::vector<AnalyzedWord> words = AnalyzeWords(text, kMaxWordsRead - std::min(kMaxWordsRead, read_));
    read_ += words.size();
    for (size_t i = 0; i < words.size(); ++i) {
      if (IsNumber(words[i].folded)) {
        i = ReadNumber(text, words, i);
      } else {
        ReadWord(text, words[i], headline);
      }
    }
  }

  OwnWords Take() {
    OwnWords own;
    for (const auto& [key, weight] : others_) {
      if (terms_.count(key) > 0) continue;
      own.words.push_back(key);
    }
    for (const auto& [key, weight] : terms_) own.terms.push_back(key);
    Cut(kMaxTerms, terms_, own.terms);
    Cut(kMaxOwnWords, others_, own.words);
    return own;
  }

 private:
  using Weights = std::unordered_map<uint32_t, float>;

  // Digits with thousands separators and decimals as one number. Returns the last word that belongs to it.
  size_t ReadNumber(std::string_view text, const std::vector<AnalyzedWord>& words, size_t i) {
    std::string number = words[i].folded;
    bool grouped = false;
    while (i + 1 < words.size() && IsNumber(words[i + 1].folded) && words[i + 1].begin == words[i].end + 1) {
      const char between = text[words[i].end];
      if (between == ',' && words[i + 1].folded.size() == 3) {
        grouped = true;
      } else if (between == '.') {
        number.push_back('.');
      } else {
        break;
      }
      number += words[++i].folded;
    }
    const bool year =
        !grouped && number.size() == 4 && (number.compare(0, 2, "19") == 0 || number.compare(0, 2, "20") == 0);
    if (!year && number.size() >= kShortestNumber) AddNumber(number);
    return i;
  }

  // 500 tells less than 512.
  void AddNumber(const std::string& number) {
    const size_t telling = number.find_last_not_of("0.");
    const float weight = telling == std::string::npos || telling == 0 ? 0.4F : 1.0F;
    terms_.emplace(WordKey(number), weight);
  }

  void ReadWord(std::string_view text, const AnalyzedWord& word, bool headline) {
    const uint32_t key = WordKey(word.folded);
    const float weight = weights_.Of(key);
    const bool digits = std::any_of(word.folded.begin(), word.folded.end(), IsDigit);
    const bool proper = digits || (!headline && IsCapital(text[word.begin]) && !BeginsSentence(text, word.begin));
    if (proper && weight >= kLeastTermWeight && word.folded.size() > 1) {
      terms_.emplace(key, weight);
    } else if (weight >= kLeastWordWeight && word.folded.size() >= kShortestWord) {
      others_.emplace(key, weight);
    }
  }

  // Letters outside of ASCII count as capital: names are what they are met in.
  static bool IsCapital(char c) { return (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80; }

  static bool BeginsSentence(std::string_view text, size_t at) {
    while (at > 0 && (text[at - 1] == ' ' || text[at - 1] == '"' || text[at - 1] == '(' || text[at - 1] == '\'')) --at;
    return at == 0 || text[at - 1] == '.' || text[at - 1] == '!' || text[at - 1] == '?' || text[at - 1] == '\n' ||
           text[at - 1] == ':';
  }

  static void Cut(size_t most, const Weights& weights, std::vector<uint32_t>& keys) {
    std::sort(keys.begin(), keys.end());
    if (keys.size() <= most) return;
    std::stable_sort(keys.begin(), keys.end(), [&](uint32_t a, uint32_t b) { return weights.at(a) > weights.at(b); });
    keys.resize(most);
    std::sort(keys.begin(), keys.end());
  }

  const WordWeights& weights_;
  size_t read_ = 0;
  Weights terms_;
  Weights others_;
};

}  // namespace

OwnWords OwnWordsOf(const v1::Report& report, const std::string& text, const WordWeights& weights) {
  WordCollector collector(weights);
  const std::string_view title = report.facts().title();
  const std::string_view summary = report.facts().summary();
  collector.Read(title.substr(0, kMaxOwnTextBytes / 8), /*headline=*/true);
  collector.Read(summary.substr(0, kMaxOwnTextBytes / 4), /*headline=*/false);
  for (const auto& [begin, end] : OwnParagraphs(report, text)) {
    collector.Read(std::string_view(text).substr(begin, end - begin), /*headline=*/false);
  }
  return collector.Take();
}

}  // namespace interdict::index::match
