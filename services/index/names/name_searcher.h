// Finds the entities whose names, or identifiers, are like those asked for, best first, with the reasons. Screening is
// Match for each name of a list, from as many threads as there are cores.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "services/index/names/identifier.h"
#include "services/index/names/name_score.h"
#include "services/index/names/normalised_name.h"
#include "storage/records/store.h"

namespace interdict::names {

struct NameQuery {
  std::string name;  // any string; may be empty where there is an identifier
  NameKind kind = NameKind::kUnknown;
  std::vector<Identifier> identifiers;
};

struct MatchOptions {
  size_t limit = 10;            // hits at most; 0 and more than kMaxHits count as kMaxHits
  double threshold = 0;         // hits with a lower score are left out
  std::vector<NameKind> kinds;  // only entities of these kinds; empty: all
  bool explain = true;          // fill NameHit::parts
  size_t candidates = 0;        // names that are scored; 0: 64, or four times the limit if that is more
  bool exhaustive = false;      // score every name of the index: to measure what candidates miss; slow
};
inline constexpr size_t kMaxHits = 1000;
inline constexpr size_t kMaxCandidates = 4000;

enum class IdentifierVerdict : uint8_t { kSame, kDifferent };

struct IdentifierPart {
  IdentifierVerdict verdict = IdentifierVerdict::kSame;
  IdentifierType type = IdentifierType::kOther;
  std::string query;
  std::string candidate;
};

// One entity, by the best of its names.
struct NameHit {
  uint64_t number = 0;
  NameKind kind = NameKind::kUnknown;
  std::string name;       // the name that matched best, as it was put
  double score = 0;       // below 1.0, see below
  double name_score = 0;  // of the name alone: 0 to kMaxNameScore
  std::vector<MatchedPart> parts;
  std::vector<IdentifierPart> identifiers;  // those that both sides have a value for
  // The identifier says same and the name says no, or an identifier of the same type differs: a case for a person.
  bool contradiction = false;
};
// How `score` is made: without identifiers to compare, name_score. A same identifier and a name that agrees (name_score
// of at least kNamesAgree, or no name asked for): kMaxNameScore to kMaxScore. A same identifier and another name:
// flagged, 0.5 to 0.8. A different identifier of a type that an entity has but one of (all but MMSI, call sign and
// kOther): flagged, at most kContradictedScore.
inline constexpr double kNamesAgree = 0.6;
inline constexpr double kMaxScore = 0.99;
inline constexpr double kContradictedScore = 0.6;

struct NameMatches {
  std::vector<NameHit> hits;  // best first; equal scores by ascending number
  NormalisedName query;       // what was understood
  uint64_t names_in_index = 0;
  uint64_t names_scored = 0;
};

// All names of one entity; see name_index_writer.h.
struct NameEntry;

// The hit that `entry` is for a query, found without an index: every word counts the same, for nothing tells which are
// rare. `asked` is the query's name, normalised. Pure; thread-safe.
NameHit ScoreEntry(const NameQuery& query, const NormalisedName& asked, const NameEntry& entry);

// Thread-safe. Keeps working memory only (2 bytes a form number for each call at work, reused), no state of the index:
// all of that comes from the reader, so an answer is of exactly that snapshot.
class NameSearcher {
 public:
  NameSearcher();
  ~NameSearcher();
  NameSearcher(const NameSearcher&) = delete;
  NameSearcher& operator=(const NameSearcher&) = delete;

  // INVALID_ARGUMENT: neither a name nor an identifier. DATA_LOSS: the index cannot be read. No hits is an answer.
  absl::StatusOr<NameMatches> Match(const records::Reader& reader, const NameQuery& query,
                                    const MatchOptions& options) const;

 private:
  class Workspaces;
  std::unique_ptr<Workspaces> workspaces_;
};

}  // namespace interdict::names
