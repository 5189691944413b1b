#include "tests/eval/groups/grouping.h"

#include <map>
#include <numeric>
#include <utility>

#include "tests/index/match/match_store.h"

namespace interdict::index::match {
namespace {

// Places one report; returns its group.
std::string Place(const internal::v1::ReportFeatures& features, const std::string& report_id, const GroupIndex& index,
                  MatchStore& store, std::vector<Candidate>* candidates) {
  std::string group_id = report_id;
  store.Change([&](const records::Reader& reader, records::Batch* batch) {
    auto found = index.Find(features, reader);
    if (!found.ok()) return found.status();
    for (const Candidate& candidate : *found) {
      if (candidate.verdict != Verdict::kJoin) continue;
      group_id = candidate.group_id;
      break;
    }
    *candidates = *std::move(found);
    return index.Add(features, group_id, report_id, reader, batch);
  });
  return group_id;
}

}  // namespace

std::vector<size_t> OrderOfPublication(size_t reports) {
  std::vector<size_t> order(reports);
  std::iota(order.begin(), order.end(), 0);
  return order;
}

std::vector<Placed> GroupInOrder(const std::vector<LabelledReport>& reports, const std::vector<size_t>& order,
                                 const GroupIndex& index) {
  MatchStore store;
  std::vector<Placed> placed(reports.size());
  for (const size_t i : order) {
    placed[i].group_id = Place(reports[i].features[0], reports[i].report_ids[0], index, store, &placed[i].candidates);
    std::vector<Candidate> unused;
    for (size_t other = 1; other < reports[i].features.size(); ++other) {
      Place(reports[i].features[other], reports[i].report_ids[other], index, store, &unused);
    }
  }
  return placed;
}

Score BCubed(const std::vector<LabelledReport>& reports, const std::vector<Placed>& placed) {
  Score score;
  const auto count = static_cast<double>(reports.size());
  for (size_t i = 0; i < reports.size(); ++i) {
    double together = 0;
    double here = 0;
    double labelled = 0;
    for (size_t j = 0; j < reports.size(); ++j) {
      const bool same_group = placed[i].group_id == placed[j].group_id;
      const bool same_label = reports[i].group == reports[j].group;
      here += same_group ? 1 : 0;
      labelled += same_label ? 1 : 0;
      together += same_group && same_label ? 1 : 0;
    }
    score.precision += together / here / count;
    score.recall += together / labelled / count;
  }
  score.f1 = 2 * score.precision * score.recall / (score.precision + score.recall);
  return score;
}

double PairAgreement(const std::vector<Placed>& a, const std::vector<Placed>& b) {
  double agree = 0;
  double pairs = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    for (size_t j = 0; j < i; ++j) {
      agree += (a[i].group_id == a[j].group_id) == (b[i].group_id == b[j].group_id) ? 1 : 0;
      ++pairs;
    }
  }
  return pairs == 0 ? 1 : agree / pairs;
}

double PairOverlap(const std::vector<Placed>& a, const std::vector<Placed>& b) {
  double both = 0;
  double either = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    for (size_t j = 0; j < i; ++j) {
      const bool in_a = a[i].group_id == a[j].group_id;
      const bool in_b = b[i].group_id == b[j].group_id;
      both += in_a && in_b ? 1 : 0;
      either += in_a || in_b ? 1 : 0;
    }
  }
  return either == 0 ? 1 : both / either;
}

}  // namespace interdict::index::match
