// What the index engine can be asked, and what it answers: a typed tree of text and filter clauses, order, cursor,
// facets and counting. Parsers make it, the engine runs it; nothing here knows the syntax that a user typed.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"

namespace interdict::index {

// Bit i: the text field whose id is i (index_schema.h).
using FieldMask = uint32_t;
inline constexpr FieldMask kAllTextFields = ~FieldMask{0};

// One clause. Which members count depends on `kind`; the functions below fill them. Text clauses add to the score
// wherever they stand in `Query::text` except under kNot; filter clauses match or not, and never score.
struct QueryNode {
  enum class Kind {
    // Structure. A kNot has one child and matches what the child does not; a document without a value is among it.
    kAll,   // every document
    kNone,  // no document
    kAnd,   // no children: every document
    kOr,    // no children: no document
    kNot,
    // Text.
    kTerm,    // `text` in one of `fields`
    kPhrase,  // children (kTerm) at the positions first + their `offset`, all in one field
    kNear,    // children (kTerm or kPhrase) in one field, each at its own place, in any order; the first words of the
              // leftmost and the rightmost lie at most `distance` positions apart
    kPrefix,  // any term that begins with `text`
    kFuzzy,   // any term within `max_edits` of `text` that shares its first `prefix_length` characters
    // Filters.
    kKeyword,        // one of `values` among the document's values of keyword field `field`
    kKeywordPrefix,  // a value that begins with `text`
    kKeywordExists,  // any value
    kRange,          // a value of column `field` in [`low`, `high`]
    kColumnExists,   // any value
    kInterval,       // [column `field`, column `field_high`] against [`low`, `high`], see `certainty`
    kWithin,         // a point of geo field `field` within `km` of (`latitude`, `longitude`)
  };
  // kInterval: the two may be the same moment / must be, whatever the true value in the document's interval is.
  // The nth value of the low column belongs to the nth of the high column; one pair that satisfies is enough.
  enum class Certainty { kPossibly, kCertainly };

  Kind kind = Kind::kAll;
  std::vector<QueryNode> children;
  // Text clauses. kPhrase and kNear: their children's are ignored except `text`, `exact` and `offset`.
  FieldMask fields = kAllTextFields;
  std::string text;        // as it stands in the index: folded, and stemmed unless `exact`
  bool exact = false;      // matches the unstemmed form; fields without exact forms match nothing
  float boost = 1.0F;      // multiplies the score of this clause; >= 0
  uint32_t offset = 0;     // child of a kPhrase: position relative to the phrase's start
  uint32_t distance = 0;   // kNear
  uint32_t max_edits = 1;  // kFuzzy: 1 or 2 (insert, delete, replace, swap neighbours), counted in code points
  uint32_t prefix_length = 1;
  // Filter clauses.
  uint16_t field = 0;  // id of the keyword field, column or geo field
  uint16_t field_high = 0;
  std::vector<std::string> values;
  int64_t low = std::numeric_limits<int64_t>::min();
  int64_t high = std::numeric_limits<int64_t>::max();
  Certainty certainty = Certainty::kPossibly;
  double latitude = 0;
  double longitude = 0;
  double km = 0;
  // Where the clause stands in what the user wrote, for errors and plans; [0, 0) where unknown.
  uint32_t source_begin = 0;
  uint32_t source_end = 0;
};

QueryNode AllDocuments();
QueryNode NoDocument();
QueryNode And(std::vector<QueryNode> children);
QueryNode Or(std::vector<QueryNode> children);
QueryNode Not(QueryNode child);
QueryNode Term(std::string text, FieldMask fields = kAllTextFields, bool exact = false, float boost = 1.0F);
// Words that follow each other; children get the offsets 0, 1, 2 …
QueryNode Phrase(std::vector<std::string> words, FieldMask fields = kAllTextFields, bool exact = false);
QueryNode Near(uint32_t distance, std::vector<QueryNode> children, FieldMask fields = kAllTextFields);
QueryNode Prefix(std::string text, FieldMask fields = kAllTextFields, bool exact = false);
QueryNode Fuzzy(std::string text, uint32_t max_edits = 1, FieldMask fields = kAllTextFields, bool exact = false);
QueryNode Keyword(uint16_t field, std::vector<std::string> values);
QueryNode KeywordPrefix(uint16_t field, std::string prefix);
QueryNode KeywordExists(uint16_t field);
QueryNode Range(uint16_t column, int64_t low, int64_t high);  // both ends included
QueryNode ColumnExists(uint16_t column);
QueryNode Interval(uint16_t low_column, uint16_t high_column, int64_t low, int64_t high,
                   QueryNode::Certainty certainty);
QueryNode Within(uint16_t geo_field, double latitude, double longitude, double km);

// In which order hits come. Equal keys: by number, ascending for relevance and ascending columns, descending for
// descending columns. Documents without a value of the column come last.
struct Order {
  enum class By { kRelevance, kColumn, kNumber };  // kNumber: by document number itself
  By by = By::kRelevance;
  uint16_t column = 0;
  bool descending =
      true;  // kColumn, kNumber; a column with several values sorts by the greatest, ascending by the least
};

// Where a hit stands in the order. A page that continues after it repeats and leaves out nothing of a state that stays
// the same; relevance moves with the statistics of the collection, so pages of different states may.
struct SortKey {
  double score = 0;      // kRelevance
  int64_t value = 0;     // kColumn
  bool missing = false;  // kColumn: no value
  uint64_t number = 0;
  friend bool operator==(const SortKey&, const SortKey&) = default;
};

// Counts by one field, or by two (origin × destination): documents in each bucket; a document with several values is in
// several buckets, once in each.
struct FacetDimension {
  enum class Of { kKeyword, kYear, kMonth, kDay, kValue };  // all but kKeyword: of a column
  Of of = Of::kKeyword;
  uint16_t field = 0;
};
struct FacetRequest {
  FacetDimension first;
  std::optional<FacetDimension> second;
  size_t limit = 0;  // the `limit` largest buckets (equal counts: by key); 0: all, up to SearchLimits::max_buckets
};

enum class CountMode {
  kNone,   // do not count
  kExact,  // all matches
  kUpTo,   // exact up to Query::count_limit, else "at least"
};

// What scores depend on besides the document: so that those of several shards can be compared, the sum over all shards
// is given to each (SearchSnapshot::Statistics, Query::statistics).
struct ScoreStatistics {
  struct Field {
    uint64_t documents = 0;     // that have the field
    uint64_t total_length = 0;  // sum of their lengths
  };
  struct TermKey {
    uint16_t field = 0;
    bool exact = false;
    std::string term;
    auto operator<=>(const TermKey&) const = default;
  };
  uint64_t documents = 0;             // of the collection
  std::map<uint16_t, Field> fields;   // text fields of the query
  std::map<TermKey, uint64_t> terms;  // documents that hold the term; those of prefix and fuzzy clauses as expanded
};

// What one query may cost. Exceeding a limit of expansion, clauses or cost is RESOURCE_EXHAUSTED, and the message names
// the clause by its source range.
struct SearchLimits {
  size_t max_clauses = 4096;           // of the tree
  size_t max_depth = 256;              // of the tree
  size_t max_expansion = 1024;         // terms that one prefix or fuzzy clause may become
  size_t max_terms = 16384;            // all terms after expansion, times fields
  size_t max_buckets = 1 << 20;        // of one facet
  size_t max_hits = 1 << 20;           // of one page
  uint64_t max_postings = UINT64_MAX;  // sum of the lengths of the posting lists that the clauses have
};

struct Query {
  QueryNode text;    // scored
  QueryNode filter;  // not scored
  Order order;
  std::optional<SortKey> after;  // only hits behind it
  size_t limit = 10;             // 0: count and facets only
  std::vector<FacetRequest> facets;
  CountMode count = CountMode::kNone;
  uint64_t count_limit = 10000;  // kUpTo
  // Score by these instead of the snapshot's own. A term that is not in them scores as one that no document holds.
  std::optional<ScoreStatistics> statistics;
  bool explain = false;  // fill SearchResult::plan and Hit::explanation
  SearchLimits limits;
  // Asked from time to time; its error ends the search and is returned. For deadlines and cancellation.
  std::function<absl::Status()> check;
};

struct Hit {
  uint64_t number = 0;
  double score = 0;  // 0 unless the order is relevance
  SortKey key;       // give it as Query::after for what follows
  std::string explanation;
};

struct FacetCount {
  std::string first;  // keyword, or `2015`, `2015-03`, `2015-03-28`, or the value in decimal
  std::string second;
  uint64_t count = 0;
  friend bool operator==(const FacetCount&, const FacetCount&) = default;
};
struct FacetResult {
  std::vector<FacetCount> counts;  // largest first, equal counts by key
  size_t buckets = 0;              // that are not empty, given or not
};

struct SearchResult {
  std::vector<Hit> hits;
  bool more = false;  // there are hits behind the last
  std::optional<uint64_t> count;
  bool count_exact = true;          // false: at least `count`
  std::vector<FacetResult> facets;  // as asked
  std::string plan;                 // one operator a line, indented by depth
};

}  // namespace interdict::index
