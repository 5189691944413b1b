#include "services/index/fold/merge_goods.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include "services/index/engine/analyzer.h"
#include "services/index/fold/merge_amounts.h"
#include "services/index/fold/merge_fields.h"

namespace interdict::index {
namespace {

using v1::Goods;

constexpr size_t kMaxWords = 24;

struct GoodsForm {
  const Goods* goods = nullptr;
  std::vector<std::string> stems;  // sorted, each once, without small words
};

GoodsForm MakeForm(const Goods& goods, Stemmer* stemmer) {
  GoodsForm form;
  form.goods = &goods;
  for (const std::string& word : Analyze(goods.description(), kMaxWords)) {
    static const auto* const kSmall = new std::vector<std::string>{"a", "an", "and", "for", "of", "the", "to", "with"};
    if (std::find(kSmall->begin(), kSmall->end(), word) == kSmall->end()) form.stems.push_back(stemmer->Stem(word));
  }
  std::sort(form.stems.begin(), form.stems.end());
  form.stems.erase(std::unique(form.stems.begin(), form.stems.end()), form.stems.end());
  return form;
}

Match MatchGoods(const GoodsForm& a, const GoodsForm& b) {
  const std::string& category_a = a.goods->category();
  const std::string& category_b = b.goods->category();
  if (category_a != category_b && !category_a.empty() && !category_b.empty()) return Match::kConflict;
  if (a.goods->part() != b.goods->part()) return Match::kConflict;
  if (a.stems.empty() || b.stems.empty()) return Match::kClash;
  if (a.stems == b.stems) return Match::kSame;
  std::vector<std::string> common;
  std::set_intersection(a.stems.begin(), a.stems.end(), b.stems.begin(), b.stems.end(), std::back_inserter(common));
  const size_t shorter = std::min(a.stems.size(), b.stems.size());
  if (common.size() == shorter) return Match::kPart;
  return common.size() * 2 >= shorter && shorter > 1 ? Match::kPart : Match::kClash;
}

std::string KeyOf(const Goods& goods) {
  Goods key;
  key.set_description(goods.description());
  key.set_category(goods.category());
  key.set_part(goods.part());
  return key.SerializeAsString();
}

}  // namespace

Groups MergeGoods(const Tellings& tellings, Corrections* corrections, v1::IncidentFacts* into) {
  Stemmer stemmer;
  std::vector<GoodsForm> forms;
  std::map<std::string, int> form_of;
  std::vector<GroupedValue> values;
  for (size_t t = 0; t < tellings.size(); ++t) {
    const auto& goods = tellings[t].facts->goods();
    for (int i = 0; i < goods.size(); ++i) {
      const auto [form, fresh] = form_of.emplace(KeyOf(goods[i]), static_cast<int>(forms.size()));
      if (fresh) forms.push_back(MakeForm(goods[i], &stemmer));
      values.push_back({{static_cast<int>(t), i}, form->second, static_cast<int>(forms[form->second].stems.size())});
    }
  }
  Groups groups =
      GroupValues(std::move(values), {.tellings = static_cast<int>(tellings.size()),
                                      .match = [&](int a, int b) { return MatchGoods(forms[a], forms[b]); }});
  const FieldRules rules{.texts = {Goods::kDescriptionFieldNumber},
                         .own = {Goods::kQuantitiesFieldNumber, Goods::kValuesFieldNumber}};
  for (const std::vector<ValueRef>& group : groups.members) {
    const auto members = MembersOf(
        tellings, group, [](const v1::IncidentFacts& f) -> const auto& { return f.goods(); });
    Goods* goods = into->add_goods();
    MergeMembers(tellings, members, rules, goods);
    if (members.size() > 1) MergeAmounts(tellings, members, corrections, goods);
  }
  return groups;
}

}  // namespace interdict::index
