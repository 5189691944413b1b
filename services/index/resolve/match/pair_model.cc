#include "services/index/resolve/match/pair_model.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "services/index/resolve/match/embedded_files.h"

namespace interdict::index::match {

const PairModel& PairModel::BuiltIn() {
  static const PairModel* const kModel = [] {
    auto parsed = Parse(EmbeddedFile("model.tsv"));
    // A test parses the file, so that a build with a bad one does not pass.
    if (!parsed.ok()) std::abort();
    return new PairModel(*std::move(parsed));
  }();
  return *kModel;
}

absl::StatusOr<PairModel> PairModel::Parse(std::string_view tsv) {
  std::map<std::string, double, std::less<>> numbers;
  for (const std::string& line : std::vector<std::string>(absl::StrSplit(std::string(tsv), '\n'))) {
    if (line.empty() || line[0] == '#') continue;
    const std::pair<std::string, std::string> row = absl::StrSplit(line, absl::MaxSplits('\t', 1));
    double number = 0;
    if (!absl::SimpleAtod(row.second, &number) || !std::isfinite(number)) {
      return absl::InvalidArgumentError(absl::StrCat("model.tsv: no number in the row `", line, "`"));
    }
    if (!numbers.emplace(row.first, number).second) {
      return absl::InvalidArgumentError(absl::StrCat("model.tsv: two rows for ", row.first));
    }
  }
  PairModel model;
  std::string missing;
  const auto take = [&](std::string_view name, double& into) {
    const auto found = numbers.find(name);
    if (found == numbers.end()) {
      absl::StrAppend(&missing, " ", std::string(name));
      return;
    }
    into = found->second;
    numbers.erase(found);
  };
  for (size_t i = 0; i < kPairFeatures; ++i) take(NameOf(static_cast<PairFeature>(i)), model.weights_[i]);
  take("bias", model.bias_);
  take("join", model.join_);
  take("suggest", model.suggest_);
  if (!missing.empty()) return absl::InvalidArgumentError(absl::StrCat("model.tsv: rows missing:", missing));
  if (!numbers.empty()) {
    return absl::InvalidArgumentError(absl::StrCat("model.tsv: unknown row ", numbers.begin()->first));
  }
  if (!(model.suggest_ > 0 && model.suggest_ <= model.join_ && model.join_ < 1)) {
    return absl::InvalidArgumentError("model.tsv: thresholds must be 0 < suggest <= join < 1");
  }
  return model;
}

double PairModel::LogOdds(const PairFeatures& features) const {
  double sum = bias_;
  for (size_t i = 0; i < kPairFeatures; ++i) sum += weights_[i] * static_cast<double>(features[i]);
  return sum;
}

std::vector<Contribution> PairModel::Contributions(const PairFeatures& features) const {
  std::vector<Contribution> contributions = {{"bias", 1, bias_}};
  for (size_t i = 0; i < kPairFeatures; ++i) {
    if (features[i] == 0) continue;
    const auto value = static_cast<double>(features[i]);
    contributions.push_back({NameOf(static_cast<PairFeature>(i)), value, value * weights_[i]});
  }
  std::stable_sort(contributions.begin(), contributions.end(), [](const Contribution& a, const Contribution& b) {
    return std::abs(a.log_odds) > std::abs(b.log_odds);
  });
  return contributions;
}

double Probability(double log_odds) { return 1 / (1 + std::exp(-log_odds)); }

}  // namespace interdict::index::match
