#include "services/index/names/name_scorer.h"

#include <algorithm>

#include "services/index/names/acronym.h"
#include "services/index/names/name_tables.h"
#include "services/index/names/token_alignment.h"

namespace interdict::names {
namespace {

constexpr double kLeastJoined = 0.7;
constexpr double kSameJoined = 0.97;
// Letters alike in their order, words or not, are worth this much of the same by words.
constexpr double kWholeCounts = 0.9;
constexpr double kLeastWhole = 0.6;
constexpr double kEnoughByWords = 0.85;
constexpr double kAcronymSimilarity = 0.85;
constexpr double kLeastRarity = 0.6;
constexpr double kLeftRarity = 0.8;

std::string Concatenate(const NameView& name, size_t begin, size_t count) {
  std::string text;
  for (size_t i = begin; i < begin + count; ++i) text.append(name[i].spelling);
  return text;
}

std::string TextOf(const NameView& name, TokenSpan span) {
  std::string text;
  for (size_t i = span.begin; i < span.begin + span.count; ++i) {
    if (i != span.begin) text.push_back(' ');
    text.append(name[i].text);
  }
  return text;
}

// Of the comparison of the whole.
bool IsLeftOut(const TokenView& token) {
  return token.role == TokenRole::kCompanyForm || token.role == TokenRole::kHonorific;
}

std::string AllButForms(const NameView& name) {
  std::string text;
  for (const TokenView& token : name) {
    if (!IsLeftOut(token)) text.append(token.spelling);
  }
  return text;
}

// Forms of one class say the same; forms of two say that it is another company, or the same in another country.
TokenSimilarity CompareForms(const TokenView& a, const TokenView& b) {
  if (a.text == b.text) return {1, PartMatch::kCompanyForm};
  const WordRule* const left = NameTables::Get().FindWord(a.text);
  const WordRule* const right = NameTables::Get().FindWord(b.text);
  const bool same =
      left != nullptr && right != nullptr && !left->form_class.empty() && left->form_class == right->form_class;
  return {same ? 0.9 : 0.0, PartMatch::kCompanyForm};
}

std::vector<double> Weights(const NameView& name) {
  std::vector<double> weights;
  weights.reserve(name.size());
  for (const TokenView& token : name) weights.push_back(RoleWeight(token.role));
  return weights;
}

void Explain(const NameView& query, const NameView& candidate, const TokenAlignment& alignment,
             const std::vector<double>& query_weights, NameScore& score) {
  const double all = std::max(alignment.Weight(), 1e-9);
  for (const TokenPair& pair : alignment.pairs()) {
    score.parts.push_back({pair.similarity.how, TextOf(query, pair.query), TextOf(candidate, pair.candidate),
                           pair.similarity.similarity, pair.weight / all});
  }
  std::sort(score.parts.begin(), score.parts.end(), [](const MatchedPart& a, const MatchedPart& b) {
    if (a.weight != b.weight) return a.weight > b.weight;
    return a.query < b.query;
  });
  for (size_t i = 0; i < query.size(); ++i) {
    if (!alignment.QueryPaired(i)) {
      score.parts.push_back({PartMatch::kMissing, std::string(query[i].text), "", 0, query_weights[i] / all});
    }
  }
  for (size_t j = 0; j < candidate.size(); ++j) {
    if (!alignment.CandidatePaired(j)) {
      score.parts.push_back({PartMatch::kExtra, "", std::string(candidate[j].text), 0, alignment.LeftWeight(j) / all});
    }
  }
}

// The one token that may be an acronym, if the name is little else.
const TokenView* AcronymOf(const NameView& name) {
  const TokenView* acronym = nullptr;
  for (const TokenView& token : name) {
    if (token.role == TokenRole::kCompanyForm || token.role == TokenRole::kParticle) continue;
    if (acronym != nullptr) return nullptr;
    acronym = &token;
  }
  return acronym != nullptr && MayBeAcronym(*acronym) ? acronym : nullptr;
}

bool OneIsAcronym(const NameView& a, const NameView& b) {
  const TokenView* const of_a = AcronymOf(a);
  if (of_a != nullptr && b.size() >= 3 && IsAcronymOf(of_a->text, b)) return true;
  const TokenView* const of_b = AcronymOf(b);
  return of_b != nullptr && a.size() >= 3 && IsAcronymOf(of_b->text, a);
}

NameScore OfOnePart(const NameView& query, const NameView& candidate, PartMatch how, double similarity, bool explain) {
  NameScore score;
  score.score = kMaxNameScore * similarity;
  if (explain) {
    score.parts.push_back(
        {how, TextOf(query, {0, query.size()}), TextOf(candidate, {0, candidate.size()}), similarity, 1});
  }
  return score;
}

}  // namespace

NameScorer::NameScorer(const NormalisedName& query, const Rarity& rarity)
    : query_(ViewOf(query)),
      left_rarity_(rarity == nullptr ? 1.0 : kLeftRarity),
      all_(AllButForms(query_)),
      all_pattern_(all_) {
  for (size_t i = 0; i < query_.size(); ++i) {
    rarity_.push_back(rarity == nullptr ? 1.0 : kLeastRarity + (1 - kLeastRarity) * std::clamp(rarity(i), 0.0, 1.0));
    patterns_.emplace_back(query_[i]);
    for (size_t count = 2; count <= 3 && i + count <= query_.size(); ++count) {
      const std::string text = Concatenate(query_, i, count);
      if (text.size() <= kMaxTokenLetters) joined_.push_back({i, count, EditPattern(text)});
    }
  }
}

void NameScorer::Compare(const NameView& candidate, TokenAlignment& alignment) const {
  for (size_t i = 0; i < query_.size(); ++i) {
    for (size_t j = 0; j < candidate.size(); ++j) {
      const bool forms = query_[i].role == TokenRole::kCompanyForm && candidate[j].role == TokenRole::kCompanyForm;
      alignment.Set(i, j, forms ? CompareForms(query_[i], candidate[j]) : names::Compare(patterns_[i], candidate[j]));
    }
  }
}

void NameScorer::TryJoins(const NameView& candidate, TokenAlignment& alignment) const {
  for (const Joined& joined : joined_) {
    const auto letters = static_cast<size_t>(joined.pattern.letters());
    for (size_t j = 0; j < candidate.size(); ++j) {
      if (MostSimilar(letters, candidate[j].spelling.size()) < kLeastJoined) continue;
      const double similarity = CompareSpelling(joined.pattern, candidate[j].spelling);
      if (similarity >= kLeastJoined) {
        alignment.Offer({joined.begin, joined.count}, {j, 1}, similarity * kSameJoined);
      }
    }
  }
  std::string text;
  for (size_t j = 0; j + 1 < candidate.size(); ++j) {
    text = candidate[j].spelling;
    for (size_t count = 2; count <= 3 && j + count <= candidate.size(); ++count) {
      text.append(candidate[j + count - 1].spelling);
      for (size_t i = 0; i < query_.size(); ++i) {
        if (MostSimilar(query_[i].spelling.size(), text.size()) < kLeastJoined) continue;
        const double similarity = CompareSpelling(patterns_[i].spelling, text);
        if (similarity >= kLeastJoined) alignment.Offer({i, 1}, {j, count}, similarity * kSameJoined);
      }
    }
  }
}

double NameScorer::WholeSimilarity(const NameView& candidate, double worth) const {
  size_t letters = 0;
  for (const TokenView& token : candidate) {
    if (!IsLeftOut(token)) letters += token.spelling.size();
  }
  if (all_.size() > kMaxPatternLetters || letters > kMaxPatternLetters) return 0;
  if (MostSimilar(all_.size(), letters) * kWholeCounts <= worth) return 0;
  const double similarity = CompareSpelling(all_pattern_, AllButForms(candidate));
  return similarity < kLeastWhole ? 0 : similarity * kWholeCounts;
}

NameScore NameScorer::Score(const NameView& candidate, bool explain) const {
  if (query_.empty() || candidate.empty()) return {};
  std::vector<double> query_weights = Weights(query_);
  const std::vector<double> candidate_weights = Weights(candidate);
  TokenAlignment alignment(query_weights, rarity_, candidate_weights, left_rarity_);
  Compare(candidate, alignment);
  alignment.Assign();
  double similarity = alignment.Similarity();
  if (similarity < kEnoughByWords) {
    TryJoins(candidate, alignment);
    similarity = alignment.Similarity();
  }
  if (similarity < kEnoughByWords) {
    const double whole = WholeSimilarity(candidate, similarity);
    const double acronym = OneIsAcronym(query_, candidate) ? kAcronymSimilarity : 0;
    if (acronym > similarity && acronym >= whole) {
      return OfOnePart(query_, candidate, PartMatch::kAcronym, acronym, explain);
    }
    if (whole > similarity) return OfOnePart(query_, candidate, PartMatch::kJoined, whole, explain);
  }
  NameScore score;
  score.score = kMaxNameScore * similarity;
  if (explain) {
    for (size_t i = 0; i < query_weights.size(); ++i) query_weights[i] *= rarity_[i];
    Explain(query_, candidate, alignment, query_weights, score);
  }
  return score;
}

}  // namespace interdict::names
