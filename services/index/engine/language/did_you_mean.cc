#include "services/index/engine/language/did_you_mean.h"

#include <algorithm>
#include <map>
#include <optional>

#include "services/index/engine/analyzer.h"
#include "services/index/engine/language/near_names.h"

namespace interdict::index {
namespace {

using Kind = TextNode::Kind;

constexpr uint32_t kMaxEdits = 2;
constexpr size_t kMinWordBytes = 3;  // shorter ones are near everything
constexpr size_t kCandidates = 32;   // of one field
constexpr size_t kMaxWords = 16;     // looked up for one query
constexpr uint64_t kWorthOfAnEdit = 100;

struct Correction {
  SourceSpan span;
  std::string word;
};

class Corrector {
 public:
  Corrector(std::string_view query, const FieldCatalog& catalog, const WordList& words)
      : query_(query), catalog_(catalog), words_(words) {}

  absl::Status Visit(const TextNode& node);
  std::string Corrected() const;

 private:
  absl::Status Correct(const TextNode& leaf, FieldMask mask);
  absl::StatusOr<bool> IsKnown(const std::string& word, FieldMask mask) const;
  absl::StatusOr<std::optional<std::string>> Nearest(const std::string& word, FieldMask mask) const;

  const std::string_view query_;
  const FieldCatalog& catalog_;
  const WordList& words_;
  std::vector<Correction> corrections_;
  size_t looked_up_ = 0;
  FieldMask near_mask_ = 0;  // of the kNear around
};

absl::Status Corrector::Visit(const TextNode& node) {
  if (node.kind == Kind::kNot) return absl::OkStatus();  // that it is not there is what was asked for
  const FieldMask own = node.field.empty() ? catalog_.all_texts() : catalog_.TextMask(node.field);
  const FieldMask mask = near_mask_ != 0 ? near_mask_ : own;
  if (node.kind == Kind::kWord || node.kind == Kind::kPhrase) return Correct(node, mask);
  if (node.kind == Kind::kNear) near_mask_ = own;
  for (const TextNode& child : node.children) {
    if (absl::Status status = Visit(child); !status.ok()) return status;
  }
  near_mask_ = 0;
  return absl::OkStatus();
}

absl::Status Corrector::Correct(const TextNode& leaf, FieldMask mask) {
  const std::string_view source = query_.substr(leaf.span.begin, leaf.span.end - leaf.span.begin);
  for (const AnalyzedWord& word : AnalyzeWords(source, kMaxWords)) {
    if (word.folded.size() < kMinWordBytes || ++looked_up_ > kMaxWords) continue;
    auto known = IsKnown(word.folded, mask);
    if (!known.ok()) return known.status();
    if (*known) continue;
    auto nearest = Nearest(word.folded, mask);
    if (!nearest.ok()) return nearest.status();
    if (!nearest->has_value()) continue;
    corrections_.push_back({{leaf.span.begin + word.begin, leaf.span.begin + word.end}, **nearest});
  }
  return absl::OkStatus();
}

// A word is known too if a word with its stem is: that is what the search looks for.
absl::StatusOr<bool> Corrector::IsKnown(const std::string& word, FieldMask mask) const {
  Stemmer stemmer;
  const std::string stem = stemmer.Stem(word);
  constexpr size_t kSiblings = 256;
  for (const SearchText& text : catalog_.texts()) {
    if ((mask >> text.id & 1) == 0) continue;
    auto exact = words_.Beginning(text.id, word, 1);
    if (!exact.ok()) return exact.status();
    if (!exact->empty() && exact->front().first == word) return true;
    if (!text.stemmed) continue;
    auto siblings =
        words_.Beginning(text.id, stem.substr(0, std::max<size_t>(kMinWordBytes, stem.size() - 1)), kSiblings);
    if (!siblings.ok()) return siblings.status();
    for (const auto& [sibling, documents] : *siblings) {
      if (stemmer.Stem(sibling) == stem) return true;
    }
  }
  return false;
}

absl::StatusOr<std::optional<std::string>> Corrector::Nearest(const std::string& word, FieldMask mask) const {
  std::map<std::string, uint64_t> documents;
  for (const SearchText& text : catalog_.texts()) {
    if ((mask >> text.id & 1) == 0) continue;
    auto similar = words_.Similar(text.id, word, kMaxEdits, kCandidates);
    if (!similar.ok()) return similar.status();
    for (const auto& [candidate, count] : *similar) documents[candidate] += count;
  }
  std::optional<std::string> best;
  uint64_t best_weight = 0;
  for (const auto& [candidate, count] : documents) {
    const bool one_edit = SimilarWords(candidate, word, 1, 0);
    const uint64_t weight = count * (one_edit ? kWorthOfAnEdit : 1);
    if (weight > best_weight) {
      best = candidate;
      best_weight = weight;
    }
  }
  return best;
}

std::string Corrector::Corrected() const {
  if (corrections_.empty()) return "";
  std::string corrected;
  size_t at = 0;
  for (const Correction& correction : corrections_) {
    corrected.append(query_.substr(at, correction.span.begin - at));
    corrected += correction.word;
    at = correction.span.end;
  }
  corrected.append(query_.substr(at));
  return corrected;
}

}  // namespace

absl::StatusOr<std::string> DidYouMean(std::string_view query, const TextNode& tree, const FieldCatalog& catalog,
                                       const WordList& words) {
  Corrector corrector(query, catalog, words);
  if (absl::Status status = corrector.Visit(tree); !status.ok()) return status;
  return corrector.Corrected();
}

}  // namespace interdict::index
