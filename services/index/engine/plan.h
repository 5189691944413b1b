// A query made ready for one snapshot: prefixes and fuzzy words expanded, every term's posting lists found in every
// segment, counted and priced, limits checked. What runs on a segment is made from it.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "services/index/engine/index_schema.h"
#include "services/index/engine/query.h"
#include "services/index/engine/segment.h"

namespace interdict::index {

// Segments of one collection in one state, with the statistics of all. Immutable, thread-safe.
struct CollectionView {
  const IndexSchema* schema = nullptr;
  std::vector<SegmentView> segments;
  uint64_t documents = 0;
  std::array<uint64_t, 32> lengths{};  // by text field, of the living
};

// A term of one slot with its list in each segment.
struct PlannedTerm {
  Slot slot = 0;
  std::string term;
  std::vector<std::optional<records::PinnedValue>> lists;  // by segment
  uint64_t documents = 0;                                  // living
  uint64_t postings = 0;                                   // with removed ones
};

struct PlannedNode {
  using Kind = QueryNode::Kind;
  Kind kind = Kind::kAll;  // kTerm: one slot; no kPrefix, kFuzzy: they have become kOr
  const QueryNode* source = nullptr;
  std::vector<PlannedNode> children;
  size_t term = 0;      // kTerm: of Plan::terms
  float boost = 1.0F;   // kTerm, kPhrase, kNear
  uint32_t offset = 0;  // child of a phrase
};

// Refers to the query, which must outlive it.
struct Plan {
  std::vector<PlannedTerm> terms;
  PlannedNode text;
  PlannedNode filter;
  uint64_t postings = 0;
  const std::function<absl::Status()>* check = nullptr;  // the query's; what it points to may be empty
};

absl::StatusOr<Plan> MakePlan(const CollectionView& view, const Query& query);

// The terms of the dictionary that a kPrefix or kFuzzy clause may mean, with their documents; edits is 0 for a prefix.
struct ExpandedTerm {
  std::string term;
  uint64_t documents = 0;
  uint32_t edits = 0;
};
absl::StatusOr<std::vector<ExpandedTerm>> ExpandPrefix(const CollectionView& view, Slot slot, const std::string& prefix,
                                                       size_t limit, bool* more);
absl::StatusOr<std::vector<ExpandedTerm>> ExpandFuzzy(const CollectionView& view, Slot slot, const std::string& word,
                                                      uint32_t max_edits, uint32_t prefix_length, size_t limit,
                                                      bool* more);

// Edits (insert, delete, replace, swap neighbours) that make one of the other, in code points; more than `limit`:
// limit + 1.
uint32_t EditDistance(const std::u32string& a, const std::u32string& b, uint32_t limit);
std::u32string CodePoints(std::string_view utf8);

}  // namespace interdict::index
