// Groups labelled reports as the resolver does, one after the other, and measures how well.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "services/index/resolve/match/group_index.h"
#include "tests/eval/groups/labelled_reports.h"

namespace interdict::index::match {

// A report that went elsewhere than its label says, or the pair that was only suggested.
struct Placed {
  std::string group_id;               // of the labelled report
  std::vector<Candidate> candidates;  // as it was found
};

// In the given order; the result is by index of `reports`.
std::vector<Placed> GroupInOrder(const std::vector<LabelledReport>& reports, const std::vector<size_t>& order,
                                 const GroupIndex& index);

std::vector<size_t> OrderOfPublication(size_t reports);

struct Score {
  double precision = 0;
  double recall = 0;
  double f1 = 0;
};

// B-cubed: for each report, the share of its group that belongs there, and the share of its label that is there.
Score BCubed(const std::vector<LabelledReport>& reports, const std::vector<Placed>& placed);

// Share of pairs of reports that are together in both or apart in both.
double PairAgreement(const std::vector<Placed>& a, const std::vector<Placed>& b);
// Of the pairs that are together in either, the share that is so in both.
double PairOverlap(const std::vector<Placed>& a, const std::vector<Placed>& b);

}  // namespace interdict::index::match
