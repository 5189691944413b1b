#include "services/index/engine/segment_query.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "absl/strings/str_cat.h"

namespace interdict::index {
namespace {

using Kind = QueryNode::Kind;

bool IsText(Kind kind) { return kind == Kind::kTerm || kind == Kind::kPhrase || kind == Kind::kNear; }

// Whether anything below is scored.
bool Scores(const PlannedNode& node) {
  if (IsText(node.kind)) return true;
  if (node.kind == Kind::kNot) return false;
  return std::any_of(node.children.begin(), node.children.end(), Scores);
}

// The most that a document can score.
double Most(const PlannedNode& node, double boost, const Weights& weights) {
  if (node.kind == Kind::kTerm) return weights.by_term[node.term] * boost * node.boost;
  if (node.kind == Kind::kNot) return 0;
  double sum = 0;
  for (const PlannedNode& child : node.children) sum += Most(child, boost, weights);
  return sum;
}

}  // namespace

Weights Weights::Make(const CollectionView& view, const Plan& plan, const ScoreStatistics* statistics) {
  Weights weights;
  const auto documents = static_cast<double>(statistics != nullptr ? statistics->documents : view.documents);
  for (const PlannedTerm& term : plan.terms) {
    double field_weight = 1;
    for (const TextField& field : view.schema->text_fields) {
      if (field.id == term.slot / 2) field_weight = field.weight;
    }
    auto df = static_cast<double>(term.documents);
    if (statistics != nullptr) {
      const auto known = statistics->terms.find({static_cast<uint16_t>(term.slot / 2), term.slot % 2 == 1, term.term});
      df = known == statistics->terms.end() ? 0 : static_cast<double>(std::min(known->second, statistics->documents));
    }
    const double idf = std::log(1 + (documents - df + 0.5) / (df + 0.5));
    weights.by_term.push_back(idf * (kBm25K1 + 1) * field_weight);
  }
  // Sums stay below 2^31.
  const double most = Most(plan.text, 1, weights);
  if (most > 0) weights.scale = std::exp2(30 - std::ceil(std::log2(most)));
  return weights;
}

absl::StatusOr<std::unique_ptr<Matcher>> SegmentQuery::Everything(const CollectionView& view, size_t index,
                                                                  const Plan& plan) {
  auto text = MakeMatcher(view, index, plan, plan.text);
  if (!text.ok() || plan.filter.kind == Kind::kAll) return text;
  auto filter = MakeMatcher(view, index, plan, plan.filter);
  if (!filter.ok() || plan.text.kind == Kind::kAll) return filter;
  std::vector<std::unique_ptr<Matcher>> both;
  both.push_back(*std::move(text));
  both.push_back(*std::move(filter));
  return MakeAnd(std::move(both));
}

SegmentQuery::Parts SegmentQuery::TakeApart(const PlannedNode& text) {
  Parts parts;
  const auto add = [&parts](const PlannedNode& node) {
    if (node.kind == Kind::kTerm) {
      parts.terms.push_back(&node);
    } else if (IsText(node.kind)) {
      parts.positional.push_back(&node);
    } else if (!Scores(node)) {
      parts.conditions.push_back(&node);
    } else {
      parts.simple = false;
    }
  };
  if (text.kind == Kind::kAnd) {
    for (const PlannedNode& child : text.children) add(child);
  } else {
    add(text);
  }
  parts.simple = parts.simple && (!parts.terms.empty() || !parts.positional.empty());
  return parts;
}

absl::StatusOr<TermScorer*> SegmentQuery::Score(PostingCursor* cursor, const PlannedNode& node, float boost) {
  const uint16_t field = plan_.terms[node.term].slot / 2;
  auto lengths = segment().segment->Lengths(field);
  if (!lengths.ok()) return lengths.status();
  const double weight = weights_.by_term[node.term] * boost * node.boost * weights_.scale;
  scorers_.emplace_back(cursor, static_cast<float>(weight), *lengths, &norms_(field));
  return &scorers_.back();
}

absl::StatusOr<TermScorer*> SegmentQuery::OpenTerm(const PlannedNode& node, float boost) {
  const auto& list = plan_.terms[node.term].lists[index_];
  if (!list.has_value()) return static_cast<TermScorer*>(nullptr);
  if (!cursors_.emplace_back().Open(list->bytes)) return absl::DataLossError("a posting list is not readable");
  return Score(&cursors_.back(), node, boost);
}

absl::StatusOr<std::unique_ptr<SegmentFilter>> SegmentQuery::Filter(const std::vector<const PlannedNode*>& more) {
  std::vector<std::unique_ptr<Matcher>> conditions;
  std::vector<const PlannedNode*> nodes = more;
  if (plan_.filter.kind == Kind::kAnd) {
    for (const PlannedNode& child : plan_.filter.children) nodes.push_back(&child);
  } else if (plan_.filter.kind != Kind::kAll) {
    nodes.push_back(&plan_.filter);
  }
  for (const PlannedNode* node : nodes) {
    auto matcher = MakeMatcher(view_, index_, plan_, *node);
    if (!matcher.ok()) return matcher.status();
    conditions.push_back(*std::move(matcher));
  }
  return std::make_unique<SegmentFilter>(&segment(), std::move(conditions));
}

absl::Status SegmentQuery::Run(const CheckCall& check, TopScores* top) {
  if (plan_.text.kind == Kind::kNone || plan_.filter.kind == Kind::kNone) return absl::OkStatus();
  const bool any =
      plan_.text.kind == Kind::kOr && std::all_of(plan_.text.children.begin(), plan_.text.children.end(),
                                                  [](const PlannedNode& child) { return child.kind == Kind::kTerm; });
  if (any || plan_.text.kind == Kind::kTerm) return RunDisjunction(check, top);
  const Parts parts = TakeApart(plan_.text);
  if (parts.simple) return RunConjunction(parts, check, top);
  return RunOther(check, top);
}

absl::Status SegmentQuery::RunDisjunction(const CheckCall& check, TopScores* top) {
  auto filter = Filter({});
  if (!filter.ok()) return filter.status();
  way_ = "any of the words, best blocks";
  if (!(*filter)->possible()) return absl::OkStatus();
  std::vector<TermScorer*> terms;
  const auto add = [&](const PlannedNode& node) {
    auto scorer = OpenTerm(node, 1);
    if (!scorer.ok()) return scorer.status();
    if (*scorer != nullptr) terms.push_back(*scorer);
    return absl::OkStatus();
  };
  if (plan_.text.kind == Kind::kTerm) {
    if (absl::Status status = add(plan_.text); !status.ok()) return status;
  }
  for (const PlannedNode& child : plan_.text.children) {
    if (absl::Status status = add(child); !status.ok()) return status;
  }
  return RunAny(segment(), std::move(terms), filter->get(), check, top);
}

absl::Status SegmentQuery::RunConjunction(const Parts& parts, const CheckCall& check, TopScores* top) {
  way_ = "all of the words, the rarest leads";
  std::vector<TermScorer*> terms;
  for (const PlannedNode* node : parts.terms) {
    auto scorer = OpenTerm(*node, 1);
    if (!scorer.ok()) return scorer.status();
    if (*scorer == nullptr) return absl::OkStatus();
    terms.push_back(*scorer);
  }
  std::vector<PositionalCursor*> checks;
  for (const PlannedNode* node : parts.positional) {
    auto cursor = PositionalCursor::Make(*segment().segment, index_, plan_, *node);
    if (!cursor.ok()) return cursor.status();
    if (*cursor == nullptr) return absl::OkStatus();
    for (size_t i = 0; i < (*cursor)->words(); ++i) {
      auto scorer = Score(&(*cursor)->word_cursor(i), (*cursor)->word(i), 1);
      if (!scorer.ok()) return scorer.status();
      terms.push_back(*scorer);
    }
    checks.push_back(cursor->get());
    positional_.push_back(*std::move(cursor));
  }
  auto filter = Filter(parts.conditions);
  if (!filter.ok()) return filter.status();
  return RunAll(segment(), std::move(terms), checks, filter->get(), check, top);
}

absl::Status SegmentQuery::CollectLeaves(const PlannedNode& node, float boost, size_t gate,
                                         std::vector<ScoredLeaf>& leaves) {
  if (node.kind == Kind::kNot) return absl::OkStatus();
  if (node.kind == Kind::kTerm) {
    auto scorer = OpenTerm(node, boost);
    if (!scorer.ok()) return scorer.status();
    if (*scorer != nullptr) leaves.push_back({*scorer, gate});
    return absl::OkStatus();
  }
  if (gate == SIZE_MAX && (node.kind == Kind::kPhrase || node.kind == Kind::kNear)) {
    auto matcher = MakeMatcher(view_, index_, plan_, node);
    if (!matcher.ok()) return matcher.status();
    gate = gates_.size();
    gates_.push_back(*std::move(matcher));
  }
  for (const PlannedNode& child : node.children) {
    if (absl::Status status = CollectLeaves(child, boost, gate, leaves); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status SegmentQuery::RunOther(const CheckCall& check, TopScores* top) {
  way_ = "matches first, then scores";
  auto filter = Filter({});
  if (!filter.ok()) return filter.status();
  auto match = MakeMatcher(view_, index_, plan_, plan_.text);
  if (!match.ok()) return match.status();
  if (!(*filter)->possible() || (*match)->estimate() == 0) return absl::OkStatus();
  std::vector<ScoredLeaf> leaves;
  if (absl::Status status = CollectLeaves(plan_.text, 1, SIZE_MAX, leaves); !status.ok()) return status;
  std::vector<Matcher*> gates;
  for (const auto& gate : gates_) gates.push_back(gate.get());
  return RunMatching(segment(), match->get(), leaves, gates, filter->get(), check, top);
}

}  // namespace interdict::index
