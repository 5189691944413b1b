// Persons without a name ("a local businessman", "36-year-old driver") and means of transport (vessels, aircraft,
// vehicles).
#include <map>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "services/ingest/pipeline/mentions/context.h"

namespace interdict::pipeline {
namespace {

bool IsDescribing(const MentionContext& c, uint32_t i) {
  const Token& t = c.token(i);
  if (!t.is_word || IsFunctionWord(t.folded)) return false;
  for (const KnownPhrase& phrase : c.StartingAt(i)) {
    const Entry& e = *phrase.entry;
    if (e.table == Table::kTrigger && (e.extra.rfind("verb", 0) == 0 || e.kind == "place")) return false;
  }
  return true;
}

uint32_t DescriptionBegin(const MentionContext& c, uint32_t noun) {
  const uint32_t floor = c.sentence(noun).first_token;
  uint32_t begin = noun;
  while (begin > floor && noun - begin < 4 && IsDescribing(c, begin - 1)) --begin;
  return begin;
}

bool IsSevenDigits(const std::string& s) {
  return s.size() == 7 && std::all_of(s.begin(), s.end(), [](char ch) { return ch >= '0' && ch <= '9'; });
}

// "IMO 1234567", "IMO number: 1234567" within a few tokens.
std::string ImoNear(const MentionContext& c, uint32_t at) {
  for (uint32_t i = at; c.InSentence(i, at) && i < at + 10; ++i)
    if (c.token(i).folded == "imo")
      for (uint32_t n = i + 1; c.InSentence(n, at) && n < i + 5; ++n)
        if (IsSevenDigits(c.token(n).folded)) return c.token(n).folded;
  return "";
}

// A capitalised name that is no place, agency or first word of the sentence.
uint32_t VesselNameEnd(const MentionContext& c, uint32_t first) {
  uint32_t end = first;
  while (c.InSentence(end, first) && end - first < 4) {
    const Token& t = c.token(end);
    const bool roman_or_number = end > first && (t.is_number || t.is_all_caps);
    if (!(t.is_word && t.is_capitalised && !IsFunctionWord(t.folded)) && !roman_or_number) break;
    ++end;
  }
  return end;
}

// A craft that stops others or carries travellers ("USS", "cutter", "ferry"): no carrier of contraband.
bool IsPatrol(const MentionContext& c, uint32_t i) {
  for (const KnownPhrase& phrase : c.StartingAt(i)) {
    const Entry& e = *phrase.entry;
    if (e.table == Table::kTrigger && e.kind == "patrol") return true;
  }
  return false;
}

void AddVessel(const MentionContext& c, uint32_t first, uint32_t end, const Entry* type, std::vector<Mention>& out) {
  Mention m = MakeMention(c, MentionKind::kParty, first, end);
  m.source = PartySource::kTransport;
  m.party_kind = v1::PARTY_KIND_VESSEL;
  m.named = true;
  m.entry = type;
  m.conveyance_kind = "VESSEL";
  m.imo_number = ImoNear(c, end);
  out.push_back(m);
  m.kind = MentionKind::kConveyance;
  out.push_back(std::move(m));
}

bool LooksLikeRegistration(const std::string& s) {
  const size_t dash = s.find('-');
  if (dash == std::string::npos || dash < 1 || dash > 2 || s.size() - dash < 4 || s.size() > 9) return false;
  bool letters = false;
  for (char ch : s) {
    if (ch != '-' && !absl::ascii_isupper(static_cast<unsigned char>(ch)) &&
        !absl::ascii_isdigit(static_cast<unsigned char>(ch)))
      return false;
    letters |= absl::ascii_isupper(static_cast<unsigned char>(ch));
  }
  return letters;
}

}  // namespace

void FindDescribedPersons(const MentionContext& c, std::vector<Mention>& out) {
  uint32_t covered = 0;
  for (const KnownPhrase& known : c.known) {
    if (known.entry->table != Table::kPersonNoun || known.first_token < covered) continue;
    covered = known.end_token;
    const uint32_t begin = DescriptionBegin(c, known.first_token);
    const uint32_t floor = c.sentence(begin).first_token;
    uint32_t end = known.end_token;
    if (known.entry->HasFlag("generic")) {
      // "officials from the top arms companies": whom they belong to is what tells.
      const uint32_t stop = std::min(c.sentence(begin).end_token, known.end_token + 8);
      if (end + 1 < stop &&
          (c.token(end).folded == "from" || c.token(end).folded == "of" || c.token(end).folded == "at")) {
        uint32_t at = end + 1;
        while (at < stop && (c.token(at).is_word || c.token(at).folded == "'s" || c.token(at).folded == "\u2019s") &&
               (c.token(at).folded == "the" || IsDescribing(c, at)))
          ++at;
        if (at > end + 1) end = at;
      }
    }
    Mention m = MakeMention(c, MentionKind::kParty, begin, end);
    m.source = PartySource::kNoun;
    m.entry = known.entry;
    m.party_kind = v1::PARTY_KIND_PERSON;
    m.role_hint = known.entry->kind;
    m.function_hint = known.entry->value;
    m.position = c.Span(known.first_token, known.end_token);
    m.head = c.token(known.end_token - 1).folded;
    const std::string before = begin > floor ? c.token(begin - 1).folded : "";
    m.definite = before == "the" || before == "that" || before == "this" || before == "his" || before == "her" ||
                 before == "their";
    const bool counted = begin > floor && c.token(begin - 1).is_number;
    const bool plural = m.head.size() > 3 && m.head.back() == 's' && known.entry->phrase.back() != 's';
    m.generic = known.entry->HasFlag("generic") || (plural && !m.definite && !counted && begin == known.first_token);
    for (uint32_t i = begin; i < known.first_token; ++i) {
      if (const KnownPhrase* place = c.At(i, Table::kPlace); place != nullptr && m.codes.empty())
        m.codes = {place->entry->codes[0]};
      const std::string& word = c.token(i).folded;
      int age = 0;
      if (word.find("-year-old") != std::string::npos && absl::SimpleAtoi(word.substr(0, word.find('-')), &age))
        m.age_years = static_cast<uint32_t>(age);
    }
    // "working as an economic attaché in Germany"
    const uint32_t limit = c.sentence(begin).end_token;
    if (known.end_token + 1 < limit &&
        (c.token(known.end_token).folded == "in" || c.token(known.end_token).folded == "to"))
      if (const KnownPhrase* place = c.At(known.end_token + 1, Table::kPlace))
        m.posted_to_code = place->entry->codes[0];
    out.push_back(std::move(m));
  }
}

namespace {

// "the Amber Wick" again and again, in a text about ships: the name of a ship, where it is nothing else that is known.
void FindShipsByArticle(const MentionContext& c, std::vector<Mention>& out) {
  constexpr int kShipWords = 2;
  int ship_words = 0;
  const Entry* type = nullptr;
  for (const KnownPhrase& known : c.known)
    if (known.entry->table == Table::kConveyance && known.entry->kind == "VESSEL") {
      ++ship_words;
      type = known.entry;
    }
  if (ship_words < kShipWords) return;
  std::map<std::string, std::vector<std::pair<uint32_t, uint32_t>>> runs;
  for (uint32_t i = 1; i < c.text.tokens.size(); ++i) {
    if (c.token(i - 1).folded != "the" || !c.InSentence(i - 1, i) || c.title_case[c.sentence_of[i]]) continue;
    const uint32_t end = VesselNameEnd(c, i);
    if (end == i || end - i > 3) continue;
    bool other = false;
    for (uint32_t t = i; t < end; ++t)
      for (const KnownPhrase& phrase : c.StartingAt(t)) {
        const Table table = phrase.entry->table;
        other |= (table == Table::kTrigger && phrase.entry->kind == "bare") || table == Table::kAgency ||
                 table == Table::kAgencyHead || table == Table::kOrganisationWord || table == Table::kOutlet ||
                 table == Table::kTitle || table == Table::kPersonNoun || table == Table::kLegal ||
                 table == Table::kPlace || table == Table::kModel;
      }
    if (!other && !c.token(i).is_all_caps) runs[c.Span(i, end)].emplace_back(i, end);
  }
  for (const auto& [name, spans] : runs)
    if (spans.size() >= 2)
      for (const auto& [first, end] : spans) AddVessel(c, first, end, type, out);
}

// "Nadir Star (IMO 7412086)": whatever carries such a number is a ship.
void FindShipsByNumber(const MentionContext& c, std::vector<Mention>& out) {
  constexpr uint32_t kNameTokens = 4;
  for (uint32_t i = 2; i < c.text.tokens.size(); ++i) {
    if (c.token(i).folded != "imo" || c.token(i - 1).folded != "(" || ImoNear(c, i).empty()) continue;
    const uint32_t floor = c.sentence(i).first_token;
    uint32_t first = i - 1;
    while (first > floor && i - 1 - first < kNameTokens && c.token(first - 1).is_capitalised &&
           !IsFunctionWord(c.token(first - 1).folded) && c.At(first - 1, Table::kConveyance) == nullptr)
      --first;
    if (first < i - 1) AddVessel(c, first, i - 1, nullptr, out);
  }
}

}  // namespace

void FindTransport(const MentionContext& c, std::vector<Mention>& out) {
  FindShipsByArticle(c, out);
  FindShipsByNumber(c, out);
  uint32_t covered = 0;
  for (const KnownPhrase& known : c.known) {
    if (known.entry->table != Table::kConveyance || known.first_token < covered) continue;
    const uint32_t limit = c.sentence(known.first_token).end_token;
    covered = known.end_token;
    const bool prefix = known.entry->kind == "VESSEL_PREFIX";
    const bool vessel = prefix || known.entry->kind == "VESSEL";
    const bool patrol = IsPatrol(c, known.first_token);
    if (prefix && patrol) continue;
    if (vessel && !patrol && known.end_token < limit && !c.title_case[c.sentence_of[known.first_token]]) {
      const uint32_t end = VesselNameEnd(c, known.end_token);
      if (end > known.end_token && c.At(known.end_token, Table::kPlace) == nullptr) {
        AddVessel(c, known.end_token, end, known.entry, out);
        continue;
      }
    }
    // "the Golden Tamarisk, an 89-metre general cargo ship"
    if (known.entry->kind == "VESSEL" && !patrol) {
      const uint32_t floor = c.sentence(known.first_token).first_token;
      for (uint32_t back = 1; back <= 7 && known.first_token >= floor + back + 1; ++back) {
        const uint32_t comma = known.first_token - back;
        if (c.token(comma).folded != "," && c.token(comma).folded != "(") continue;
        if (c.token(comma + 1).folded != "a" && c.token(comma + 1).folded != "an" && c.token(comma).folded != "(")
          break;
        uint32_t first = comma;
        while (first > floor && comma - first < 4 && c.token(first - 1).is_capitalised &&
               !IsFunctionWord(c.token(first - 1).folded))
          --first;
        if (first < comma && c.At(first, Table::kPlace) == nullptr) AddVessel(c, first, comma, known.entry, out);
        break;
      }
    }
    if (prefix) continue;
    Mention m = MakeMention(c, MentionKind::kConveyance, known.first_token, known.end_token);
    m.entry = known.entry;
    m.conveyance_kind = known.entry->kind;
    out.push_back(std::move(m));
  }
  for (uint32_t i = 0; i < c.text.tokens.size(); ++i) {
    const Token& t = c.token(i);
    const std::string text = c.page.text.substr(t.begin, t.end - t.begin);
    if (!LooksLikeRegistration(text) || c.At(i, Table::kModel) != nullptr) continue;
    bool near_aircraft = false;
    for (uint32_t n = i > 12 ? i - 12 : 0; n < i + 6 && n < c.text.tokens.size() && !near_aircraft; ++n) {
      const KnownPhrase* craft = c.At(n, Table::kConveyance);
      const KnownPhrase* model = c.At(n, Table::kModel);
      const std::string& word = c.token(n).folded;
      near_aircraft = word == "registered" || word == "registration" || word == "register" || word == "aircraft" ||
                      word == "plane" || word == "aeroplane" || word == "airplane" || word == "jet" ||
                      word == "helicopter" || word == "tail" ||
                      (craft != nullptr && craft->entry->kind == "AIRCRAFT") ||
                      (model != nullptr && model->entry->kind == "aircraft");
    }
    if (!near_aircraft) continue;
    Mention m = MakeMention(c, MentionKind::kParty, i, i + 1);
    m.source = PartySource::kTransport;
    m.party_kind = v1::PARTY_KIND_AIRCRAFT;
    m.named = true;
    m.conveyance_kind = "AIRCRAFT";
    m.registration = text;
    out.push_back(m);
    m.kind = MentionKind::kConveyance;
    out.push_back(std::move(m));
  }
}

}  // namespace interdict::pipeline
