// Measures the grouping of labelled reports and writes what the pair model is fitted on.
//   group_eval score FOLDER [MODEL]    B-cubed in order of publication, and over 100 random orders
//   group_eval errors FOLDER [MODEL]   what went wrong, report by report: never on a blind set
//   group_eval pairs FOLDER            each pair of reports: label, ids, the numbers of pair_features.h
#include <algorithm>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <random>
#include <string>

#include "absl/strings/str_format.h"
#include "services/index/resolve/match/blocking_keys.h"
#include "tests/eval/groups/grouping.h"
#include "tests/eval/groups/labelled_reports.h"
#include "tests/source_tree.h"

namespace interdict::index::match {
namespace {

constexpr int kOrders = 100;

void PrintScore(const std::string& what, const Score& score) {
  std::cout << absl::StrFormat("%-24s precision %.3f recall %.3f F1 %.3f\n", what, score.precision, score.recall,
                               score.f1);
}

void ScoreFolder(const std::vector<LabelledReport>& reports, const GroupIndex& index) {
  const std::vector<Placed> published = GroupInOrder(reports, OrderOfPublication(reports.size()), index);
  PrintScore("order of publication", BCubed(reports, published));
  std::mt19937 random(20240501);
  Score mean;
  Score least = {1, 1, 1};
  double agreement = 0;
  double overlap = 0;
  for (int i = 0; i < kOrders; ++i) {
    std::vector<size_t> order = OrderOfPublication(reports.size());
    std::shuffle(order.begin(), order.end(), random);
    const std::vector<Placed> placed = GroupInOrder(reports, order, index);
    const Score score = BCubed(reports, placed);
    mean.precision += score.precision / kOrders;
    mean.recall += score.recall / kOrders;
    mean.f1 += score.f1 / kOrders;
    if (score.f1 < least.f1) least = score;
    agreement += PairAgreement(published, placed) / kOrders;
    overlap += PairOverlap(published, placed) / kOrders;
  }
  PrintScore("mean of 100 orders", mean);
  PrintScore("worst of 100 orders", least);
  std::cout << absl::StrFormat(
      "pairs decided as in order of publication %.4f, of those that are together in either %.3f\n", agreement, overlap);
}

std::string Describe(const Candidate& candidate, const std::map<std::string, std::string>& labels) {
  const auto label = labels.find(candidate.nearest_report_id);
  std::string text = absl::StrFormat("%s p %.2f of %d:", label == labels.end() ? "(other)" : label->second,
                                     candidate.probability, candidate.compared);
  for (size_t i = 0; i < candidate.contributions.size() && i < 14; ++i) {
    absl::StrAppendFormat(&text, " %s %+.1f", std::string(candidate.contributions[i].feature),
                          candidate.contributions[i].log_odds);
  }
  return text;
}

void PrintErrors(const std::vector<LabelledReport>& reports, const GroupIndex& index) {
  const std::vector<Placed> placed = GroupInOrder(reports, OrderOfPublication(reports.size()), index);
  std::map<std::string, std::string> labels;                 // report id to group and id
  std::map<std::string, std::map<std::string, int>> groups;  // group id to label to reports
  for (size_t i = 0; i < reports.size(); ++i) {
    labels[reports[i].report_ids[0]] = reports[i].group + "/" + reports[i].id;
    for (size_t other = 1; other < reports[i].report_ids.size(); ++other) {
      labels[reports[i].report_ids[other]] = reports[i].group + "/" + reports[i].id + "#" + std::to_string(other);
    }
  }
  std::map<std::string, std::string> founded;  // label to the group that its first report is in
  for (size_t i = 0; i < reports.size(); ++i) {
    auto& in_group = groups[placed[i].group_id];
    const bool lumped = !in_group.empty() && in_group.count(reports[i].group) == 0;
    const auto [first, is_first] = founded.emplace(reports[i].group, placed[i].group_id);
    const bool apart = !is_first && first->second != placed[i].group_id;
    ++in_group[reports[i].group];
    if (!lumped && !apart) continue;
    std::cout << absl::StrFormat("%s%s %s/%s%s\n", lumped ? "LUMPED" : "", apart ? "APART" : "", reports[i].group,
                                 reports[i].id, reports[i].extracted ? " (extracted)" : "");
    for (size_t c = 0; c < placed[i].candidates.size() && c < 3; ++c) {
      std::cout << "    " << Describe(placed[i].candidates[c], labels) << "\n";
    }
  }
}

bool ShareKey(const internal::v1::ReportFeatures& a, const internal::v1::ReportFeatures& b) {
  std::vector<BlockingKey> keys = BlockingKeysOf(a);
  std::vector<BlockingKey> others = BlockingKeysOf(b);
  std::sort(keys.begin(), keys.end());
  return std::any_of(others.begin(), others.end(),
                     [&](const BlockingKey& key) { return std::binary_search(keys.begin(), keys.end(), key); });
}

void PrintPairs(const std::vector<LabelledReport>& reports) {
  std::cout << "same\tmeet\ta\tb\tgroup_a\tgroup_b";
  for (size_t f = 0; f < kPairFeatures; ++f) std::cout << '\t' << NameOf(static_cast<PairFeature>(f));
  std::cout << '\n';
  for (size_t i = 0; i < reports.size(); ++i) {
    for (size_t j = 0; j < i; ++j) {
      const auto& a = reports[j].features[0];
      const auto& b = reports[i].features[0];
      std::cout << (reports[i].group == reports[j].group) << '\t' << ShareKey(a, b) << '\t' << reports[j].id << '\t'
                << reports[i].id << '\t' << reports[j].group << '\t' << reports[i].group;
      for (const float value : ComparePair(a, b, {})) std::cout << '\t' << value;
      std::cout << '\n';
    }
  }
}

int Run(const std::vector<std::string>& arguments) {
  if (arguments.size() < 2) {
    std::cerr << "usage: group_eval score|errors|pairs FOLDER [MODEL]\n";
    return 2;
  }
  auto reports = ReadLabelledReports(arguments[1], interdict::testing::SourcePath("services/ingest/knowledge"));
  if (!reports.ok()) {
    std::cerr << reports.status().ToString() << "\n";
    return 1;
  }
  PairModel model = PairModel::BuiltIn();
  if (arguments.size() > 2) {
    std::ifstream file(arguments[2]);
    auto parsed = PairModel::Parse(std::string(std::istreambuf_iterator<char>(file), {}));
    if (!parsed.ok()) {
      std::cerr << parsed.status().ToString() << "\n";
      return 1;
    }
    model = *std::move(parsed);
  }
  const GroupIndex index(&model);
  if (arguments[0] == "pairs") {
    PrintPairs(*reports);
  } else if (arguments[0] == "errors") {
    PrintErrors(*reports, index);
  } else {
    ScoreFolder(*reports, index);
  }
  return 0;
}

}  // namespace
}  // namespace interdict::index::match

int main(int argc, char** argv) { return interdict::index::match::Run({argv + 1, argv + argc}); }
