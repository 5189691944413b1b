#include "services/ingest/pipeline/syntax/dependency_parser.h"

#include "services/ingest/pipeline/syntax/parser_features.h"
#include "services/ingest/pipeline/syntax/parser_state.h"

namespace interdict::pipeline {

absl::StatusOr<DependencyParser> DependencyParser::Parse(std::string_view step_weights,
                                                         std::string_view relation_weights) {
  auto steps = LinearModel::Parse(step_weights, kSteps);
  if (!steps.ok()) return steps.status();
  auto relations = LinearModel::Parse(relation_weights, kRelations);
  if (!relations.ok()) return relations.status();
  return DependencyParser(*std::move(steps), *std::move(relations));
}

ParseTree DependencyParser::Tree(const Words& words, const std::vector<PartOfSpeech>& tags) const {
  const ParserInput input(words, tags);
  ParserState state(words.size());
  while (!state.done()) {
    int16_t scores[LinearModel::kMaxClasses] = {};
    for (const uint32_t feature : StepFeatures(input, state)) steps_.Add(feature, scores);
    Step best = Step::kShift;
    bool found = false;
    for (const Step step : {Step::kShift, Step::kLeft, Step::kRight}) {
      if (!state.May(step)) continue;
      if (!found || scores[static_cast<size_t>(step)] > scores[static_cast<size_t>(best)]) best = step;
      found = true;
    }
    if (best == Step::kShift) {
      state.Shift();
      continue;
    }
    const int32_t head = state.HeadBy(best);
    if (head == state.size()) {
      state.Attach(best, Relation::kRoot);
      continue;
    }
    int16_t by_relation[LinearModel::kMaxClasses] = {};
    for (const uint32_t feature : RelationFeatures(input, state, state.Top(0), head))
      relations_.Add(feature, by_relation);
    state.Attach(best, static_cast<Relation>(relations_.Best(by_relation)));
  }
  return {state.TakeHeads(), state.TakeRelations()};
}

}  // namespace interdict::pipeline
