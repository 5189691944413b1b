// The parse of one sentence as other stages ask it: heads, relations, and the arguments of a verb or noun, with
// passives, relative clauses, participles and conjunctions resolved.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "services/ingest/pipeline/syntax/dependency_parser.h"
#include "services/ingest/pipeline/syntax/relations.h"
#include "services/ingest/pipeline/syntax/tags.h"
#include "services/ingest/pipeline/tokens/tokens.h"

namespace interdict::pipeline {

// Who does what to whom in one predicate. Each is the index of a head word in the text's tokens, or -1: the mention
// that holds the word is the argument; SentenceTree::Conjuncts gives the others of "rifles, pistols and ammunition".
struct Arguments {
  int32_t agent = -1;      // who acts: "officers" in "officers seized", "seized by officers", "the officers who seized"
  int32_t patient = -1;    // what is acted on: "rifles" in "seized rifles", "rifles were seized", "seizure of rifles"
  int32_t recipient = -1;  // "him" in "sold him rifles"
  bool passive = false;
  bool negated = false;  // "not", "never", "no" with the predicate itself
  // Other arguments: the preposition's token and the word that it goes with ("in", "Gdansk").
  std::vector<std::pair<int32_t, int32_t>> prepositional;
};

// Immutable; thread-safe. Token indexes are those of the text. A tree that is empty (no parse) answers -1 and nothing.
class SentenceTree {
 public:
  SentenceTree() = default;
  // `tree` and `tags` are of `sentence`.
  SentenceTree(const std::vector<Token>& tokens, const Sentence& sentence, const ParseTree& tree,
               std::vector<PartOfSpeech> tags);

  bool empty() const { return nodes_.empty(); }
  // The head of a token, -1 for the root and for tokens outside the sentence.
  int32_t HeadOf(int32_t token) const;
  Relation RelationOf(int32_t token) const;
  PartOfSpeech TagOf(int32_t token) const;
  // The direct dependents of a token in order.
  std::vector<int32_t> DependentsOf(int32_t token) const;
  // The dependent with the relation that comes first, -1 for none.
  int32_t Dependent(int32_t token, Relation relation) const;
  // The preposition or "'s" that introduces a token, -1 for none.
  int32_t PrepositionOf(int32_t token) const { return Dependent(token, Relation::kCase); }
  // The words joined to a token by "and", "or" and commas, without itself, in order.
  std::vector<int32_t> Conjuncts(int32_t token) const;
  // The arguments of a verb, participle or noun of action.
  Arguments ArgumentsOf(int32_t predicate) const;

 private:
  struct Node {
    int32_t head = -1;
    int32_t first_dependent = -1;
    int32_t next_dependent = -1;
    Relation relation = Relation::kOther;
    PartOfSpeech tag = PartOfSpeech::kOther;
    bool past = false;  // ends like a past participle
    std::string form;   // folded
  };
  bool Holds(int32_t token) const;
  const Node& At(int32_t token) const { return nodes_[static_cast<size_t>(token) - first_]; }
  bool IsRelativePronoun(int32_t token) const;
  int32_t Antecedent(int32_t word) const;
  void ReadDependents(int32_t predicate, Arguments& out) const;
  void ReadNominal(int32_t predicate, Arguments& out) const;
  void Inherit(int32_t predicate, int depth, Arguments& out) const;
  Arguments ArgumentsAt(int32_t predicate, int depth) const;

  uint32_t first_ = 0;
  std::vector<Node> nodes_;
};

}  // namespace interdict::pipeline
