// Whether a sentence opens a case other than the one told so far: by rules, and as features for the learned decision.
#pragma once

#include <set>
#include <string>

#include "services/ingest/pipeline/grouping/sentence_facts.h"
#include "services/ingest/pipeline/learned/features.h"

namespace interdict::pipeline {

// What a draft tells so far, kept beside it so that each sentence is looked at once.
struct Told {
  SentenceFacts facts;                // of all its sentences; sets only
  std::set<std::string> told_starts;  // first days of the dates of sentences that tell of something
  size_t sentences = 0;
  size_t tells = 0;  // sentences that tell of something

  void Add(const TextFacts& text, uint32_t sentence);
};

// How many elements of `mine` are not in `theirs`.
template <typename Set>
size_t CountNew(const Set& mine, const Set& theirs) {
  size_t count = 0;
  for (const auto& each : mine) count += theirs.count(each) == 0 ? 1 : 0;
  return count;
}
template <typename Set>
bool Shares(const Set& mine, const Set& theirs) {
  return CountNew(mine, theirs) < mine.size();
}

// A sentence and those behind it in its paragraph, taken together, up to a few.
struct Passage {
  uint32_t first = 0;  // the sentence
  SentenceFacts facts;
  bool tells = false;
  uint32_t sentences = 0;
};

// Judges the sentences of one text. Refers to the facts, which must outlive it.
class AnotherCase {
 public:
  AnotherCase(const TextFacts& text, std::string published) : text_(text), published_(std::move(published)) {}

  Passage From(uint32_t sentence) const;

  // Whether a case may open at the sentence at all: it begins a paragraph, has a cue or tells of something that was
  // done.
  bool IsPlaceToOpen(uint32_t sentence) const;
  // Whether the learned decision is asked: the passage speaks of a response, a deed, goods or an offence.
  bool MayOpen(const Passage& passage, const Told& told) const;
  // What the rules say; `in_round_up` where the text is divided into items.
  bool ByRule(const Passage& passage, const Told& told, bool in_round_up) const;
  // What the learned decision sees. `main` is the text's first case, which may be `told`; `drafts` counts the cases so
  // far.
  Features Describe(const Passage& passage, const Told& told, const Told& main, size_t drafts) const;
  // How much a passage has in common with a draft.
  double Kinship(const Passage& passage, const Told& told) const;

 private:
  // How much speaks for another case than the draft: what the passage tells that the draft does not, against what they
  // share. A case needs goods or an offence with something done about it, and differs from the one before in more than
  // one respect.
  double Otherness(const Passage& passage, const Told& told) const;
  bool BringsIn(uint32_t sentence) const;
  void DescribeOpening(uint32_t sentence, Features& f) const;
  void Compare(const std::string& prefix, const Passage& passage, const Told& told, Features& f) const;

  const TextFacts& text_;
  const std::string published_;
};

}  // namespace interdict::pipeline
