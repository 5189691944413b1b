#include "services/ingest/pipeline/syntax/training/train_pos_tagger.h"

#include <algorithm>
#include <fstream>
#include <map>
#include <random>
#include <set>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "services/ingest/pipeline/syntax/pos_features.h"
#include "services/ingest/pipeline/syntax/pos_tagger.h"
#include "services/ingest/pipeline/syntax/training/averaged_perceptron.h"
#include "services/ingest/pipeline/tokens/fold.h"

namespace interdict::pipeline {
namespace {

constexpr uint32_t kSlotBits = 17;
constexpr int kRounds = 10;
constexpr float kMargin = 10;
constexpr float kPrune = 0.2F;

// A Penn tag as a part of speech; nothing where the tag does not settle it.
uint32_t BitsOf(std::string_view penn) {
  const auto bit = [](PartOfSpeech p) { return 1U << static_cast<uint32_t>(p); };
  if (penn.starts_with("NNP")) return bit(PartOfSpeech::kProperNoun);
  if (penn.starts_with("NN")) return bit(PartOfSpeech::kNoun);
  if (penn.starts_with("JJ")) return bit(PartOfSpeech::kAdjective);
  if (penn.starts_with("RB") || penn == "WRB") return bit(PartOfSpeech::kAdverb);
  if (penn.starts_with("VB")) return bit(PartOfSpeech::kVerb);
  if (penn == "MD") return bit(PartOfSpeech::kAuxiliary);
  if (penn == "IN") return bit(PartOfSpeech::kAdposition);
  if (penn == "DT" || penn == "PDT" || penn == "WDT") return bit(PartOfSpeech::kDeterminer);
  if (penn.starts_with("PRP") || penn.starts_with("WP")) return bit(PartOfSpeech::kPronoun);
  if (penn == "CC") return bit(PartOfSpeech::kCoordinator);
  if (penn == "CD") return bit(PartOfSpeech::kNumeral);
  if (penn == "UH") return bit(PartOfSpeech::kInterjection);
  return bit(PartOfSpeech::kOther);
}

}  // namespace

absl::StatusOr<std::string> BuildLexicon(const std::string& path) {
  std::ifstream in(path);
  if (!in) return absl::NotFoundError(absl::StrCat(path, ": cannot be read"));
  // By folded form: the first Penn tag and all tags.
  std::map<std::string, std::pair<std::string, std::set<std::string>>> words;
  std::string line;
  while (std::getline(in, line)) {
    const std::vector<std::string> cells = absl::StrSplit(line, ' ', absl::SkipEmpty());
    if (cells.size() < 2) continue;
    const std::vector<Token> tokens = TokenizePhrase(cells[0]);
    if (tokens.size() != 1) continue;
    auto& entry = words[tokens[0].folded];
    if (entry.first.empty()) entry.first = cells[1];
    entry.second.insert(cells.begin() + 1, cells.end());
  }
  // A class is the likeliest Penn tag and the set of parts of speech; the commonest 254 have a number of their own.
  std::map<std::pair<std::string, uint32_t>, int> counts;
  const auto key_of = [](const std::pair<std::string, std::set<std::string>>& entry) {
    uint32_t bits = 0;
    for (const std::string& tag : entry.second) bits |= BitsOf(tag);
    return std::make_pair(entry.first, bits);
  };
  for (const auto& [word, entry] : words) ++counts[key_of(entry)];
  std::vector<std::pair<int, std::pair<std::string, uint32_t>>> ranked;
  for (const auto& [key, count] : counts) ranked.emplace_back(-count, key);
  std::sort(ranked.begin(), ranked.end());
  std::map<std::pair<std::string, uint32_t>, uint8_t> numbers;
  for (size_t i = 0; i < ranked.size() && i < 254; ++i) numbers[ranked[i].second] = static_cast<uint8_t>(i + 1);
  std::vector<std::pair<uint32_t, uint8_t>> out;
  for (const auto& [word, entry] : words) {
    const auto found = numbers.find(key_of(entry));
    out.emplace_back(FormHash(word), found == numbers.end() ? 255 : found->second);
  }
  return Lexicon::Serialize(std::move(out));
}

std::vector<const GoldSentence*> Select(const std::vector<GoldSentence>& all, const std::vector<Part>& parts) {
  std::vector<const GoldSentence*> out;
  for (const GoldSentence& s : all)
    if (std::find(parts.begin(), parts.end(), s.part) != parts.end() && !s.tokens.empty()) out.push_back(&s);
  return out;
}

std::string TrainPosTagger(const std::vector<const GoldSentence*>& sentences, const Lexicon& lexicon) {
  AveragedPerceptron model(kPartsOfSpeech, kSlotBits);
  std::vector<Words> words;
  for (const GoldSentence* s : sentences)
    words.push_back(Words::Of(s->text, s->tokens, 0, static_cast<uint32_t>(s->tokens.size()), lexicon));
  std::vector<size_t> order(sentences.size());
  for (size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::mt19937 random(7);
  for (int round = 0; round < kRounds; ++round) {
    for (size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[random() % i]);
    for (const size_t s : order) {
      TagHistory history;
      for (uint32_t i = 0; i < words[s].size(); ++i) {
        const auto features = PosFeatures(words[s], i, history);
        float scores[kPartsOfSpeech];
        model.Score(features.data(), features.data() + features.size(), scores);
        const auto gold = static_cast<uint32_t>(sentences[s]->tags[i]);
        uint32_t best = 0;
        uint32_t rival = gold == 0 ? 1 : 0;
        for (uint32_t c = 0; c < kPartsOfSpeech; ++c) {
          if (scores[c] > scores[best]) best = c;
          if (c != gold && scores[c] > scores[rival]) rival = c;
        }
        if (scores[gold] - scores[rival] < kMargin)
          model.Update(features.data(), features.data() + features.size(), gold, rival);
        model.Step();
        history.before_last = history.last;
        history.last = best;
      }
    }
  }
  return model.Serialize(kPrune);
}

absl::StatusOr<double> MeasurePosTagger(const std::string& weights, const Lexicon& lexicon,
                                        const std::vector<const GoldSentence*>& sentences) {
  auto tagger = PosTagger::Parse(weights);
  if (!tagger.ok()) return tagger.status();
  size_t right = 0;
  size_t all = 0;
  for (const GoldSentence* s : sentences) {
    const auto tags = tagger->Tag(Words::Of(s->text, s->tokens, 0, static_cast<uint32_t>(s->tokens.size()), lexicon));
    for (size_t i = 0; i < tags.size(); ++i) right += tags[i] == s->tags[i];
    all += tags.size();
  }
  return all == 0 ? 0 : static_cast<double>(right) / static_cast<double>(all);
}

}  // namespace interdict::pipeline
