// Pairs the tokens of two names so that the whole is as alike as it can be, whatever the order of the words.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "services/index/names/normalised_name.h"
#include "services/index/names/token_similarity.h"

namespace interdict::names {

// Neighbouring tokens of one side.
struct TokenSpan {
  size_t begin = 0;
  size_t count = 0;
};

struct TokenPair {
  TokenSpan query;
  TokenSpan candidate;
  TokenSimilarity similarity;
  double weight = 0;  // of both sides together
};

// How much a token of this role counts, before its rarity.
double RoleWeight(TokenRole role);

// Rows are tokens of the query, columns tokens of the candidate: at most kMaxTokens each. Not thread-safe.
class TokenAlignment {
 public:
  // `rarity`: of each query token. `candidate_weights`: RoleWeight of each candidate token.
  // `left_rarity`: taken for candidate tokens without a partner, which nobody has counted.
  TokenAlignment(const std::vector<double>& query_weights, const std::vector<double>& rarity,
                 const std::vector<double>& candidate_weights, double left_rarity);

  void Set(size_t row, size_t column, TokenSimilarity similarity) {
    similarities_[row * kMaxTokens + column] = similarity.similarity;
    hows_[row * kMaxTokens + column] = similarity.how;
  }

  // Pairs single tokens: the best assignment where one side has at most eight, else the best pairs first.
  void Assign();
  // Takes this pair of spans instead of the pairs that it touches, if the whole gets better by it.
  void Offer(TokenSpan query, TokenSpan candidate, double similarity);

  // Sum of similarity × weight, over the weight of all tokens; 0 to 1.
  double Similarity() const;
  double Weight() const;  // of all tokens of both sides, paired or not
  const std::vector<TokenPair>& pairs() const { return pairs_; }
  double LeftWeight(size_t column) const;  // of a candidate token that has no partner
  bool QueryPaired(size_t row) const { return query_paired_[row]; }
  bool CandidatePaired(size_t column) const { return candidate_paired_[column]; }

 private:
  double PairWeight(size_t row, size_t column) const;
  double SpanWeight(TokenSpan query, TokenSpan candidate) const;
  double Value(size_t row, size_t column) const {
    return similarities_[row * kMaxTokens + column] * PairWeight(row, column);
  }
  void AssignExactly(bool rows_are_fewer);
  void AssignGreedily();
  void AddPair(size_t row, size_t column);
  void Mark();

  const std::vector<double>& query_weights_;
  const std::vector<double>& rarity_;
  const std::vector<double>& candidate_weights_;
  const double left_rarity_;
  // Set before Assign, those in use; the others are never read.
  std::array<double, kMaxTokens * kMaxTokens> similarities_;
  std::array<PartMatch, kMaxTokens * kMaxTokens> hows_;
  std::vector<TokenPair> pairs_;
  std::array<bool, kMaxTokens> query_paired_{};
  std::array<bool, kMaxTokens> candidate_paired_{};
};

}  // namespace interdict::names
