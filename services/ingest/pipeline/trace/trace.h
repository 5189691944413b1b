// What the stages found on the way to the reports, and how long each took: for a person who asks why a value stands
// there. Made on request only; never stored, and no part of the output.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/btree_map.h"

namespace interdict::pipeline {

struct Reading;

// What a finding is of; says which slots it can make.
enum class FindingKind : uint8_t {
  kRow,
  kCue,
  kPlace,
  kParty,
  kGoods,
  kConveyance,
  kLegal,
  kFrame,
  kSay,
  kDate,
  kQuantity
};

// Something that a stage found at a span of the main text.
struct Finding {
  FindingKind kind = FindingKind::kRow;
  std::string stage;  // folder of the stage
  std::string what;   // what was made of it. Example: `goods ML1`, `action SEIZURE, done`
  std::string
      rule;  // what made it. Example: `goods.tsv “rifle”`, `triggers.tsv “seize” (verb:past)`, `shape of a name`
  uint32_t begin = 0;  // byte offsets into the main text
  uint32_t end = 0;
  uint32_t sentence = 0;
  bool kept = true;  // false: a later rule or a better finding at the same words won
};

struct StageTime {
  std::string stage;
  double microseconds = 0;
};

// A candidate that a learned decision judges, as its training needs it.
struct TracedCandidate {
  int report = -1;       // -1: of the whole text
  std::string decision;  // family: report, place, party, date
  std::string key;       // the value that it would give: a code, a name, a date
  std::vector<std::string> aliases;
  std::string kind;  // of a party
  absl::btree_map<std::string, float> features;
};

struct Trace {
  // Records the candidates too. Every text is then read as if it reported an incident.
  bool wants_candidates = false;
  std::vector<TracedCandidate> candidates;
  std::vector<StageTime> stages;
  std::vector<Finding> findings;                 // by begin
  std::vector<std::vector<uint32_t>> incidents;  // sentences of each report, in the order of the reports
  std::vector<std::string> sentences;            // their text
};

// Takes the time of the stages of one extraction. Does nothing without a trace.
class StageClock {
 public:
  explicit StageClock(Trace* trace) : trace_(trace), since_(std::chrono::steady_clock::now()) {}

  // The named stage ends now; what follows is the next one's.
  void Ended(const char* stage) {
    if (trace_ == nullptr) return;
    const auto now = std::chrono::steady_clock::now();
    trace_->stages.push_back({stage, std::chrono::duration<double, std::micro>(now - since_).count()});
    since_ = now;
  }

 private:
  Trace* const trace_;
  std::chrono::steady_clock::time_point since_;
};

// Fills findings, incidents and sentences from what the stages made of a document.
void RecordFindings(const Reading& reading, Trace* trace);

}  // namespace interdict::pipeline
