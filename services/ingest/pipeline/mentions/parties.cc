// Organisations and authorities: known agencies and outlets, heads with what stands before them ("Czech foreign
// ministry"), and names by shape.
#include <map>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "services/ingest/pipeline/mentions/context.h"

namespace interdict::pipeline {
namespace {

bool IsNameToken(const MentionContext& c, uint32_t i) {
  const Token& t = c.token(i);
  if (!t.is_word || IsFunctionWord(t.folded)) return false;
  const std::string text = c.page.text.substr(t.begin, t.end - t.begin);
  const size_t dash = text.find('-');
  if (dash != std::string::npos && dash + 1 < text.size()) {
    // "al-Noor" is of a name, "Beirut-based" is not.
    const bool capital_behind = absl::ascii_isupper(static_cast<unsigned char>(text[dash + 1]));
    if (!t.is_capitalised) return dash <= 3 && capital_behind;
    if (!capital_behind && absl::ascii_islower(static_cast<unsigned char>(text[dash + 1])) &&
        c.At(i, Table::kFirstName) == nullptr) {
      for (const char* end : {"-based", "-registered", "-flagged", "-born", "-made", "-owned", "-bound", "-built",
                              "-year-old", "-plated", "-language"})
        if (absl::EndsWith(t.folded, end)) return false;
    }
  }
  return t.is_capitalised;
}

// Whether a capital at the start of a sentence tells nothing: the word is also written small, or is a known common
// word.
bool IsOrdinaryStart(const MentionContext& c, uint32_t i) {
  if (i != c.sentence(i).first_token) return false;
  if (c.lower_words.count(c.token(i).folded)) return true;
  for (const KnownPhrase& phrase : c.StartingAt(i)) {
    const Table table = phrase.entry->table;
    if (table == Table::kFirstName || table == Table::kTitle) return false;
    if (table == Table::kTrigger || table == Table::kPersonNoun || table == Table::kGoods ||
        table == Table::kConveyance)
      return true;
  }
  return false;
}

void FinishAgency(const MentionContext& c, Mention& m) {
  m.party_kind = v1::PARTY_KIND_ORGANIZATION;
  m.role_hint = "AUTHORITY";
  for (uint32_t i = m.first_token; i < m.end_token && m.codes.empty(); ++i)
    if (const KnownPhrase* place = c.At(i, Table::kPlace); place != nullptr && c.token(i).is_capitalised)
      m.codes = {place->entry->codes[0]};
}

// A head such as "police" takes the place, demonym and capitalised words before it, and "of the …"/"in …" behind it.
void AddAgencyHead(const MentionContext& c, const KnownPhrase& head, std::vector<Mention>& out) {
  const uint32_t floor = c.sentence(head.first_token).first_token;
  uint32_t begin = head.first_token;
  while (begin > floor && head.first_token - begin < 5) {
    const Token& before = c.token(begin - 1);
    const bool possessive =
        before.folded == "'s" || before.folded == "\u2019s" || before.folded == "'" || before.folded == "\u2019";
    if (possessive ? begin - 1 > floor && c.token(begin - 2).is_capitalised
                   : IsNameToken(c, begin - 1) && !IsOrdinaryStart(c, begin - 1)) {
      --begin;
      continue;
    }
    break;
  }
  if (begin < head.first_token && c.token(begin).folded == "'s") ++begin;
  uint32_t end = head.end_token;
  const uint32_t limit = c.sentence(head.first_token).end_token;
  if (end + 1 < limit && (c.token(end).folded == "of" || c.token(end).folded == "in" || c.token(end).folded == "at")) {
    uint32_t at = end + 1;
    if (at < limit && c.token(at).folded == "the") ++at;
    const uint32_t name = at;
    while (at < limit && at - name < 4 && IsNameToken(c, at)) ++at;
    if (at > name) end = at;
  }
  Mention m = MakeMention(c, MentionKind::kParty, begin, end);
  m.source = PartySource::kAgencyHead;
  m.entry = head.entry;
  m.function_hint = head.entry->kind;
  m.named = begin < head.first_token || end > head.end_token || c.token(head.first_token).is_capitalised;
  m.head = c.token(head.end_token - 1).folded;
  m.definite = begin > floor && c.token(begin - 1).folded == "the";
  FinishAgency(c, m);
  // An embassy speaks and is spoken of, but neither seizes nor tries.
  for (uint32_t t = head.first_token; t < head.end_token; ++t)
    if (const KnownPhrase* word = c.At(t, Table::kOrganisationWord);
        word != nullptr && word->entry->kind == "embassy") {
      m.role_hint.clear();
      m.function_hint.clear();
    }
  out.push_back(std::move(m));
}

// The run of capitalised words, particles and "of/and/for/the" between them that starts at a token.
uint32_t NameEnd(const MentionContext& c, uint32_t first, bool allow_links) {
  const uint32_t limit = c.sentence(first).end_token;
  uint32_t end = first + 1;
  while (end < limit && end - first < 10) {
    const Token& t = c.token(end);
    if (IsNameToken(c, end) ||
        (t.is_number && end > first && c.token(end - 1).is_capitalised && t.folded.size() <= 3 && allow_links)) {
      ++end;
      continue;
    }
    const bool link = t.folded == "&" || c.At(end, Table::kParticle) != nullptr ||
                      (allow_links && (t.folded == "of" || t.folded == "for"));
    if (link && end + 1 < limit && IsNameToken(c, end + 1)) {
      end += 2;
      continue;
    }
    // A lone initial keeps its point: "Merijn Q."
    if (t.folded == "." && c.token(end - 1).folded.size() == 1 && end + 1 < limit) {
      ++end;
      continue;
    }
    break;
  }
  return end;
}

// Where a legal form behind the name ends: ", Ltd", "S.A.", "Sp. z o.o.".
uint32_t SuffixEnd(const MentionContext& c, uint32_t end, uint32_t limit, const Entry** word) {
  for (;;) {
    uint32_t at = end;
    if (at < limit && c.token(at).folded == "," && at + 1 < limit) ++at;
    const KnownPhrase* suffix = at < limit ? c.At(at, Table::kOrganisationWord) : nullptr;
    if (suffix == nullptr || suffix->entry->kind != "suffix" || !c.token(at).is_capitalised) return end;
    *word = suffix->entry;
    if (at != end && suffix->end_token < limit && c.token(suffix->end_token).is_capitalised)
      return end;  // "St Petersburg, OOO Agro"
    end = suffix->end_token;
    if (end < limit && c.token(end).folded == "." && end + 1 < limit) ++end;
  }
}

void AddOrganisationByShape(const MentionContext& c, uint32_t first, uint32_t end, const Entry* word,
                            std::vector<Mention>& out) {
  Mention m = MakeMention(c, MentionKind::kParty, first, end);
  m.source = PartySource::kOrganisation;
  m.named = true;
  m.party_kind = v1::PARTY_KIND_ORGANIZATION;
  const std::string& kind = word == nullptr ? "" : word->kind;
  m.role_hint = kind == "media" || kind == "university" || kind == "ngo"  ? "SOURCE"
                : kind == "government"                                    ? "AUTHORITY"
                : kind == "company" || kind == "suffix" || kind == "bank" ? "COMPANY"
                                                                          : "";
  for (uint32_t i = first; i < end && m.codes.empty(); ++i) {
    const KnownPhrase* place = c.At(i, Table::kPlace);
    if (place != nullptr && place->entry->codes.size() == 1) m.codes = place->entry->codes;
  }
  out.push_back(std::move(m));
}

// The office or rank in front of a name: "BIS spokesperson", "U.S. Attorney", "deputy prosecutor".
const KnownPhrase* TitleBefore(const MentionContext& c, uint32_t first) {
  const uint32_t floor = c.sentence(first).first_token;
  for (uint32_t back = 1; back <= 4 && first >= floor + back; ++back) {
    for (Table table : {Table::kPersonNoun, Table::kTitle}) {
      const KnownPhrase* title = c.At(first - back, table);
      if (title != nullptr &&
          (title->end_token == first ||
           (title->end_token + 1 == first && (c.token(first - 1).folded == "," || c.token(first - 1).folded == "."))))
        return title;
    }
  }
  return nullptr;
}

// Age and trade behind a name: ", 47, of Gdynia", "(33), an Angolan citizen".
void ReadApposition(const MentionContext& c, Mention& m) {
  const uint32_t limit = c.sentence(m.first_token).end_token;
  uint32_t at = m.end_token;
  if (at + 1 >= limit || (c.token(at).folded != "," && c.token(at).folded != "(")) return;
  int age = 0;
  if (c.token(at + 1).is_number && absl::SimpleAtoi(c.token(at + 1).folded, &age) && age >= 14 && age < 100) {
    m.age_years = static_cast<uint32_t>(age);
    m.party_kind = v1::PARTY_KIND_PERSON;
    at += 2;
  }
  for (uint32_t i = at; i < limit && i < at + 8; ++i) {
    if (const KnownPhrase* place = c.At(i, Table::kPlace);
        place != nullptr && place->entry->kind == "demonym" && m.codes.empty())
      m.codes = {place->entry->codes[0]};
    if (const KnownPhrase* noun = c.At(i, Table::kPersonNoun)) {
      if (m.position.empty()) m.position = c.Span(noun->first_token, noun->end_token);
      if (m.role_hint.empty()) m.role_hint = noun->entry->kind;
      break;
    }
    if (c.token(i).folded == "." || c.token(i).folded == ";") break;
  }
}

void AddPerson(const MentionContext& c, uint32_t first, uint32_t end, const KnownPhrase* title,
               std::vector<Mention>& out) {
  Mention m = MakeMention(c, MentionKind::kParty, first, end);
  m.source = PartySource::kShape;
  m.named = true;
  m.party_kind = v1::PARTY_KIND_PERSON;
  if (title != nullptr) {
    if (title->entry->table == Table::kPersonNoun) {
      m.role_hint = title->entry->kind;
      m.function_hint = title->entry->value;
    } else if (title->entry->kind == "office") {
      m.role_hint = "OFFICIAL";
    }
    if (title->entry->kind != "honorific") m.position = c.Span(title->first_token, title->end_token);
    const uint32_t floor = c.sentence(first).first_token;
    for (uint32_t back = 3; back >= 1 && m.codes.empty(); --back) {
      if (title->first_token < floor + back) continue;
      const KnownPhrase* place = c.At(title->first_token - back, Table::kPlace);
      if (place != nullptr && place->end_token == title->first_token) m.codes = {place->entry->codes[0]};
    }
  }
  ReadApposition(c, m);
  out.push_back(std::move(m));
}

}  // namespace

void FindAgencies(const MentionContext& c, std::vector<Mention>& out) {
  for (const KnownPhrase& known : c.known) {
    const Entry& e = *known.entry;
    if (e.table == Table::kAgency) {
      if (!c.token(known.first_token).is_capitalised) continue;
      Mention m = MakeMention(c, MentionKind::kParty, known.first_token, known.end_token);
      m.source = PartySource::kAgency;
      m.entry = known.entry;
      m.named = true;
      m.codes = e.codes;
      m.function_hint = e.kind;
      FinishAgency(c, m);
      out.push_back(std::move(m));
    } else if (e.table == Table::kOutlet) {
      Mention m = MakeMention(c, MentionKind::kParty, known.first_token, known.end_token);
      if (!c.token(known.first_token).is_capitalised) continue;
      m.source = PartySource::kOutlet;
      m.entry = known.entry;
      m.named = true;
      m.codes = e.codes;
      m.party_kind = v1::PARTY_KIND_ORGANIZATION;
      m.role_hint = "SOURCE";
      m.function_hint = "OUTLET";
      out.push_back(std::move(m));
    } else if (e.table == Table::kAgencyHead) {
      AddAgencyHead(c, known, out);
    }
  }
}

namespace {

// The mention at another place of the text, with what is known of it.
Mention MoveTo(const MentionContext& c, Mention m, uint32_t first, uint32_t end) {
  const Mention span = MakeMention(c, MentionKind::kParty, first, end);
  m.first_token = span.first_token;
  m.end_token = span.end_token;
  m.begin = span.begin;
  m.end = span.end;
  m.sentence = span.sentence;
  m.text = span.text;
  return m;
}

// Later short forms of the names found: acronyms ("NEC"), surnames ("Brekke"), first words of a firm ("Halberd").
void AddShortForms(const MentionContext& c, const std::map<std::string, Mention>& acronyms, std::vector<Mention>& out) {
  std::map<std::string, Mention> short_forms = acronyms;
  for (const Mention& m : out) {
    if (!m.named || m.source == PartySource::kAgency || m.source == PartySource::kOutlet ||
        m.source == PartySource::kAgencyHead || m.end_token - m.first_token < 2)
      continue;
    if (m.party_kind == v1::PARTY_KIND_PERSON) {
      const auto [at, is_new] = short_forms.try_emplace(c.Span(m.end_token - 1, m.end_token), m);
      if (is_new) at->second.position.clear();
    } else {
      for (uint32_t end = m.first_token + 1; end < m.end_token; ++end)
        short_forms.try_emplace(c.Span(m.first_token, end), m);
    }
  }
  // Two words of a firm's name look like a person's.
  for (Mention& m : out) {
    if (m.party_kind != v1::PARTY_KIND_PERSON || m.source != PartySource::kShape || !m.position.empty() ||
        m.age_years > 0)
      continue;
    const auto found = short_forms.find(m.text);
    if (found != short_forms.end() && found->second.party_kind == v1::PARTY_KIND_ORGANIZATION)
      m = MoveTo(c, found->second, m.first_token, m.end_token);
  }
  for (uint32_t i = 0; i < c.text.tokens.size() && !short_forms.empty(); ++i) {
    const Token& token = c.token(i);
    if (!token.is_capitalised || token.end - token.begin < 3 || c.lower_words.count(token.folded) > 0) continue;
    const auto found = short_forms.find(c.Span(i, i + 1));
    if (found == short_forms.end() || c.At(i, Table::kPlace) != nullptr || c.At(i, Table::kAgency) != nullptr ||
        c.At(i, Table::kOrganisationWord) != nullptr)
      continue;
    out.push_back(MoveTo(c, found->second, i, i + 1));
  }
}

}  // namespace

void FindNames(const MentionContext& c, std::vector<Mention>& out) {
  std::map<std::string, Mention> acronyms;  // by acronym: the organisation that it was given with
  for (uint32_t i = 0; i < c.text.tokens.size(); ++i) {
    if (!IsNameToken(c, i) || c.title_case[c.sentence_of[i]] || IsOrdinaryStart(c, i)) continue;
    const uint32_t limit = c.sentence(i).end_token;
    uint32_t end = NameEnd(c, i, true);
    const Entry* word = nullptr;
    for (uint32_t t = i; t < end; ++t) {
      const KnownPhrase* w = c.At(t, Table::kOrganisationWord);
      if (w == nullptr || !c.token(t).is_capitalised) continue;
      if (w->end_token > end && w->entry->kind == "suffix")
        end = w->end_token;  // "Sp. z o.o." goes on in small letters
      if (w->end_token > end) continue;
      if (word == nullptr || word->kind != "media") word = w->entry;
    }
    const uint32_t with_suffix = SuffixEnd(c, end, limit, &word);
    const bool has_acronym = with_suffix + 2 < limit && c.token(with_suffix).folded == "(" &&
                             c.token(with_suffix + 1).is_all_caps && c.token(with_suffix + 2).folded == ")";
    if (word != nullptr || (has_acronym && end - i >= 2)) {
      AddOrganisationByShape(c, i, with_suffix, word, out);
      if (has_acronym) acronyms.emplace(c.Span(with_suffix + 1, with_suffix + 2), out.back());
      i = with_suffix - 1;
      continue;
    }
    uint32_t first = i;
    const uint32_t person_end = NameEnd(c, i, false);
    // Titles in capitals belong to the run: cut them off.
    const KnownPhrase* title = nullptr;
    while (first < person_end) {
      const KnownPhrase* t = c.At(first, Table::kTitle);
      if (t == nullptr) t = c.At(first, Table::kPersonNoun);
      if (t == nullptr) break;
      if (t->end_token >= person_end) {  // "a Second Secretary": an office, no name
        first = person_end;
        break;
      }
      title = t;
      first = t->end_token;
      if (first < person_end && c.token(first).folded == ".") ++first;
    }
    while (first < person_end) {
      const KnownPhrase* place = c.At(first, Table::kPlace);
      if (place == nullptr || place->entry->kind != "demonym") break;
      first = place->end_token;
    }
    if (first >= person_end) {
      i = person_end - 1;
      continue;
    }
    if (title == nullptr) title = TitleBefore(c, first);
    const bool known_first = c.At(first, Table::kFirstName) != nullptr;
    const bool aged = person_end + 2 < limit && c.token(person_end).folded == "," &&
                      c.token(person_end + 1).is_number && c.token(person_end + 1).folded.size() == 2;
    const bool is_place = c.At(first, Table::kPlace) != nullptr || c.At(first, Table::kAgency) != nullptr ||
                          c.At(first, Table::kOutlet) != nullptr;
    const bool agency_inside = c.At(person_end - 1, Table::kAgencyHead) != nullptr;
    const uint32_t length = person_end - first;
    if (!agency_inside &&
        ((title != nullptr && !is_place) || (known_first && length >= 2) || aged ||
         (length >= 2 && length <= 4 && !is_place && title == nullptr && !c.token(first).is_all_caps))) {
      AddPerson(c, first, person_end, title, out);
    }
    i = person_end - 1;
  }
  AddShortForms(c, acronyms, out);
}

}  // namespace interdict::pipeline
