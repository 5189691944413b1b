// What stands around a mention, in classes: prepositions before it, the nearest trigger, what its sentence tells.
#pragma once

#include <string>
#include <vector>

#include "services/ingest/pipeline/assemble/facts.h"
#include "services/ingest/pipeline/learned/features.h"

namespace interdict::pipeline {

// Describes the mentions of one draft. Refers to the view, which must outlive it.
class Surroundings {
 public:
  explicit Surroundings(const DraftView& view);

  // What the sentence tells: "A:SEIZURE", "act:MOVE", "goods", "title" …, each once.
  const std::vector<std::string>& Tells(uint32_t sentence) const;
  // The two prepositions nearest before a token, the nearer first; "-" for none.
  std::pair<std::string, std::string> PrepositionsBefore(uint32_t token) const;
  // Class and value of the nearest trigger of something that happens, before or behind a span; "-" for none.
  std::string TriggerBefore(uint32_t token) const;
  std::string TriggerAfter(uint32_t token) const;
  // The function word or mark at a token; "w" for any other word, "-" outside the sentence `of`.
  std::string Closed(int64_t token, uint32_t of) const;

 private:
  std::string Near(uint32_t token, bool before) const;

  const DraftView& view_;
  std::vector<std::vector<std::string>> tells_;  // by sentence
};

}  // namespace interdict::pipeline
