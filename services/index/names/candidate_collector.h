// Finds the forms that share most with a query: adds up the weights of shared terms, rare terms first, and keeps the
// best. What it finds is only a choice of what to score.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "services/index/names/name_terms.h"
#include "services/index/names/name_view.h"
#include "services/index/names/posting_chunk.h"
#include "storage/records/store.h"

namespace interdict::names {

// Working memory of one call at a time; all zeros between calls.
struct CandidateWorkspace {
  std::vector<int16_t> sums;  // of each form number
};

struct Candidates {
  std::vector<uint32_t> forms;  // best first, then abbreviations
  size_t by_sum = 0;            // how many are there because of what they share
  std::vector<double> rarity;   // of each token of the query, 0 to 1
};

// One use for one query. Not thread-safe.
class CandidateCollector {
 public:
  // `next_form`: above all form numbers; `forms`: how many there are.
  CandidateCollector(const records::Reader& reader, uint32_t next_form, uint32_t forms, CandidateWorkspace* workspace);

  // DATA_LOSS: postings cannot be read.
  absl::StatusOr<Candidates> Collect(const NameView& query, NameKind kind, size_t limit);

 private:
  struct Term {
    QueryTerm term;
    std::string head;    // bytes of the HeadView
    uint32_t forms = 0;  // that hold it
    double weight = 0;
  };

  absl::Status ReadHeads(const NameView& query, NameKind kind);
  void Weigh(const NameView& query);
  std::vector<double> Rarity(const NameView& query) const;
  absl::Status AddUp();
  absl::Status AddUp(const Term& term);
  std::vector<uint32_t> Best(size_t limit);
  absl::Status AddAbbreviations(std::vector<uint32_t>* forms);

  const records::Reader& reader_;
  const uint32_t next_form_;
  const uint32_t forms_;
  CandidateWorkspace* workspace_;
  std::vector<Term> terms_;          // that add up, those of fewest forms first
  std::vector<Term> abbreviations_;  // that are candidates by themselves
  double all_weight_ = 0;
  std::array<float, 256> shares_;  // of a name of each size: what a weight of 1 adds to its sum
  std::unique_ptr<records::Cursor> cursor_;
};

// All forms of a term, at most `limit`, newest chunk first.
absl::StatusOr<std::vector<uint32_t>> FormsOfTerm(const records::Reader& reader, std::string_view term, size_t limit);

}  // namespace interdict::names
