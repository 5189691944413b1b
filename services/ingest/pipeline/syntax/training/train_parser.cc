#include "services/ingest/pipeline/syntax/training/train_parser.h"

#include <algorithm>
#include <random>

#include "services/ingest/pipeline/syntax/dependency_parser.h"
#include "services/ingest/pipeline/syntax/parser_features.h"
#include "services/ingest/pipeline/syntax/parser_state.h"
#include "services/ingest/pipeline/syntax/training/averaged_perceptron.h"
#include "services/ingest/pipeline/syntax/training/train_pos_tagger.h"

namespace interdict::pipeline {
namespace {

constexpr uint32_t kStepSlotBits = 20;
constexpr uint32_t kRelationSlotBits = 17;
constexpr int kRounds = 10;
constexpr float kStepMargin = 5;
constexpr float kRelationMargin = 5;
constexpr float kStepPrune = 0.4F;
constexpr float kRelationPrune = 0.4F;
constexpr size_t kFolds = 5;
// From the second round on, this share of the steps is the parser's own, wrong as it may be.
constexpr uint32_t kOwnStepsPercent = 90;

Words WordsOf(const GoldSentence& s, const Lexicon& lexicon) {
  return Words::Of(s.text, s.tokens, 0, static_cast<uint32_t>(s.tokens.size()), lexicon);
}

// Tags of each sentence by a tagger that never saw it.
std::vector<std::vector<PartOfSpeech>> TagUnseen(const std::vector<const GoldSentence*>& sentences,
                                                 const Lexicon& lexicon) {
  std::vector<std::vector<PartOfSpeech>> tags(sentences.size());
  for (size_t fold = 0; fold < kFolds; ++fold) {
    std::vector<const GoldSentence*> rest;
    for (size_t i = 0; i < sentences.size(); ++i)
      if (i % kFolds != fold) rest.push_back(sentences[i]);
    const auto tagger = PosTagger::Parse(TrainPosTagger(rest, lexicon));
    if (!tagger.ok()) return {};
    for (size_t i = fold; i < sentences.size(); i += kFolds) tags[i] = tagger->Tag(WordsOf(*sentences[i], lexicon));
  }
  return tags;
}

// How many gold arcs each step puts out of reach.
class Oracle {
 public:
  explicit Oracle(const GoldSentence& gold) : heads_(gold.heads), children_(gold.heads.size() + 1) {
    const auto root = static_cast<int>(heads_.size());
    for (int& head : heads_)
      if (head < 0) head = root;
    for (size_t i = 0; i < heads_.size(); ++i)
      children_[static_cast<size_t>(heads_[i])].push_back(static_cast<int32_t>(i));
  }

  int Cost(const ParserState& state, Step step) const {
    const int32_t next = state.next();
    if (step == Step::kShift) {
      int cost = 0;
      for (size_t i = 0; i < state.stack().size(); ++i) {
        const int32_t word = state.stack()[i];
        cost += Head(word) == next;
        cost += Head(next) == word && word != state.Top(0);
      }
      return cost;
    }
    const int32_t top = state.Top(0);
    int cost = 0;
    for (const int32_t child : children_[static_cast<size_t>(top)]) cost += child >= next;
    if (step == Step::kLeft) return cost + (Head(top) > next || Head(top) == state.Top(1));
    return cost + (Head(top) >= next);
  }
  int32_t Head(int32_t word) const { return heads_[static_cast<size_t>(word)]; }

 private:
  std::vector<int> heads_;
  std::vector<std::vector<int32_t>> children_;
};

class Trainer {
 public:
  Trainer() : steps_(kSteps, kStepSlotBits), relations_(kRelations, kRelationSlotBits), random_(7) {}

  void Learn(const GoldSentence& gold, const ParserInput& input, bool own_steps) {
    const Oracle oracle(gold);
    ParserState state(input.size());
    while (!state.done()) {
      const auto features = StepFeatures(input, state);
      float scores[kSteps];
      steps_.Score(features.data(), features.data() + features.size(), scores);
      int costs[kSteps] = {};
      int lowest = 1 << 20;
      for (uint32_t s = 0; s < kSteps; ++s)
        if (state.May(static_cast<Step>(s)))
          lowest = std::min(lowest, costs[s] = oracle.Cost(state, static_cast<Step>(s)));
      int best = -1;
      int right = -1;
      int wrong = -1;
      for (int s = 0; s < static_cast<int>(kSteps); ++s) {
        if (!state.May(static_cast<Step>(s))) continue;
        if (best < 0 || scores[s] > scores[best]) best = s;
        int& side = costs[s] == lowest ? right : wrong;
        if (side < 0 || scores[s] > scores[side]) side = s;
      }
      if (wrong >= 0 && scores[right] - scores[wrong] < kStepMargin)
        steps_.Update(features.data(), features.data() + features.size(), static_cast<uint32_t>(right),
                      static_cast<uint32_t>(wrong));
      steps_.Step();
      const bool own = own_steps && random_() % 100 < kOwnStepsPercent;
      Take(gold, oracle, input, static_cast<Step>(own ? best : right), state);
    }
  }

  ParserWeights Finish() const { return {steps_.Serialize(kStepPrune), relations_.Serialize(kRelationPrune)}; }
  std::mt19937& random() { return random_; }

 private:
  void Take(const GoldSentence& gold, const Oracle& oracle, const ParserInput& input, Step step, ParserState& state) {
    if (step == Step::kShift) {
      state.Shift();
      return;
    }
    const int32_t word = state.Top(0);
    const int32_t head = state.HeadBy(step);
    if (head == state.size()) {
      state.Attach(step, Relation::kRoot);
      return;
    }
    const auto features = RelationFeatures(input, state, word, head);
    float scores[kRelations];
    relations_.Score(features.data(), features.data() + features.size(), scores);
    const auto best = static_cast<uint32_t>(std::max_element(scores, scores + kRelations) - scores);
    if (oracle.Head(word) == head) {
      const auto right = static_cast<uint32_t>(gold.relations[static_cast<size_t>(word)]);
      uint32_t rival = right == 0 ? 1 : 0;
      for (uint32_t r = 0; r < kRelations; ++r)
        if (r != right && scores[r] > scores[rival]) rival = r;
      if (scores[right] - scores[rival] < kRelationMargin)
        relations_.Update(features.data(), features.data() + features.size(), right, rival);
      relations_.Step();
    }
    state.Attach(step, static_cast<Relation>(best));
  }

  AveragedPerceptron steps_;
  AveragedPerceptron relations_;
  std::mt19937 random_;
};

}  // namespace

ParserWeights TrainParser(const std::vector<const GoldSentence*>& sentences, const Lexicon& lexicon) {
  const auto tags = TagUnseen(sentences, lexicon);
  std::vector<ParserInput> inputs;
  for (size_t i = 0; i < sentences.size(); ++i) inputs.emplace_back(WordsOf(*sentences[i], lexicon), tags[i]);
  std::vector<size_t> order(sentences.size());
  for (size_t i = 0; i < order.size(); ++i) order[i] = i;
  Trainer trainer;
  for (int round = 0; round < kRounds; ++round) {
    for (size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[trainer.random()() % i]);
    for (const size_t s : order) trainer.Learn(*sentences[s], inputs[s], round > 0);
  }
  return trainer.Finish();
}

absl::StatusOr<ParserScore> MeasureParser(const ParserWeights& weights, const Lexicon& lexicon, const PosTagger& tagger,
                                          const std::vector<const GoldSentence*>& sentences) {
  auto parser = DependencyParser::Parse(weights.steps, weights.relations);
  if (!parser.ok()) return parser.status();
  size_t words = 0;
  size_t heads = 0;
  size_t both = 0;
  for (const GoldSentence* s : sentences) {
    const Words described = WordsOf(*s, lexicon);
    const ParseTree tree = parser->Tree(described, tagger.Tag(described));
    for (size_t i = 0; i < tree.heads.size(); ++i) {
      if (s->relations[i] == Relation::kPunctuation) continue;
      ++words;
      heads += tree.heads[i] == s->heads[i];
      both += tree.heads[i] == s->heads[i] && tree.relations[i] == s->relations[i];
    }
  }
  if (words == 0) return ParserScore();
  return ParserScore{static_cast<double>(heads) / static_cast<double>(words),
                     static_cast<double>(both) / static_cast<double>(words)};
}

}  // namespace interdict::pipeline
