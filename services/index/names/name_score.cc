#include "services/index/names/name_score.h"

#include "services/index/names/name_scorer.h"

namespace interdict::names {

NameView ViewOf(const NormalisedName& name) {
  NameView view;
  view.reserve(name.tokens.size());
  for (const NameToken& token : name.tokens) {
    view.push_back({token.text, token.spelling, token.skeleton, token.meaning, token.role, token.vowelless});
  }
  return view;
}

NameScore ScoreNames(const NormalisedName& query, const NormalisedName& candidate, const Rarity& rarity, bool explain) {
  return NameScorer(query, rarity).Score(ViewOf(candidate), explain);
}

std::string_view PartMatchName(PartMatch how) {
  switch (how) {
    case PartMatch::kExact:
      return "exact";
    case PartMatch::kEquivalent:
      return "equivalent";
    case PartMatch::kTransliteration:
      return "transliteration";
    case PartMatch::kEdit:
      return "edit";
    case PartMatch::kInitial:
      return "initial";
    case PartMatch::kJoined:
      return "joined";
    case PartMatch::kAcronym:
      return "acronym";
    case PartMatch::kCompanyForm:
      return "company form";
    case PartMatch::kMissing:
      return "missing";
    case PartMatch::kExtra:
      return "extra";
  }
  return "unknown";
}

}  // namespace interdict::names
