// Where words of a query stand in a text, and which passages show them best.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "services/index/engine/analyzer.h"
#include "services/index/engine/language/source_span.h"
#include "services/index/engine/query.h"
#include "services/index/engine/schema/field_catalog.h"

namespace interdict::index {

// An occurrence of a word or phrase of the query.
struct HighlightMatch {
  SourceSpan span;    // bytes of the text, at character boundaries
  size_t clause = 0;  // which of the query's clauses
};

// Not thread-safe. Catalog must outlive it.
class Highlighter {
 public:
  // Of a compiled text query; what stands under NOT shows nothing.
  Highlighter(const QueryNode& text, const FieldCatalog& catalog);

  // Whether there is anything to show at all.
  bool empty() const { return clauses_.empty(); }

  // Occurrences in a text of this field, by place. They may overlap.
  std::vector<HighlightMatch> Find(uint16_t field, std::string_view text);

  // Spans of the matches, ordered and merged where they touch.
  static std::vector<SourceSpan> Merge(const std::vector<HighlightMatch>& matches);

 private:
  struct Word;
  void Collect(const QueryNode& node);
  static bool WordMatches(const QueryNode& node, const Word& word);
  static void Starts(const QueryNode& node, const std::vector<Word>& words,
                     std::vector<std::pair<size_t, size_t>>& found);
  static void FindNear(const QueryNode& node, const std::vector<Word>& words,
                       std::vector<std::pair<size_t, size_t>>& found);

  const FieldCatalog& catalog_;
  std::vector<QueryNode> clauses_;
  Stemmer stemmer_;
};

// A part of a text around matches.
struct Passage {
  SourceSpan span;
  size_t clauses = 0;  // different ones in it
  size_t matches = 0;
};

// Up to `limit` passages of at most about `bytes` each that hold the most different clauses, then the most matches; the
// best first. They do not overlap, and start and end between words. `matches` are those of `text`, by place.
std::vector<Passage> BestPassages(std::string_view text, const std::vector<HighlightMatch>& matches, size_t bytes,
                                  size_t limit);

}  // namespace interdict::index
