#include "services/index/resolve/match_reports.h"

#include "absl/strings/str_cat.h"
#include "services/index/resolve/match/features.h"
#include "services/index/resolve/match/pair_features.h"
#include "services/index/resolve/view_rows.h"
#include "storage/records/keys.h"

namespace interdict::index {
namespace {

using internal::v1::Reason;
using internal::v1::ReportFeatures;
using match::Candidate;

constexpr size_t kMaxReasonFeatures = 8;  // the largest
constexpr size_t kMaxNearMisses = 3;      // that a decision tells of

absl::StatusOr<ReportFeatures> Parse(const std::string& features) {
  ReportFeatures parsed;
  if (parsed.ParseFromString(features)) return parsed;
  return absl::DataLossError("features of a report are not readable: delete the resolver's folder");
}

Reason MakeReason(const std::string& code, const std::string& detail, const Candidate& candidate) {
  Reason reason;
  reason.set_code(code);
  reason.set_detail(detail);
  reason.set_score(candidate.probability);
  for (const match::Contribution& part : candidate.contributions) {
    if (static_cast<size_t>(reason.features_size()) >= kMaxReasonFeatures) break;
    v1::MatchFeature* feature = reason.add_features();
    feature->set_name(std::string(part.feature));
    feature->set_value(part.value);
    feature->set_contribution(part.log_odds);
  }
  return reason;
}

// A candidate that the report does not join, as a reason that names its incident.
Reason NearMiss(const Candidate& candidate) {
  const bool same_document = candidate.verdict == match::Verdict::kSameDocument;
  Reason reason = MakeReason("NEAR_MISS",
                             same_document ? "another report of the same document is in it"
                                           : absl::StrCat("compared with ", candidate.compared, " of its reports"),
                             candidate);
  reason.set_incident_id(records::HexFromId(candidate.group_id));
  return reason;
}

}  // namespace

std::string MatchReports::Features(const v1::Report& report, const v1::Source& source, const std::string& text) const {
  return match::FeaturesOf(report, source, text).SerializeAsString();
}

absl::StatusOr<Verdict> MatchReports::Decide(const std::string& features, const records::Reader& view) const {
  auto parsed = Parse(features);
  if (!parsed.ok()) return parsed.status();
  auto candidates = index_.Find(*parsed, view);
  if (!candidates.ok()) return candidates.status();
  Verdict verdict;
  std::vector<Reason> near_misses;
  for (const Candidate& candidate : *candidates) {
    const std::string group_id = records::HexFromId(candidate.group_id);
    const bool joins = candidate.verdict == match::Verdict::kJoin;
    if (joins && verdict.group_id.empty()) {
      verdict.group_id = group_id;
      verdict.reasons.push_back(
          MakeReason("MATCHES_INCIDENT", absl::StrCat("the best of ", candidates->size(), " candidates"), candidate));
      continue;
    }
    if (joins) {
      // The report belongs to both: are they one, each as a whole?
      auto whole = index_.CompareGroups(candidate.group_id, view::RawId(verdict.group_id), view);
      if (!whole.ok() && !absl::IsNotFound(whole.status())) return whole.status();
      if (whole.ok() && whole->verdict == match::Verdict::kJoin) {
        verdict.same_groups.push_back(group_id);
        continue;
      }
    }
    const bool alike = joins || candidate.verdict == match::Verdict::kSuggest;
    if (alike) verdict.alike.push_back({group_id, candidate.probability, NearMiss(candidate)});
    if (near_misses.size() < kMaxNearMisses) near_misses.push_back(NearMiss(candidate));
  }
  if (verdict.group_id.empty()) {
    Reason& first = verdict.reasons.emplace_back();
    first.set_code("FIRST_REPORT");
    first.set_detail(absl::StrCat("none of ", candidates->size(), " candidates is the same"));
    first.set_score(1);
  }
  verdict.reasons.insert(verdict.reasons.end(), near_misses.begin(), near_misses.end());
  return verdict;
}

double MatchReports::Alike(const std::string& features, const std::string& other_features) const {
  auto one = Parse(features);
  auto other = Parse(other_features);
  if (!one.ok() || !other.ok()) return 0;
  return match::Probability(match::PairModel::BuiltIn().LogOdds(match::ComparePair(*one, *other, match::Rarity())));
}

absl::Status MatchReports::Add(const std::string& features, const std::string& group_id, const std::string& line_id,
                               const records::Reader& view, records::Batch* batch) const {
  auto parsed = Parse(features);
  if (!parsed.ok()) return parsed.status();
  return index_.Add(*parsed, view::RawId(group_id), view::RawId(line_id), view, batch);
}

absl::Status MatchReports::Remove(const std::string& /*features*/, const std::string& group_id,
                                  const std::string& line_id, const records::Reader& view,
                                  records::Batch* batch) const {
  return index_.Remove(view::RawId(line_id), view::RawId(group_id), view, batch);
}

absl::Status MatchReports::Join(const std::string& group_id, const std::string& into_group_id,
                                const records::Reader& view, records::Batch* batch) const {
  while (true) {
    auto progress = index_.Join(view::RawId(group_id), view::RawId(into_group_id), view, batch);
    if (!progress.ok()) return progress.status();
    if (progress->left == 0 || progress->moved == 0) return absl::OkStatus();
  }
}

}  // namespace interdict::index
