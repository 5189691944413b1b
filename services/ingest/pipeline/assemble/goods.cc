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

int TellingOfGoods(const DraftView& view, const Mention& m) {
  if (IsCover(view, m)) return 0;
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
  int best = 0;
  for (const Mention* m : view.mentions)
    if (m->kind == MentionKind::kGoods) best = std::max(best, TellingOfGoods(view, *m));
  for (const Mention* m : view.mentions) {
    if (m->kind != MentionKind::kGoods || best == 0 || TellingOfGoods(view, *m) < best) continue;
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

void BuildConveyances(const DraftView& view, v1::IncidentFacts* facts) {
  std::set<std::string> seen;
  for (const Mention* m : view.mentions) {
    if (m->kind != MentionKind::kConveyance || !seen.insert(m->text).second || facts->conveyances_size() >= 8) continue;
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
