// The brute-force oracle of the search index: the same questions answered by going through all documents, in the
// plainest way that there is.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "services/index/engine/index_document.h"
#include "services/index/engine/query.h"

namespace interdict::index::testing {

class Oracle {
 public:
  explicit Oracle(IndexSchema schema) : schema_(std::move(schema)) {}
  void Put(const IndexDocument& document) {
    documents_[document.number] = document;
    Forget();
  }
  void Remove(uint64_t number) {
    documents_.erase(number);
    Forget();
  }
  const std::map<uint64_t, IndexDocument>& documents() const { return documents_; }

  bool Matches(const IndexDocument& document, const QueryNode& node) const;
  // Numbers of all matches, ascending.
  std::vector<uint64_t> Matching(const Query& query) const;
  double Score(const IndexDocument& document, const QueryNode& node) const;
  // Column order, without limit: numbers in order.
  std::vector<uint64_t> Ordered(const Query& query) const;
  std::map<std::pair<std::string, std::string>, uint64_t> Facet(const Query& query, const FacetRequest& facet) const;

 private:
  using Positions = std::vector<uint32_t>;
  Positions PositionsOf(const IndexDocument& document, uint16_t field, const std::string& term, bool exact) const;
  Positions Starts(const IndexDocument& document, uint16_t field, const QueryNode& phrase) const;
  bool TextMatches(const IndexDocument& document, uint16_t field, const QueryNode& node) const;
  bool FilterMatches(const IndexDocument& document, const QueryNode& node) const;
  double TermScore(const IndexDocument& document, uint16_t field, const std::string& term, bool exact,
                   float boost) const;
  std::vector<std::string> Buckets(const IndexDocument& document, const FacetDimension& dimension) const;

  double AverageLength(uint16_t field) const;
  double DocumentsWith(uint16_t field, const std::string& term, bool exact) const;
  void Forget() {
    lengths_.clear();
    frequencies_.clear();
  }

  const IndexSchema schema_;
  std::map<uint64_t, IndexDocument> documents_;
  // Of this state.
  mutable std::map<uint16_t, double> lengths_;
  mutable std::map<std::tuple<uint16_t, std::string, bool>, double> frequencies_;
};

}  // namespace interdict::index::testing
