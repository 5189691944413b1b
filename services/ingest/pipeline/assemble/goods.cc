#include <algorithm>
#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "services/ingest/pipeline/assemble/facts.h"

namespace interdict::pipeline {
namespace {

// The last telling word of a description, singular: what makes two goods mentions the same.
std::string HeadOf(const Reading& r, const Mention& m) {
  std::string word;
  for (uint32_t t = m.first_token; t < m.end_token; ++t)
    if (r.text.tokens[t].is_word) word = r.text.tokens[t].folded;
  if (word.size() > 3 && word.back() == 's') word.pop_back();
  return absl::StrCat(m.category, ":", word);
}

// The quantities of the mention's sentence.
std::vector<QuantityMention> QuantitiesNear(const DraftView& view, const Mention& m) {
  const Sentence& s = view.reading.text.sentences[m.sentence];
  const auto& all = view.reading.quantities;
  auto q = std::lower_bound(all.begin(), all.end(), s.first_token,
                            [](const QuantityMention& a, uint32_t t) { return a.first_token < t; });
  std::vector<QuantityMention> near;
  for (; q != all.end() && q->first_token < s.end_token; ++q) near.push_back(*q);
  return near;
}

void AddQuantities(const DraftView& view, const Mention& m, v1::Goods* goods) {
  for (const QuantityMention& q : QuantitiesNear(view, m)) {
    if (view.reading.mentions.sentence_of[q.first_token] != m.sentence) continue;
    const bool before = q.end_token <= m.first_token && m.first_token - q.end_token <= 3;
    const bool overlaps = q.first_token <= m.first_token && q.end_token > m.first_token && q.first_token < m.end_token;
    const bool worth = !q.currency_code.empty() && q.first_token >= m.end_token && q.first_token - m.end_token <= 8;
    if (!before && !overlaps && !worth) continue;
    if (!q.currency_code.empty()) {
      if (goods->values_size() > 0) continue;
      v1::MoneyAmount* value = goods->add_values();
      value->set_amount(q.value);
      value->set_currency_code(q.currency_code);
      value->set_approximate(q.approximate);
    } else {
      v1::Quantity* quantity = goods->add_quantities();
      quantity->set_value(q.value);
      quantity->set_unit(q.unit);
      quantity->set_approximate(q.approximate);
    }
    Support(goods, view.reading.Cite(q.begin, q.end), goods->confidence(), goods->derivation());
  }
}

// Goods named as cover or wrapping: "hidden among sacks of rice", "described as camera parts".
bool IsCover(const DraftView& view, const Mention& m) {
  constexpr uint32_t kReachTokens = 7;
  const TokenizedText& text = view.reading.text;
  uint32_t nearest_end = 0;
  for (const TriggerHit& t : view.In(m.sentence).triggers)
    if (t.entry->kind == "cover" && t.end_token <= m.first_token && m.first_token - t.first_token < kReachTokens)
      nearest_end = t.end_token;
  if (nearest_end == 0) return false;
  for (uint32_t t = nearest_end; t < m.first_token; ++t)
    if (text.tokens[t].folded == "," || text.tokens[t].folded == ";") return false;
  return true;
}

}  // namespace

namespace {

// Goods that only say what others are for or what somebody makes ("of the type found in …", "a maker of …"), or that
// were not there ("no weapons", "instead of tiles").
bool IsPurpose(const DraftView& view, const Mention& m) {
  constexpr uint32_t kReachTokens = 4;
  const TokenizedText& text = view.reading.text;
  const uint32_t floor = text.sentences[m.sentence].first_token;
  for (const TriggerHit& t : view.In(m.sentence).triggers) {
    if (t.entry->kind != "purpose" || t.first_token >= m.first_token || t.end_token + kReachTokens < m.first_token)
      continue;
    bool clear = true;
    for (uint32_t i = t.end_token; i < m.first_token; ++i)
      clear &= text.tokens[i].is_word && text.tokens[i].folded != "with" && text.tokens[i].folded != "from";
    if (clear) return true;
  }
  const auto word = [&](uint32_t back) {
    return m.first_token >= floor + back ? text.tokens[m.first_token - back].folded : std::string();
  };
  return word(1) == "no" || word(1) == "not" || word(1) == "without" || word(1) == "enough" ||
         text.tokens[m.first_token].folded == "enough" || (word(2) == "instead" && word(1) == "of") ||
         (word(2) == "rather" && word(1) == "than");
}

// Whether the goods stand in a list with others: "X, Y and Z".
bool IsListedWith(const DraftView& view, const Mention& left, const Mention& right) {
  constexpr uint32_t kReachTokens = 6;
  const TokenizedText& text = view.reading.text;
  if (right.first_token <= left.end_token || right.first_token - left.end_token > kReachTokens) return false;
  const std::string& next = text.tokens[left.end_token].folded;
  if (next != "," && next != "and" && next != "or" && next != ";" && next != "as") return false;
  for (uint32_t t = left.end_token; t < right.first_token; ++t) {
    const std::string& w = text.tokens[t].folded;
    if (w == "who" || w == "which" || w == "that" || w == "was" || w == "were" || w == "said" || w == "in" ||
        w == "among" || w == "under")
      return false;
  }
  return true;
}

bool InHeading(const DraftView& view, const Mention& m) {
  const BlockKind block = view.reading.page.blocks[view.reading.text.sentences[m.sentence].block].kind;
  return block == BlockKind::kTitle || block == BlockKind::kHeading;
}

// The goods of which most is told, and what is listed with them; a headline only counts where the text says nothing.
std::vector<const Mention*> ChosenGoods(const DraftView& view) {
  std::vector<const Mention*> all;
  std::vector<int> telling;
  for (const Mention* m : view.mentions) {
    const int value = m->kind == MentionKind::kGoods ? TellingOfGoods(view, *m) : 0;
    if (value == 0) continue;
    all.push_back(m);
    telling.push_back(value);
  }
  for (size_t i = 1; i < all.size(); ++i)
    if (telling[i] > 1 && telling[i] < telling[i - 1] && IsListedWith(view, *all[i - 1], *all[i]))
      telling[i] = telling[i - 1];
  for (size_t i = all.size(); i-- > 1;)
    if (telling[i - 1] > 1 && telling[i - 1] < telling[i] && IsListedWith(view, *all[i - 1], *all[i]))
      telling[i - 1] = telling[i];
  const int best = all.empty() ? 0 : *std::max_element(telling.begin(), telling.end());
  bool in_text = false;
  for (size_t i = 0; i < all.size(); ++i) in_text |= telling[i] == best && best > 1 && !InHeading(view, *all[i]);
  std::vector<const Mention*> chosen;
  for (size_t i = 0; i < all.size(); ++i)
    if (telling[i] == best && !(in_text && InHeading(view, *all[i]))) chosen.push_back(all[i]);
  return chosen;
}

}  // namespace

int TellingOfGoods(const DraftView& view, const Mention& m) {
  if (IsCover(view, m) || IsPurpose(view, m)) return 0;
  for (const TriggerHit& t : view.In(m.sentence).triggers)
    if (t.entry->kind == "classword" && t.end_token == m.end_token && t.sentence == m.sentence) return 1;
  const BlockKind block = view.reading.page.blocks[view.reading.text.sentences[m.sentence].block].kind;
  bool told = block == BlockKind::kTitle;
  for (const Frame* f : view.In(m.sentence).frames)
    if (f->trigger.sentence == m.sentence && f->kind != FrameKind::kSay) told = true;
  for (const QuantityMention& q : QuantitiesNear(view, m))
    if (q.end_token <= m.first_token + 1 && q.end_token + 4 > m.first_token &&
        view.reading.mentions.sentence_of[q.first_token] == m.sentence)
      told = true;
  if (!told) return 2;
  return m.category == "OTHER" ? 2 : 3;
}

bool IsCounterfeit(const DraftView& view, const Mention& m) {
  // Forged money, tobacco, drink and drugs keep the category of what they are; so do arms.
  if (m.category == "TOBACCO" || m.category == "ALCOHOL" || m.category == "NARCOTICS" || m.category.rfind("ML", 0) == 0)
    return false;
  for (const TriggerHit& t : view.In(m.sentence).triggers)
    if (t.entry->kind == "offence" && t.entry->value == "COUNTERFEIT_GOODS" && t.first_token < m.end_token &&
        t.end_token + 1 >= m.first_token)
      return true;
  return false;
}

void BuildGoods(const DraftView& view, v1::IncidentFacts* facts) {
  std::map<std::string, int> by_head;
  for (const Mention* m : ChosenGoods(view)) {
    const std::string head = HeadOf(view.reading, *m);
    const auto known = by_head.find(head);
    if (known != by_head.end()) {
      v1::Goods* goods = facts->mutable_goods(known->second);
      Support(goods, view.reading.CiteMention(*m), goods->confidence(), goods->derivation());
      if (goods->quantities_size() == 0) AddQuantities(view, *m, goods);
      continue;
    }
    by_head[head] = facts->goods_size();
    v1::Goods* goods = facts->add_goods();
    goods->set_description(m->text);
    goods->set_category(IsCounterfeit(view, *m) ? "COUNTERFEIT" : m->category);
    for (const std::string& model : m->models) goods->add_models(model);
    goods->set_part(m->part);
    goods->set_hs_chapter(m->hs_chapter);
    Support(goods, view.reading.CiteMention(*m), 0.75F, v1::DERIVATION_NORMALISED);
    AddQuantities(view, *m, goods);
  }
}

namespace {

// Jets or drones that are the cargo carry nothing.
bool IsCargo(const Mention& m, const v1::IncidentFacts& facts) {
  for (const v1::Goods& goods : facts.goods())
    for (const v1::Evidence& evidence : goods.evidence())
      if (evidence.begin_byte() < m.end && m.begin < evidence.end_byte()) return true;
  return false;
}

}  // namespace

void BuildConveyances(const DraftView& view, v1::IncidentFacts* facts) {
  std::set<std::string> seen;
  for (const Mention* m : view.mentions) {
    if (m->kind != MentionKind::kConveyance || IsCargo(*m, *facts)) continue;
    if (!seen.insert(m->text).second || facts->conveyances_size() >= 8) continue;
    v1::ConveyanceKind kind = v1::CONVEYANCE_KIND_UNSPECIFIED;
    if (!v1::ConveyanceKind_Parse(absl::StrCat("CONVEYANCE_KIND_", m->conveyance_kind), &kind)) continue;
    v1::Conveyance* c = facts->add_conveyances();
    c->set_kind(kind);
    c->set_name(m->text);
    c->set_imo_number(m->imo_number);
    c->set_registration(m->registration);
    Support(c, view.reading.CiteMention(*m), 0.7F, v1::DERIVATION_STATED);
    const size_t imo = m->imo_number.empty() ? std::string::npos : view.reading.page.text.find(m->imo_number, m->begin);
    if (imo != std::string::npos)
      Support(c, view.reading.Cite(static_cast<uint32_t>(imo), static_cast<uint32_t>(imo + 7)), 0.8F,
              v1::DERIVATION_STATED);
  }
}

void BuildLegalBasis(const DraftView& view, v1::IncidentFacts* facts) {
  for (const Mention* m : view.mentions) {
    if (m->kind != MentionKind::kLegal) continue;
    v1::LegalBasis* basis = nullptr;
    for (v1::LegalBasis& b : *facts->mutable_legal_basis())
      if (b.instrument() == m->instrument) basis = &b;
    if (basis == nullptr) {
      basis = facts->add_legal_basis();
      basis->set_instrument(m->instrument);
    }
    Support(basis, view.reading.CiteMention(*m), 0.8F, v1::DERIVATION_NORMALISED);
  }
}

}  // namespace interdict::pipeline
