#include "services/index/names/token_alignment.h"

#include <algorithm>
#include <cstdint>
#include <tuple>

namespace interdict::names {
namespace {

constexpr size_t kExactTokens = 8;

bool Touches(const TokenSpan& a, const TokenSpan& b) {
  return a.begin < b.begin + b.count && b.begin < a.begin + a.count;
}

}  // namespace

double RoleWeight(TokenRole role) {
  switch (role) {
    case TokenRole::kWord:
      return 1;
    case TokenRole::kGeneric:
      return 0.45;
    case TokenRole::kPatronymic:
      return 0.4;
    case TokenRole::kInitial:
      return 0.35;
    case TokenRole::kParticle:
      return 0.15;
    case TokenRole::kCompanyForm:
      return 0.08;
    case TokenRole::kHonorific:
      return 0.03;
  }
  return 1;
}

TokenAlignment::TokenAlignment(const std::vector<double>& query_weights, const std::vector<double>& rarity,
                               const std::vector<double>& candidate_weights, double left_rarity)
    : query_weights_(query_weights), rarity_(rarity), candidate_weights_(candidate_weights), left_rarity_(left_rarity) {
  pairs_.reserve(std::min(query_weights.size(), candidate_weights.size()));
}

double TokenAlignment::PairWeight(size_t row, size_t column) const {
  return rarity_[row] * (query_weights_[row] + candidate_weights_[column]);
}

double TokenAlignment::LeftWeight(size_t column) const { return candidate_weights_[column] * left_rarity_; }

double TokenAlignment::SpanWeight(TokenSpan query, TokenSpan candidate) const {
  double weight = 0;
  double rarity = 0;
  for (size_t i = query.begin; i < query.begin + query.count; ++i) {
    weight += rarity_[i] * query_weights_[i];
    rarity = std::max(rarity, rarity_[i]);
  }
  for (size_t j = candidate.begin; j < candidate.begin + candidate.count; ++j) weight += rarity * candidate_weights_[j];
  return weight;
}

void TokenAlignment::Assign() {
  const size_t rows = query_weights_.size();
  const size_t columns = candidate_weights_.size();
  if (std::min(rows, columns) <= kExactTokens) {
    AssignExactly(rows <= columns);
  } else {
    AssignGreedily();
  }
  Mark();
}

// Goes over the tokens of the longer side; the state is the set of tokens of the shorter side that have a partner.
void TokenAlignment::AssignExactly(bool rows_are_fewer) {
  const size_t few = rows_are_fewer ? query_weights_.size() : candidate_weights_.size();
  const size_t many = rows_are_fewer ? candidate_weights_.size() : query_weights_.size();
  const size_t sets = size_t{1} << few;
  std::array<double, size_t{1} << kExactTokens> best;
  std::fill_n(best.begin(), sets, 0.0);
  std::array<std::array<int8_t, size_t{1} << kExactTokens>, kMaxTokens> chosen;
  std::array<double, kExactTokens> values;
  for (size_t m = 0; m < many; ++m) {
    for (size_t f = 0; f < few; ++f) values[f] = rows_are_fewer ? Value(f, m) : Value(m, f);
    for (size_t set = sets; set-- > 0;) {
      double most = best[set];
      int8_t choice = -1;
      for (size_t f = 0; f < few; ++f) {
        if ((set >> f & 1) == 0 || values[f] <= 0) continue;
        const double value = best[set ^ size_t{1} << f] + values[f];
        if (value > most) {
          most = value;
          choice = static_cast<int8_t>(f);
        }
      }
      best[set] = most;
      chosen[m][set] = choice;
    }
  }
  size_t set = sets - 1;
  for (size_t m = many; m-- > 0;) {
    const int8_t f = chosen[m][set];
    if (f < 0) continue;
    set ^= size_t{1} << f;
    rows_are_fewer ? AddPair(static_cast<size_t>(f), m) : AddPair(m, static_cast<size_t>(f));
  }
}

void TokenAlignment::AssignGreedily() {
  std::vector<std::tuple<double, size_t, size_t>> values;
  for (size_t row = 0; row < query_weights_.size(); ++row) {
    for (size_t column = 0; column < candidate_weights_.size(); ++column) {
      if (Value(row, column) > 0) values.emplace_back(-Value(row, column), row, column);
    }
  }
  std::sort(values.begin(), values.end());
  std::array<bool, kMaxTokens> row_taken{};
  std::array<bool, kMaxTokens> column_taken{};
  for (const auto& [value, row, column] : values) {
    if (row_taken[row] || column_taken[column]) continue;
    row_taken[row] = column_taken[column] = true;
    AddPair(row, column);
  }
}

void TokenAlignment::AddPair(size_t row, size_t column) {
  pairs_.push_back({{row, 1},
                    {column, 1},
                    {similarities_[row * kMaxTokens + column], hows_[row * kMaxTokens + column]},
                    PairWeight(row, column)});
}

void TokenAlignment::Mark() {
  query_paired_.fill(false);
  candidate_paired_.fill(false);
  for (const TokenPair& pair : pairs_) {
    for (size_t i = 0; i < pair.query.count; ++i) query_paired_[pair.query.begin + i] = true;
    for (size_t j = 0; j < pair.candidate.count; ++j) candidate_paired_[pair.candidate.begin + j] = true;
  }
}

void TokenAlignment::Offer(TokenSpan query, TokenSpan candidate, double similarity) {
  const double before = Similarity();
  std::vector<TokenPair> old = pairs_;
  std::erase_if(
      pairs_, [&](const TokenPair& pair) { return Touches(pair.query, query) || Touches(pair.candidate, candidate); });
  pairs_.push_back({query, candidate, {similarity, PartMatch::kJoined}, SpanWeight(query, candidate)});
  Mark();
  if (Similarity() > before + 1e-9) return;
  pairs_ = std::move(old);
  Mark();
}

double TokenAlignment::Weight() const {
  double weight = 0;
  for (const TokenPair& pair : pairs_) weight += pair.weight;
  for (size_t i = 0; i < query_weights_.size(); ++i) {
    if (!query_paired_[i]) weight += rarity_[i] * query_weights_[i];
  }
  for (size_t j = 0; j < candidate_weights_.size(); ++j) {
    if (!candidate_paired_[j]) weight += LeftWeight(j);
  }
  return weight;
}

double TokenAlignment::Similarity() const {
  const double weight = Weight();
  if (weight <= 0) return 0;
  double sum = 0;
  for (const TokenPair& pair : pairs_) sum += pair.similarity.similarity * pair.weight;
  return sum / weight;
}

}  // namespace interdict::names
