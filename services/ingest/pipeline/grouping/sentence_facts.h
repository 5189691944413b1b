// What each sentence of a text tells, as far as grouping asks: responses, goods, places, dates, people.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "services/ingest/pipeline/frames/frames.h"
#include "services/ingest/pipeline/normalise/dates.h"

namespace interdict::pipeline {

// One sentence, or several taken together.
struct SentenceFacts {
  int actions = 0;  // responses told as done
  int acts = 0;     // deeds told as done
  int strong = 0;   // responses but investigations
  int goods = 0;
  int offence_words = 0;
  std::set<v1::ActionType> responses;  // kinds of the strong ones
  std::set<std::string> offences;
  std::set<std::string> categories;  // of its goods
  std::set<std::string> heads;       // of its goods: the last word, singular
  std::set<std::string> countries;
  std::set<std::string> years;
  std::set<std::string> starts;       // first days of its dates
  std::set<std::string> place_names;  // in the text's words
  std::set<std::string> numbers;      // of two digits or more, years left out
  std::set<std::string> illicit;      // words that make a trade illicit
  std::set<int> named;                // participants that may be suspects
  std::set<int> authorities;          // participants
  bool headed_by_place = false;       // opens with a place and a stop: "Valencia. A helmet …"
  bool leading_date = false;          // opens with a date: "In 2013 a clerk …"
  bool law = false;                   // speaks of a law: its date is the law's
  bool definite_goods = false;        // "the rifles": goods told of before

  // Adds what another sentence tells; signs of how a sentence opens stay those of the first.
  void Merge(const SentenceFacts& other);
};

// The facts of all sentences. Refers to the stages' results, which must outlive it. Immutable.
class TextFacts {
 public:
  TextFacts(const Page& page, const TokenizedText& text, const Mentions& mentions, const Coreference& coreference,
            const Frames& frames, const std::vector<DateMention>& dates);

  const SentenceFacts& at(uint32_t sentence) const { return facts_[sentence]; }
  uint32_t size() const { return static_cast<uint32_t>(facts_.size()); }

  // Whether the sentence tells of a response, or of a deed with goods or an offence.
  bool Tells(uint32_t sentence) const;
  bool IsBackground(uint32_t sentence) const { return frames_.background[sentence]; }
  // Whether a cue says that another case follows: in the sentence, or in the one before it in its paragraph.
  bool HasCue(uint32_t sentence) const;
  bool IsSeparate(uint32_t sentence) const { return frames_.separate[sentence]; }

  const Sentence& sentence(uint32_t s) const { return text_.sentences[s]; }
  const Token& token(uint32_t t) const { return text_.tokens[t]; }
  BlockKind KindOf(uint32_t s) const { return page_.blocks[text_.sentences[s].block].kind; }
  bool StartsBlock(uint32_t s) const { return s == 0 || text_.sentences[s - 1].block != text_.sentences[s].block; }
  bool UnderHeading(uint32_t s) const;
  // The first word, folded; empty for none.
  const std::string& FirstWord(uint32_t s) const;
  // "He …", "They …", "The driver …": the sentence goes on with what was told before.
  bool RefersBack(uint32_t s) const;

  // Whether some word of the text makes a trade illicit.
  bool IsIllicit() const { return illicit_; }
  // Whether the words of one setting in which nothing is reported (an essay, a talk, a view) run through the text.
  bool IsOfSetting() const;

 private:
  void AddMention(const Mention& m, int participant);

  const Page& page_;
  const TokenizedText& text_;
  const Frames& frames_;
  std::vector<SentenceFacts> facts_;
  bool illicit_ = false;
  std::map<std::string, size_t> setting_hits_;
  std::map<std::string, std::set<std::string>> settings_;  // words of each setting that the text uses
};

}  // namespace interdict::pipeline
