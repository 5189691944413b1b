#include "absl/strings/ascii.h"
#include "services/ingest/pipeline/mentions/context.h"

namespace interdict::pipeline {
namespace {

bool IsModifierToken(const MentionContext& c, uint32_t i) {
  const Token& t = c.token(i);
  if (!t.is_word && !t.is_number) return false;
  if (IsFunctionWord(t.folded)) return false;
  // A verb, or a word that is something of its own, ends the noun phrase.
  for (const KnownPhrase& phrase : c.StartingAt(i)) {
    const Entry& e = *phrase.entry;
    if (e.table == Table::kTrigger && e.extra != "noun" && e.kind != "offence" && e.kind != "sanction") return false;
    if (e.table == Table::kPersonNoun || e.table == Table::kAgency || e.table == Table::kAgencyHead) return false;
  }
  return true;
}

// Where a goods noun phrase begins: at most three describing words to the left.
uint32_t GoodsBegin(const MentionContext& c, uint32_t first) {
  const uint32_t floor = c.sentence(first).first_token;
  uint32_t begin = first;
  while (begin > floor && first - begin < 3 && IsModifierToken(c, begin - 1)) --begin;
  while (begin < first && c.token(begin).is_number) ++begin;  // counts stand in `quantities`
  return begin;
}

// "parts for", "components of" directly in front of the goods.
uint32_t PartBegin(const MentionContext& c, uint32_t begin) {
  const uint32_t floor = c.sentence(begin).first_token;
  if (begin < floor + 2) return begin;
  for (uint32_t back = 4; back >= 1; --back) {
    if (begin < floor + back) continue;
    const KnownPhrase* part = c.At(begin - back, Table::kPartWord);  // "spare parts for" as one phrase
    if (part != nullptr && part->end_token == begin) return part->first_token;
  }
  const std::string& link = c.token(begin - 1).folded;
  if (link != "for" && link != "of") return begin;
  for (uint32_t back = 4; back >= 2; --back) {
    if (begin < floor + back) continue;
    const KnownPhrase* part = c.At(begin - back, Table::kPartWord);
    if (part != nullptr && part->end_token == begin - 1) return part->first_token;
  }
  return begin;
}

}  // namespace

void FindPlaces(const MentionContext& c, std::vector<Mention>& out) {
  uint32_t covered = 0;
  for (const KnownPhrase& known : c.known) {
    if (known.entry->table != Table::kPlace || known.first_token < covered) continue;
    const Token& first = c.token(known.first_token);
    if (!first.is_capitalised && !absl::ascii_isdigit(static_cast<unsigned char>(first.folded[0])) &&
        known.entry->kind != "sea")
      continue;
    Mention m = MakeMention(c, MentionKind::kPlace, known.first_token, known.end_token);
    m.entry = known.entry;
    m.codes = known.entry->codes;
    m.is_demonym = known.entry->kind == "demonym";
    m.is_capital = known.entry->kind == "capital";
    m.is_region = known.entry->kind == "region";
    covered = known.end_token;
    out.push_back(std::move(m));
  }
}

void FindGoods(const MentionContext& c, std::vector<Mention>& out) {
  uint32_t covered = 0;
  for (size_t i = 0; i < c.known.size(); ++i) {
    const KnownPhrase& known = c.known[i];
    const bool is_model = known.entry->table == Table::kModel && !known.entry->value.empty();
    if ((known.entry->table != Table::kGoods && !is_model) || known.first_token < covered) continue;
    if (known.entry->HasFlag("generic")) continue;
    uint32_t end = known.end_token;
    std::vector<std::string> models;
    const Entry* head = known.entry;
    if (is_model) {
      models.push_back(c.Span(known.first_token, end));
      // "T-54 and T-55 tanks": further models, then the noun.
      const uint32_t limit = c.sentence(known.first_token).end_token;
      uint32_t at = end;
      while (at < limit) {
        const std::string& word = c.token(at).folded;
        const uint32_t next = (word == "and" || word == "or" || word == "," || word == "/") ? at + 1 : at;
        if (next >= limit) break;
        if (const KnownPhrase* more = c.At(next, Table::kModel); more != nullptr && !more->entry->value.empty()) {
          models.push_back(c.Span(more->first_token, more->end_token));
          at = end = more->end_token;
          continue;
        }
        if (next == at)
          if (const KnownPhrase* noun = c.At(at, Table::kGoods); noun != nullptr) {
            end = noun->end_token;
            if (!noun->entry->HasFlag("generic")) head = noun->entry;
          }
        break;
      }
      // A means of transport is goods only where a goods noun behind it says so ("T-54 tanks").
      const bool moves =
          known.entry->kind == "vessel" || known.entry->kind == "aircraft" || known.entry->kind == "vehicle";
      if (moves && head == known.entry && models.size() == 1) continue;
    }
    const uint32_t noun_begin = GoodsBegin(c, known.first_token);
    const uint32_t begin = PartBegin(c, noun_begin);
    Mention m = MakeMention(c, MentionKind::kGoods, begin, end);
    m.entry = head;
    m.category = head->value;
    m.offence = head->table == Table::kGoods ? head->kind
                                             : (m.category.rfind("ML", 0) == 0   ? "ARMS_TRAFFICKING"
                                                : m.category.rfind("DU", 0) == 0 ? "PROLIFERATION"
                                                                                 : "");
    m.hs_chapter = head->table == Table::kGoods ? head->extra : "";
    m.models = models;
    m.part = begin != noun_begin || head->HasFlag("part") ||
             c.At(end < c.text.tokens.size() ? end : begin, Table::kPartWord) != nullptr;
    covered = end;
    out.push_back(std::move(m));
  }
}

}  // namespace interdict::pipeline
