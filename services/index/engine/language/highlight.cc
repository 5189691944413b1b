#include "services/index/engine/language/highlight.h"

#include <algorithm>
#include <set>
#include <utility>

#include "services/index/engine/language/near_names.h"

namespace interdict::index {
namespace {

using Kind = QueryNode::Kind;
using WordRange = std::pair<size_t, size_t>;  // first and last word

constexpr size_t kMaxMatches = 10000;  // of one text

bool IsSpace(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }

bool StartsCharacter(std::string_view text, size_t at) {
  return at >= text.size() || (static_cast<unsigned char>(text[at]) & 0xC0) != 0x80;
}

}  // namespace

struct Highlighter::Word {
  std::string folded;
  std::string term;  // as the field has it
  SourceSpan span;
};

Highlighter::Highlighter(const QueryNode& text, const FieldCatalog& catalog) : catalog_(catalog) { Collect(text); }

void Highlighter::Collect(const QueryNode& node) {
  switch (node.kind) {
    case Kind::kAnd:
    case Kind::kOr:
      for (const QueryNode& child : node.children) Collect(child);
      break;
    case Kind::kTerm:
    case Kind::kPhrase:
    case Kind::kNear:
    case Kind::kPrefix:
    case Kind::kFuzzy:
      clauses_.push_back(node);
      break;
    default:
      break;
  }
}

bool Highlighter::WordMatches(const QueryNode& node, const Word& word) {
  const std::string& form = node.exact ? word.folded : word.term;
  if (node.kind == Kind::kPrefix) return form.rfind(node.text, 0) == 0;
  if (node.kind == Kind::kFuzzy) return SimilarWords(form, node.text, node.max_edits, node.prefix_length);
  return form == node.text;
}

// Ranges of words at which a word or phrase stands.
void Highlighter::Starts(const QueryNode& node, const std::vector<Word>& words, std::vector<WordRange>& found) {
  for (size_t i = 0; i < words.size() && found.size() < kMaxMatches; ++i) {
    if (node.kind != Kind::kPhrase) {
      if (WordMatches(node, words[i])) found.emplace_back(i, i);
      continue;
    }
    size_t last = i;
    const bool all = std::all_of(node.children.begin(), node.children.end(), [&](const QueryNode& child) {
      last = std::max(last, i + child.offset);
      if (i + child.offset >= words.size()) return false;
      const Word& word = words[i + child.offset];
      return (node.exact || child.exact ? word.folded : word.term) == child.text;
    });
    if (all) found.emplace_back(i, last);
  }
}

// Occurrences of each child that have one of every other child near enough.
void Highlighter::FindNear(const QueryNode& node, const std::vector<Word>& words, std::vector<WordRange>& found) {
  std::vector<std::vector<WordRange>> of_child(node.children.size());
  for (size_t i = 0; i < node.children.size(); ++i) Starts(node.children[i], words, of_child[i]);
  const auto near = [&](size_t start, const std::vector<WordRange>& others) {
    const size_t low = start > node.distance ? start - node.distance : 0;
    const auto first = std::lower_bound(others.begin(), others.end(), WordRange(low, 0));
    return first != others.end() && first->first <= start + node.distance;
  };
  for (const auto& ranges : of_child) {
    for (const WordRange& range : ranges) {
      const bool all =
          std::all_of(of_child.begin(), of_child.end(), [&](const auto& others) { return near(range.first, others); });
      if (all) found.push_back(range);
    }
  }
}

std::vector<HighlightMatch> Highlighter::Find(uint16_t field, std::string_view text) {
  std::vector<HighlightMatch> matches;
  if (clauses_.empty() || text.empty()) return matches;
  const bool stemmed = (catalog_.stemmed() >> field & 1) != 0;
  std::vector<Word> words;
  for (AnalyzedWord& word : AnalyzeWords(text)) {
    Word& added = words.emplace_back();
    added.term = stemmed ? stemmer_.Stem(word.folded) : word.folded;
    added.folded = std::move(word.folded);
    added.span = {word.begin, word.end};
  }
  for (size_t i = 0; i < clauses_.size(); ++i) {
    if ((clauses_[i].fields >> field & 1) == 0) continue;
    std::vector<WordRange> found;
    if (clauses_[i].kind == Kind::kNear) {
      FindNear(clauses_[i], words, found);
    } else {
      Starts(clauses_[i], words, found);
    }
    for (const WordRange& range : found) {
      matches.push_back({{words[range.first].span.begin, words[range.second].span.end}, i});
    }
  }
  std::stable_sort(matches.begin(), matches.end(), [](const HighlightMatch& a, const HighlightMatch& b) {
    return std::make_pair(a.span.begin, a.span.end) < std::make_pair(b.span.begin, b.span.end);
  });
  return matches;
}

std::vector<SourceSpan> Highlighter::Merge(const std::vector<HighlightMatch>& matches) {
  std::vector<SourceSpan> spans;
  for (const HighlightMatch& match : matches) {
    if (!spans.empty() && match.span.begin <= spans.back().end) {
      spans.back().end = std::max(spans.back().end, match.span.end);
    } else {
      spans.push_back(match.span);
    }
  }
  return spans;
}

namespace {

// Widens a span to about `bytes`, to where words begin and end.
SourceSpan Widen(std::string_view text, SourceSpan span, size_t bytes) {
  const size_t spare = bytes > span.end - span.begin ? bytes - (span.end - span.begin) : 0;
  size_t begin = span.begin > spare / 2 ? span.begin - spare / 2 : 0;
  size_t end = std::min(text.size(), span.end + spare / 2);
  while (begin > 0 && begin < span.begin && !IsSpace(text[begin - 1])) ++begin;
  while (end < text.size() && end > span.end && !IsSpace(text[end])) --end;
  while (begin < span.begin && IsSpace(text[begin])) ++begin;
  while (end > span.end && IsSpace(text[end - 1])) --end;
  while (begin > 0 && !StartsCharacter(text, begin)) --begin;
  while (!StartsCharacter(text, end)) ++end;
  return {static_cast<uint32_t>(begin), static_cast<uint32_t>(end)};
}

}  // namespace

std::vector<Passage> BestPassages(std::string_view text, const std::vector<HighlightMatch>& matches, size_t bytes,
                                  size_t limit) {
  std::vector<Passage> candidates;
  for (size_t first = 0; first < matches.size(); ++first) {
    Passage passage;
    passage.span = matches[first].span;
    std::set<size_t> clauses;
    for (size_t i = first; i < matches.size(); ++i) {
      if (i > first && matches[i].span.end > matches[first].span.begin + bytes) break;
      clauses.insert(matches[i].clause);
      passage.span.end = std::max(passage.span.end, matches[i].span.end);
      ++passage.matches;
    }
    passage.clauses = clauses.size();
    passage.span = Widen(text, passage.span, bytes);
    candidates.push_back(passage);
  }
  std::stable_sort(candidates.begin(), candidates.end(), [](const Passage& a, const Passage& b) {
    return std::make_pair(a.clauses, a.matches) > std::make_pair(b.clauses, b.matches);
  });
  std::vector<Passage> chosen;
  for (const Passage& passage : candidates) {
    if (chosen.size() == limit) break;
    const bool overlaps = std::any_of(chosen.begin(), chosen.end(), [&](const Passage& other) {
      return passage.span.begin < other.span.end && other.span.begin < passage.span.end;
    });
    if (!overlaps) chosen.push_back(passage);
  }
  return chosen;
}

}  // namespace interdict::index
