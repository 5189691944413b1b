#include "services/index/names/name_terms.h"

#include <algorithm>
#include <set>

#include "services/index/names/acronym.h"

namespace interdict::names {
namespace {

std::string WordTerm(TermKind kind, std::string_view word) {
  std::string term;
  term.reserve(word.size() + 2);
  term.push_back(static_cast<char>(kind));
  term.append(word);
  term.push_back('\0');
  return term;
}

template <typename Each>
void ForEachGram(std::string_view spelling, const Each& each) {
  std::string padded;
  padded.reserve(spelling.size() + 2);
  padded.push_back('_');
  padded.append(spelling);
  padded.push_back('_');
  std::string term(4, static_cast<char>(TermKind::kGram));
  for (size_t i = 0; i + 3 <= padded.size(); ++i) {
    std::copy_n(padded.begin() + static_cast<std::ptrdiff_t>(i), 3, term.begin() + 1);
    each(term);
  }
}

bool OnlyForms(const NameView& name) {
  return std::all_of(name.begin(), name.end(), [](const TokenView& token) {
    return token.role == TokenRole::kCompanyForm || token.role == TokenRole::kHonorific;
  });
}

bool GivesTerms(const TokenView& token, bool only_forms) {
  return only_forms || (token.role != TokenRole::kCompanyForm && token.role != TokenRole::kHonorific);
}

bool MayBeCompany(NameKind kind) { return kind == NameKind::kOrganization || kind == NameKind::kUnknown; }

// The one token besides forms; nullptr: none or several.
const TokenView* OnlyWord(const NameView& name) {
  const TokenView* only = nullptr;
  for (const TokenView& token : name) {
    if (token.role == TokenRole::kCompanyForm) continue;
    if (only != nullptr) return nullptr;
    only = &token;
  }
  return only;
}

}  // namespace

std::vector<QueryTerm> TermsOfQuery(const NameView& name, NameKind kind) {
  std::vector<QueryTerm> terms;
  std::set<std::string, std::less<>> seen;
  const auto add = [&terms, &seen](std::string term, TermKind of, size_t token) {
    if (seen.insert(term).second) terms.push_back({std::move(term), of, token});
  };
  const bool only_forms = OnlyForms(name);
  for (size_t i = 0; i < name.size(); ++i) {
    const TokenView& token = name[i];
    if (!GivesTerms(token, only_forms)) continue;
    ForEachGram(token.spelling, [&](const std::string& term) { add(term, TermKind::kGram, i); });
    if (!token.meaning.empty()) add(WordTerm(TermKind::kMeaning, token.meaning), TermKind::kMeaning, i);
    if (token.skeleton.size() >= 2) add(WordTerm(TermKind::kSkeleton, token.skeleton), TermKind::kSkeleton, i);
  }
  if (!MayBeCompany(kind)) return terms;
  const TokenView* const only = OnlyWord(name);
  if (only != nullptr && MayBeAcronym(*only)) add(WordTerm(TermKind::kAcronym, only->text), TermKind::kAcronym, 0);
  for (const std::string& acronym : LikelyAcronyms(name)) add(WordTerm(TermKind::kShort, acronym), TermKind::kShort, 0);
  return terms;
}

NameTerms TermsOfForm(const NameView& name, NameKind kind) {
  NameTerms terms;
  size_t grams = 0;
  for (QueryTerm& term : TermsOfQuery(name, kind)) {
    if (term.kind == TermKind::kAcronym || term.kind == TermKind::kShort) continue;
    if (term.kind == TermKind::kGram) ++grams;
    terms.terms.push_back(std::move(term.term));
  }
  terms.grams = static_cast<uint8_t>(std::min<size_t>(grams, 255));
  if (!MayBeCompany(kind)) return terms;
  const TokenView* const only = OnlyWord(name);
  if (only != nullptr && MayBeAcronym(*only)) terms.terms.push_back(WordTerm(TermKind::kShort, only->text));
  for (const std::string& acronym : LikelyAcronyms(name)) terms.terms.push_back(WordTerm(TermKind::kAcronym, acronym));
  return terms;
}

std::string IdentifierTerm(const Identifier& identifier) {
  std::string word(1, static_cast<char>('0' + static_cast<int>(identifier.type)));
  word.append(identifier.value);
  return WordTerm(TermKind::kIdentifier, word);
}

}  // namespace interdict::names
