// Legal instruments: laws known by name, numbered resolutions, sections and regulations, and embargoes told in words.
#include "absl/strings/str_cat.h"
#include "services/ingest/pipeline/mentions/context.h"

namespace interdict::pipeline {
namespace {

bool AllDigits(const std::string& s) {
  return !s.empty() && std::all_of(s.begin(), s.end(), [](char ch) { return ch >= '0' && ch <= '9'; });
}

void AddLegal(const MentionContext& c, uint32_t first, uint32_t end, const std::string& instrument, const Entry* entry,
              std::vector<Mention>& out) {
  Mention m = MakeMention(c, MentionKind::kLegal, first, end);
  m.instrument = instrument;
  m.entry = entry;
  out.push_back(std::move(m));
}

// "resolution 1970", "resolutions 2375 (2017) and 2397 (2017)".
void AddResolutions(const MentionContext& c, uint32_t word, std::vector<Mention>& out) {
  const uint32_t limit = c.sentence(word).end_token;
  for (uint32_t i = word + 1; i < limit && i < word + 14; ++i) {
    const std::string& t = c.token(i).folded;
    if (AllDigits(t) && t.size() >= 3 && t.size() <= 4) {
      const bool year = c.token(i - 1).folded == "(" || c.token(i - 1).folded == "of";
      if (!year) AddLegal(c, i, i + 1, absl::StrCat("UNSCR ", t), nullptr, out);
      continue;
    }
    if (t != "(" && t != ")" && t != "and" && t != "," && t != "of" && t != "no" && t != ".") return;
  }
}

// "18 U.S.C. § 554", "50 U.S.C. 1705", "31 CFR Part 560".
void AddCode(const MentionContext& c, uint32_t number, std::vector<Mention>& out) {
  const uint32_t limit = c.sentence(number).end_token;
  if (number + 2 >= limit) return;
  std::string code;
  for (char ch : c.token(number + 1).folded)
    if (ch != '.') code += ch;
  if (code != "usc" && code != "cfr") return;
  for (uint32_t i = number + 2; i < limit && i < number + 6; ++i)
    if (c.token(i).is_number)
      return AddLegal(c, number, i + 1,
                      absl::StrCat(c.token(number).folded, code == "usc" ? " USC " : " CFR ", c.token(i).folded),
                      nullptr, out);
}

// "Regulation (EU) No 517/2014", "Council Regulation 428/2009".
void AddRegulation(const MentionContext& c, uint32_t word, std::vector<Mention>& out) {
  const uint32_t limit = c.sentence(word).end_token;
  std::string body = "EU";
  for (uint32_t i = word + 1; i < limit && i < word + 8; ++i) {
    const Token& t = c.token(i);
    if (t.folded == "ec") body = "EC";
    if (!t.is_number) continue;
    const std::string text = c.page.text.substr(t.begin, 12);
    size_t at = 0;
    while (at < text.size() && ((text[at] >= '0' && text[at] <= '9') || text[at] == '/')) ++at;
    const std::string number = text.substr(0, at);
    if (number.find('/') == std::string::npos) return;
    uint32_t end = i + 1;
    while (end < limit && c.token(end).begin < t.begin + at) ++end;
    return AddLegal(c, word, end, absl::StrCat(body, " ", number), nullptr, out);
  }
}

// An embargo in words: the regime's word with a country and perhaps the year near it.
void AddEmbargo(const MentionContext& c, uint32_t word, std::vector<Mention>& out) {
  const Sentence& s = c.sentence(word);
  std::string best;
  const Entry* from = nullptr;
  uint32_t last = word + 1;
  for (uint32_t i = s.first_token; i < s.end_token; ++i) {
    const uint32_t distance = i > word ? i - word : word - i;
    if (distance > 14) continue;
    const KnownPhrase* place = c.At(i, Table::kPlace);
    if (place == nullptr || place->entry->kind == "region") continue;
    for (const Entry* e : c.knowledge.embargoes()) {
      if (e->kind.empty() || e->codes.empty() || e->codes[0] != place->entry->codes[0]) continue;
      if (e->phrase.find("embargo") == std::string::npos) continue;
      bool year_told = false;
      for (uint32_t y = s.first_token; y < s.end_token; ++y)
        if (c.token(y).folded == e->kind) {
          year_told = true;
          last = std::max(y, i) + 1;
        }
      if (year_told || best.empty()) {
        best = e->value;
        from = e;
        if (!year_told) last = std::max(word, i) + 1;
      }
      if (year_told) return AddLegal(c, std::min(word, i), last, best, from, out);
    }
  }
  if (!best.empty()) AddLegal(c, word, std::max(last, word + 1), best, from, out);
}

}  // namespace

void FindLegal(const MentionContext& c, std::vector<Mention>& out) {
  for (const KnownPhrase& known : c.known) {
    if (known.entry->table != Table::kLegal && known.entry->table != Table::kEmbargo) continue;
    if (!known.entry->value.empty())
      AddLegal(c, known.first_token, known.end_token, known.entry->value, known.entry, out);
  }
  for (uint32_t i = 0; i < c.text.tokens.size(); ++i) {
    const std::string& word = c.token(i).folded;
    if (word == "resolution" || word == "resolutions") AddResolutions(c, i, out);
    if (word == "regulation" || word == "regulations") AddRegulation(c, i, out);
    if (word == "embargo") AddEmbargo(c, i, out);
    if (c.token(i).is_number && word.size() <= 2) AddCode(c, i, out);
  }
}

}  // namespace interdict::pipeline
