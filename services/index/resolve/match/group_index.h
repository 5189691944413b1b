// Finds the group of reports that a report belongs to, by score alone: looks up its blocking keys, compares it with the
// reports that stand for each group found, and says how well it fits the whole of each. Knows nothing of logs,
// incidents and judgements; its rows live in the caller's store (group_rows.h) and change in the caller's batches.
//
// Work per report is bounded, however many groups there are and however many reports a group has: kMaxBlockingKeys rows
// are read, each lists at most kMaxListedGroups groups, kMaxCandidates groups are compared, each by at most
// kMaxRepresentatives reports and all together by kMaxComparisons.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "interdict/internal/v1/resolution.pb.h"
#include "services/index/resolve/match/pair_model.h"
#include "storage/records/store.h"

namespace interdict::index::match {

inline constexpr int kMaxRepresentatives = 16;
inline constexpr size_t kMaxListedGroups = 64;      // of one key: those that got it last
inline constexpr uint64_t kTooCommonGroups = 1000;  // a key of so many groups lists none any more
inline constexpr size_t kMaxCandidates = 16;
inline constexpr size_t kMaxComparisons = 96;
inline constexpr size_t kMaxJoinedReports = 256;

enum class Verdict {
  kJoin,          // the report belongs to the group
  kSuggest,       // an analyst should look at it
  kApart,         // compared, and not the same
  kSameDocument,  // the group has a report of the same document already: never joined, whatever the score
};

// A group that a report was compared with.
struct Candidate {
  std::string group_id;  // raw
  Verdict verdict = Verdict::kApart;
  double probability = 0;  // that the report belongs to the group
  double log_odds = 0;
  std::string nearest_report_id;            // raw; of those it was compared with, the one that it is most like
  int compared = 0;                         // how many
  std::vector<Contribution> contributions;  // sum to log_odds
};

// How far a join came.
struct JoinProgress {
  size_t moved = 0;
  uint64_t left = 0;  // reports that still are in the group joined: call again
};

// Immutable; thread-safe as far as reader and batch are. In all methods ids are raw (16 bytes), `reader` must see what
// `batch` holds already (records::OverlayReader), and errors are those of the reader: DATA_LOSS.
class GroupIndex {
 public:
  // The model must outlive the index.
  explicit GroupIndex(const PairModel* model = &PairModel::BuiltIn()) : model_(model) {}

  // The column families that the store must have.
  static std::vector<std::string> Families();

  // The groups that share a key with the report, the most likely first, those of kSameDocument at their place. At most
  // kMaxCandidates.
  absl::StatusOr<std::vector<Candidate>> Find(const internal::v1::ReportFeatures& features,
                                              const records::Reader& reader) const;

  // How well a report fits one group, for explanations. `report_id` itself, if it is in the group, does not count.
  // NOT_FOUND: no such group, or no other report in it.
  absl::StatusOr<Candidate> Compare(const internal::v1::ReportFeatures& features, std::string_view report_id,
                                    std::string_view group_id, const records::Reader& reader) const;

  // How well two groups fit each other: each by its representatives, as reports by reports. kSameDocument where they
  // have a document in common. NOT_FOUND: one of them has no reports.
  absl::StatusOr<Candidate> CompareGroups(std::string_view a, std::string_view b, const records::Reader& reader) const;

  // Puts a report into a group, which begins to exist with it. A report that is in it already changes nothing.
  absl::Status Add(const internal::v1::ReportFeatures& features, std::string_view group_id, std::string_view report_id,
                   const records::Reader& reader, records::Batch* batch) const;

  // Takes a report out of a group, which ends with its last. One that is not in it changes nothing.
  absl::Status Remove(std::string_view report_id, std::string_view group_id, const records::Reader& reader,
                      records::Batch* batch) const;

  // Moves reports of `from` into `into`, at most kMaxJoinedReports a call. INVALID_ARGUMENT if both are the same.
  absl::StatusOr<JoinProgress> Join(std::string_view from, std::string_view into, const records::Reader& reader,
                                    records::Batch* batch) const;

 private:
  const PairModel* model_;
};

}  // namespace interdict::index::match
