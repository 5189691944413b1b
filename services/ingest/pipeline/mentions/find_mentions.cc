#include <algorithm>
#include <numeric>

#include "services/ingest/pipeline/mentions/context.h"

namespace interdict::pipeline {
namespace {

MentionContext MakeContext(const Knowledge& knowledge, const Page& page, const TokenizedText& text) {
  MentionContext c{knowledge, page, text, knowledge.Find(page.text, text), {}, {}, {}, {}};
  c.sentence_of.resize(text.tokens.size(), 0);
  c.starts.resize(text.tokens.size() + 1, 0);
  for (uint32_t s = 0; s < text.sentences.size(); ++s) {
    uint32_t words = 0;
    uint32_t capitals = 0;
    for (uint32_t t = text.sentences[s].first_token; t < text.sentences[s].end_token; ++t) {
      c.sentence_of[t] = s;
      const Token& token = text.tokens[t];
      if (!token.is_word || IsFunctionWord(token.folded)) continue;
      ++words;
      if (token.is_capitalised) ++capitals;
      if (!token.is_capitalised) c.lower_words.insert(token.folded);
    }
    // A headline has no end mark; a short sentence full of names has one.
    const uint32_t end = text.sentences[s].end_token;
    const bool prose = end > 0 && (text.tokens[end - 1].folded == "." || text.tokens[end - 1].folded == "!");
    c.title_case.push_back(!prose && words >= 4 && capitals * 10 >= words * 8);
  }
  for (const KnownPhrase& known : c.known) ++c.starts[known.first_token + 1];
  std::partial_sum(c.starts.begin(), c.starts.end(), c.starts.begin());
  return c;
}

// Brings the mentions numbered in `order` to the front, in that order, and drops the others. In place: a second copy of
// all mentions would be the largest thing that a document needs.
void MoveInOrder(std::vector<Mention>& mentions, std::vector<uint32_t> order) {
  const size_t kept = order.size();
  std::vector<bool> used(mentions.size(), false);
  for (const uint32_t i : order) used[i] = true;
  for (uint32_t i = 0; i < mentions.size(); ++i)
    if (!used[i]) order.push_back(i);
  for (uint32_t start = 0; start < order.size(); ++start) {
    if (order[start] == start) continue;
    Mention first = std::move(mentions[start]);
    uint32_t hole = start;
    for (uint32_t from = order[hole]; from != start; from = order[hole]) {
      mentions[hole] = std::move(mentions[from]);
      order[hole] = hole;
      hole = from;
    }
    mentions[hole] = std::move(first);
    order[hole] = hole;
  }
  mentions.erase(mentions.begin() + static_cast<std::ptrdiff_t>(kept), mentions.end());
}

// Keeps, among overlapping mentions of one kind, the better source, then the longer, then the earlier.
void SettleOverlaps(std::vector<Mention>& mentions, size_t token_count) {
  // Mentions are large: their numbers are sorted, and each is moved once.
  std::vector<uint32_t> order(mentions.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](uint32_t i, uint32_t j) {
    const Mention& a = mentions[i];
    const Mention& b = mentions[j];
    if (a.source != b.source) return a.source > b.source;
    const uint32_t la = a.end_token - a.first_token;
    const uint32_t lb = b.end_token - b.first_token;
    return la != lb ? la > lb : a.first_token < b.first_token;
  });
  std::vector<bool> taken[5];
  for (auto& t : taken) t.resize(token_count);
  std::vector<uint32_t> kept;
  for (uint32_t i : order) {
    const Mention& m = mentions[i];
    auto& mine = taken[static_cast<size_t>(m.kind)];
    const auto from = mine.begin() + m.first_token;
    const auto to = mine.begin() + m.end_token;
    if (std::find(from, to, true) != to) continue;
    std::fill(from, to, true);
    kept.push_back(i);
  }
  std::stable_sort(kept.begin(), kept.end(), [&](uint32_t i, uint32_t j) {
    const Mention& a = mentions[i];
    const Mention& b = mentions[j];
    return a.first_token != b.first_token ? a.first_token < b.first_token : a.kind < b.kind;
  });
  MoveInOrder(mentions, std::move(kept));
}

}  // namespace

bool IsFunctionWord(std::string_view folded) {
  static const auto* const words = new absl::flat_hash_set<std::string_view>{
      "a",       "an",        "the",    "and",       "or",    "but",   "of",      "in",      "on",       "at",
      "to",      "for",       "from",   "by",        "with",  "as",    "is",      "was",     "were",     "are",
      "be",      "been",      "has",    "have",      "had",   "it",    "its",     "he",      "she",      "they",
      "his",     "her",       "their",  "this",      "that",  "these", "those",   "who",     "which",    "when",
      "where",   "while",     "after",  "before",    "since", "until", "under",   "over",    "between",  "into",
      "about",   "than",      "then",   "there",     "not",   "no",    "we",      "i",       "you",      "our",
      "my",      "all",       "both",   "some",      "any",   "each",  "one",     "if",      "so",       "also",
      "however", "according", "what",   "how",       "why",   "said",  "says",    "will",    "would",    "nobody",
      "neither", "nor",       "during", "according", "such",  "other", "another", "only",    "per",      "via",
      "through", "against",   "near",   "off",       "out",   "up",    "down",    "more",    "most",     "him",
      "them",    "us",        "me",     "did",       "does",  "do",    "can",     "could",   "may",      "might",
      "must",    "older",     "last",   "next",      "among", "asked", "told",    "because", "although", "though",
      "yet",     "now",       "here",   "just",      "still", "even"};
  return words->count(folded) > 0;
}

Mentions FindMentions(const Knowledge& knowledge, const Page& page, const TokenizedText& text) {
  const MentionContext c = MakeContext(knowledge, page, text);
  Mentions out;
  FindPlaces(c, out.all);
  FindGoods(c, out.all);
  FindAgencies(c, out.all);
  FindNames(c, out.all);
  FindDescribedPersons(c, out.all);
  FindTransport(c, out.all);
  FindLegal(c, out.all);
  std::vector<bool> legal(text.tokens.size(), false);
  for (const Mention& m : out.all)
    if (m.kind == MentionKind::kLegal) std::fill(legal.begin() + m.first_token, legal.begin() + m.end_token, true);
  std::erase_if(out.all, [&](const Mention& m) {
    return m.kind == MentionKind::kParty && legal[m.end_token - 1] && m.source != PartySource::kAgency;
  });
  SettleOverlaps(out.all, text.tokens.size());
  // "arms dealers", "Gold Coast Shipping": a word for goods inside the name or description of a party is none.
  std::vector<bool> party(text.tokens.size(), false);
  for (const Mention& m : out.all)
    if (m.kind == MentionKind::kParty) std::fill(party.begin() + m.first_token, party.begin() + m.end_token, true);
  std::erase_if(out.all, [&](const Mention& m) { return m.kind == MentionKind::kGoods && party[m.end_token - 1]; });
  for (const KnownPhrase& known : c.known)
    if (known.entry->table == Table::kTrigger)
      out.triggers.push_back({known.first_token, known.end_token, c.sentence_of[known.first_token], known.entry});
  out.sentence_of = c.sentence_of;
  return out;
}

}  // namespace interdict::pipeline
