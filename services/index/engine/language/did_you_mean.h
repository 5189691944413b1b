// Corrects misspelt words of a query by the words of the index.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "services/index/engine/language/text_query.h"
#include "services/index/engine/schema/field_catalog.h"

namespace interdict::index {

// The words of one collection.
class WordList {
 public:
  using Words = std::vector<std::pair<std::string, uint64_t>>;  // with the number of documents that hold each
  virtual ~WordList() = default;
  // Unstemmed words of a text field that begin with `prefix`, by word, at most `limit`.
  virtual absl::StatusOr<Words> Beginning(uint16_t field, const std::string& prefix, size_t limit) const = 0;
  // Those at most `max_edits` away.
  virtual absl::StatusOr<Words> Similar(uint16_t field, const std::string& word, uint32_t max_edits,
                                        size_t limit) const = 0;
};

// The query with each word that no document holds in the fields asked replaced by the most likely of those at most two
// edits away: the one in most documents, where one edit less counts as much as a hundred times the documents. Empty:
// there is nothing to correct, or nothing near. `query` is what `tree` was read from; prefix and fuzzy words stay as
// they are.
absl::StatusOr<std::string> DidYouMean(std::string_view query, const TextNode& tree, const FieldCatalog& catalog,
                                       const WordList& words);

}  // namespace interdict::index
