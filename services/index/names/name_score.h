// How alike two names are, and why: tokens of the one are paired with those of the other in any order, and each pair,
// and each token left over, becomes a line of the explanation. The same function scores a candidate of the index and a
// pair of the resolver.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "services/index/names/normalised_name.h"

namespace interdict::names {

// No two names are the same for certain: names alone never score more than this. 1.0 is for a layer above, which
// knows a second identifier.
inline constexpr double kMaxNameScore = 0.95;

enum class PartMatch : uint8_t {
  kExact,            // the same letters
  kEquivalent,       // two forms of one name by the table: Yusuf, Joseph
  kTransliteration,  // two spellings of one sound: Khaled, Halid; or equal consonants where a script leaves vowels out
  kEdit,             // a few letters differ
  kInitial,          // `V.` for Vladimir
  kJoined,           // one token of the one name is two or more of the other: Jin Ping, Jinping
  kAcronym,          // KOMID for Korea Mining Development
  kCompanyForm,      // LLC and OOO: both limited; or forms that differ (similarity 0)
  kMissing,          // in the query, not in the candidate
  kExtra,            // in the candidate, not in the query
};

struct MatchedPart {
  PartMatch how = PartMatch::kExact;
  std::string query;      // the token or tokens, as `NameToken::text`; empty for kExtra
  std::string candidate;  // empty for kMissing
  double similarity = 0;  // 0 to 1
  double weight = 0;      // its share of the whole: all weights sum to 1
};

struct NameScore {
  double score = 0;                // kMaxNameScore times the sum of similarity times weight, less what doubts take
  std::vector<MatchedPart> parts;  // empty unless asked for
};

// How much a token of the query tells, 0 to 1: rare ones tell more. Called with its place in `query.tokens`.
using Rarity = std::function<double(size_t)>;

// Scores from 0 to kMaxNameScore; 0 where one of the names has no tokens. Symmetric but for `rarity`, and independent
// of the order of words. Pure; thread-safe; a few microseconds for usual names, bounded by kMaxTokens.
NameScore ScoreNames(const NormalisedName& query, const NormalisedName& candidate, const Rarity& rarity = nullptr,
                     bool explain = false);

// Words for `how`: `exact`, `equivalent`, … for explanations to people and for the contract.
std::string_view PartMatchName(PartMatch how);

}  // namespace interdict::names
