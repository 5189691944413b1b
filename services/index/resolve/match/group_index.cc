#include "services/index/resolve/match/group_index.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "services/index/resolve/match/blocking_keys.h"
#include "services/index/resolve/match/group_fit.h"
#include "services/index/resolve/match/group_rows.h"
#include "services/index/resolve/match/key_lists.h"
#include "services/index/resolve/match/text_sketch.h"

namespace interdict::index::match {
namespace {

using internal::v1::MatchGroup;
using internal::v1::MatchMembers;
using internal::v1::ReportFeatures;

// Once a group has so many representatives, copies of them become none.
constexpr int kFirstRepresentatives = 4;
constexpr double kCopy = 0.8;
// These are never replaced by newer ones: what the group was founded on.
constexpr int kKeptRepresentatives = 8;
// Members among which a new representative is looked for.
constexpr size_t kMaxSuccessors = 64;

std::vector<std::string> RepresentativesOf(const MatchGroup& group) {
  return {group.representatives().begin(), group.representatives().end()};
}

absl::StatusOr<std::vector<ReportFeatures>> LoadAll(const records::Reader& reader,
                                                    const std::vector<std::string>& report_ids) {
  std::vector<ReportFeatures> all;
  for (const std::string& id : report_ids) {
    auto features = LoadFeatures(reader, id);
    if (!features.ok()) return features.status();
    if (!features->has_value()) return absl::DataLossError("a representative has no row: delete the resolver's folder");
    all.push_back(**std::move(features));
  }
  return all;
}

Verdict VerdictOf(double probability, const PairModel& model) {
  if (probability >= model.join()) return Verdict::kJoin;
  return probability >= model.suggest() ? Verdict::kSuggest : Verdict::kApart;
}

Candidate MakeCandidate(std::string_view group_id, const std::vector<PairFeatures>& pairs,
                        const std::vector<std::string>& report_ids, const PairModel& model) {
  GroupFit fit = FitGroup(pairs, model);
  Candidate candidate;
  candidate.group_id = std::string(group_id);
  candidate.log_odds = fit.log_odds;
  candidate.probability = Probability(fit.log_odds);
  candidate.verdict = VerdictOf(candidate.probability, model);
  candidate.nearest_report_id = report_ids[fit.nearest];
  candidate.compared = static_cast<int>(pairs.size());
  candidate.contributions = std::move(fit.contributions);
  return candidate;
}

absl::StatusOr<bool> HasDocument(std::string_view group_id, const ReportFeatures& features,
                                 const records::Reader& reader) {
  if (features.document_id().empty()) return false;
  auto members = LoadMembers(reader, MemberKey(group_id, features, ""));
  if (!members.ok()) return members.status();
  return members->reports_size() > 0;
}

// Whether a report says nothing that a representative's text does not say already.
absl::StatusOr<bool> IsCopy(const ReportFeatures& features, const MatchGroup& group, const records::Reader& reader) {
  if (group.representatives_size() < kFirstRepresentatives) return false;
  auto others = LoadAll(reader, RepresentativesOf(group));
  if (!others.ok()) return others.status();
  return std::any_of(others->begin(), others->end(), [&](const ReportFeatures& other) {
    return SameText(features.text_sketch(), features.text_shingles(), other.text_sketch(), other.text_shingles()) >=
           kCopy;
  });
}

void SaveGroup(const MatchGroup& group, std::string_view group_id, records::Batch* batch) {
  if (group.reports() == 0) {
    batch->Delete(kGroupsFamily, group_id);
  } else {
    batch->Put(kGroupsFamily, group_id, group.SerializeAsString());
  }
}

absl::Status CountGroups(int64_t change, const records::Reader& reader, records::Batch* batch) {
  auto groups = LoadGroupCount(reader);
  if (!groups.ok()) return groups.status();
  PutGroupCount(change < 0 && *groups == 0 ? 0 : *groups + static_cast<uint64_t>(change), batch);
  return absl::OkStatus();
}

// Fills the place of a representative that left.
absl::Status FindSuccessor(std::string_view group_id, const std::string& leaving, const records::Reader& reader,
                           MatchGroup* group) {
  if (group->reports() <= static_cast<uint64_t>(group->representatives_size())) return absl::OkStatus();
  auto members = ListReports(reader, group_id, kMaxSuccessors);
  if (!members.ok()) return members.status();
  const auto& there = group->representatives();
  for (const std::string& member : *members) {
    if (member == leaving || std::find(there.begin(), there.end(), member) != there.end()) continue;
    group->add_representatives(member);
    return absl::OkStatus();
  }
  return absl::OkStatus();
}

}  // namespace

std::vector<std::string> GroupIndex::Families() {
  return {std::string(kReportsFamily), std::string(kGroupsFamily), std::string(kMembersFamily),
          std::string(kKeysFamily)};
}

absl::StatusOr<std::vector<Candidate>> GroupIndex::Find(const ReportFeatures& features,
                                                        const records::Reader& reader) const {
  auto found = FindByKeys(BlockingKeysOf(features), reader, kMaxCandidates);
  if (!found.ok()) return found.status();
  std::vector<Candidate> candidates;
  size_t comparisons = 0;
  for (const std::string& group_id : found->group_ids) {
    auto group = LoadGroup(reader, group_id);
    if (!group.ok()) return group.status();
    if (group->representatives_size() == 0) continue;
    std::vector<std::string> report_ids = RepresentativesOf(*group);
    comparisons += report_ids.size();
    if (comparisons > kMaxComparisons && !candidates.empty()) break;
    auto others = LoadAll(reader, report_ids);
    if (!others.ok()) return others.status();
    std::vector<PairFeatures> pairs;
    for (const ReportFeatures& other : *others) pairs.push_back(ComparePair(features, other, found->rarity));
    Candidate candidate = MakeCandidate(group_id, pairs, report_ids, *model_);
    auto same_document = HasDocument(group_id, features, reader);
    if (!same_document.ok()) return same_document.status();
    if (*same_document) candidate.verdict = Verdict::kSameDocument;
    candidates.push_back(std::move(candidate));
  }
  std::sort(candidates.begin(), candidates.end(), [](const Candidate& a, const Candidate& b) {
    return a.log_odds != b.log_odds ? a.log_odds > b.log_odds : a.group_id < b.group_id;
  });
  return candidates;
}

absl::StatusOr<Candidate> GroupIndex::Compare(const ReportFeatures& features, std::string_view report_id,
                                              std::string_view group_id, const records::Reader& reader) const {
  auto group = LoadGroup(reader, group_id);
  if (!group.ok()) return group.status();
  std::vector<std::string> report_ids = RepresentativesOf(*group);
  report_ids.erase(std::remove(report_ids.begin(), report_ids.end(), report_id), report_ids.end());
  if (report_ids.empty()) return absl::NotFoundError("no other report in the group");
  auto others = LoadAll(reader, report_ids);
  if (!others.ok()) return others.status();
  auto found = FindByKeys(BlockingKeysOf(features), reader, 0);
  if (!found.ok()) return found.status();
  std::vector<PairFeatures> pairs;
  for (const ReportFeatures& other : *others) pairs.push_back(ComparePair(features, other, found->rarity));
  Candidate candidate = MakeCandidate(group_id, pairs, report_ids, *model_);
  const std::string member_key = MemberKey(group_id, features, report_id);
  auto members = LoadMembers(reader, member_key);
  if (!members.ok()) return members.status();
  const bool another = std::any_of(members->reports().begin(), members->reports().end(),
                                   [&](const std::string& member) { return member != report_id; });
  if (another) candidate.verdict = Verdict::kSameDocument;
  return candidate;
}

absl::StatusOr<Candidate> GroupIndex::CompareGroups(std::string_view a, std::string_view b,
                                                    const records::Reader& reader) const {
  auto first = LoadGroup(reader, a);
  if (!first.ok()) return first.status();
  if (first->representatives_size() == 0) return absl::NotFoundError("the first group has no reports");
  auto reports = LoadAll(reader, RepresentativesOf(*first));
  if (!reports.ok()) return reports.status();
  std::optional<Candidate> whole;
  std::vector<Candidate> fits;
  for (size_t i = 0; i < reports->size(); ++i) {
    auto fit = Compare((*reports)[i], first->representatives(static_cast<int>(i)), b, reader);
    if (!fit.ok()) return fit.status();
    fits.push_back(*std::move(fit));
  }
  // Each report of one must fit the whole of the other: the best counts half, the mean of all the other half.
  const auto best = std::max_element(fits.begin(), fits.end(),
                                     [](const Candidate& x, const Candidate& y) { return x.log_odds < y.log_odds; });
  double mean = 0;
  for (const Candidate& fit : fits) mean += fit.log_odds / static_cast<double>(fits.size());
  Candidate result = *best;
  const double all = (mean - best->log_odds) / 2;
  if (all != 0) result.contributions.push_back({"other_reports", 1, all});
  result.log_odds = best->log_odds + all;
  result.probability = Probability(result.log_odds);
  result.verdict = VerdictOf(result.probability, *model_);
  const bool same_document =
      std::any_of(fits.begin(), fits.end(), [](const Candidate& fit) { return fit.verdict == Verdict::kSameDocument; });
  if (same_document) result.verdict = Verdict::kSameDocument;
  return result;
}

absl::Status GroupIndex::Add(const ReportFeatures& features, std::string_view group_id, std::string_view report_id,
                             const records::Reader& reader, records::Batch* batch) const {
  const std::string member_key = MemberKey(group_id, features, report_id);
  auto members = LoadMembers(reader, member_key);
  if (!members.ok()) return members.status();
  auto* reports = members->mutable_reports();
  if (std::find(reports->begin(), reports->end(), report_id) != reports->end()) return absl::OkStatus();
  auto group = LoadGroup(reader, group_id);
  if (!group.ok()) return group.status();
  auto copy = IsCopy(features, *group, reader);
  if (!copy.ok()) return copy.status();
  absl::Status status = AddToKeys(BlockingKeysOf(features), group_id, reader, batch);
  if (status.ok() && group->reports() == 0) status = CountGroups(1, reader, batch);
  if (!status.ok()) return status;
  group->set_reports(group->reports() + 1);
  if (!*copy) {
    if (group->representatives_size() == kMaxRepresentatives) {
      group->mutable_representatives()->DeleteSubrange(kKeptRepresentatives, 1);
    }
    group->add_representatives(std::string(report_id));
  }
  SaveGroup(*group, group_id, batch);
  members->add_reports(std::string(report_id));
  std::sort(members->mutable_reports()->begin(), members->mutable_reports()->end());
  batch->Put(kMembersFamily, member_key, members->SerializeAsString());
  batch->Put(kReportsFamily, report_id, features.SerializeAsString());
  return absl::OkStatus();
}

absl::Status GroupIndex::Remove(std::string_view report_id, std::string_view group_id, const records::Reader& reader,
                                records::Batch* batch) const {
  auto features = LoadFeatures(reader, report_id);
  if (!features.ok()) return features.status();
  if (!features->has_value()) return absl::OkStatus();
  const std::string member_key = MemberKey(group_id, **features, report_id);
  auto members = LoadMembers(reader, member_key);
  if (!members.ok()) return members.status();
  auto* reports = members->mutable_reports();
  const auto member = std::find(reports->begin(), reports->end(), report_id);
  if (member == reports->end()) return absl::OkStatus();
  reports->erase(member);
  auto group = LoadGroup(reader, group_id);
  if (!group.ok()) return group.status();
  absl::Status status = RemoveFromKeys(BlockingKeysOf(**features), group_id, reader, batch);
  if (!status.ok()) return status;
  group->set_reports(group->reports() - std::min<uint64_t>(group->reports(), 1));
  auto* representatives = group->mutable_representatives();
  const auto representative = std::find(representatives->begin(), representatives->end(), report_id);
  if (representative != representatives->end()) {
    representatives->erase(representative);
    status = FindSuccessor(group_id, std::string(report_id), reader, &*group);
  }
  if (status.ok() && group->reports() == 0) status = CountGroups(-1, reader, batch);
  if (!status.ok()) return status;
  SaveGroup(*group, group_id, batch);
  if (reports->empty()) {
    batch->Delete(kMembersFamily, member_key);
  } else {
    batch->Put(kMembersFamily, member_key, members->SerializeAsString());
  }
  batch->Delete(kReportsFamily, report_id);
  return absl::OkStatus();
}

absl::StatusOr<JoinProgress> GroupIndex::Join(std::string_view from, std::string_view into,
                                              const records::Reader& reader, records::Batch* batch) const {
  if (from == into) return absl::InvalidArgumentError("a group cannot be joined with itself");
  auto group = LoadGroup(reader, from);
  if (!group.ok()) return group.status();
  auto reports = ListReports(reader, from, kMaxJoinedReports);
  if (!reports.ok()) return reports.status();
  JoinProgress progress;
  for (const std::string& report : *reports) {
    auto features = LoadFeatures(reader, report);
    if (!features.ok()) return features.status();
    if (!features->has_value()) return absl::DataLossError("a member has no row: delete the resolver's folder");
    absl::Status status = Remove(report, from, reader, batch);
    if (status.ok()) status = Add(**features, into, report, reader, batch);
    if (!status.ok()) return status;
    ++progress.moved;
  }
  progress.left = group->reports() - std::min<uint64_t>(group->reports(), progress.moved);
  return progress;
}

}  // namespace interdict::index::match
