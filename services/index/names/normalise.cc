#include <algorithm>
#include <utility>

#include "services/index/names/latin_words.h"
#include "services/index/names/name_tables.h"
#include "services/index/names/normalised_name.h"
#include "services/index/names/spelling.h"

namespace interdict::names {
namespace {

bool MayBePerson(NameKind kind) { return kind == NameKind::kPerson || kind == NameKind::kUnknown; }
bool MayBeCompany(NameKind kind) { return kind == NameKind::kOrganization || kind == NameKind::kUnknown; }

// `S.A.`, `L.L.C.` and `U.N.` are one word in a company's name. In a person's `J. R.` stay two.
void JoinDottedLetters(std::vector<LatinWord>& words) {
  std::vector<LatinWord> joined;
  bool open = false;
  for (LatinWord& word : words) {
    const bool letter = word.letters.size() == 1 && word.dotted;
    if (letter && open) {
      joined.back().letters += word.letters;
    } else {
      joined.push_back(std::move(word));
    }
    open = letter;
  }
  words = std::move(joined);
}

// `KIM, Chol Nam` is Chol Nam Kim.
void TurnRound(std::vector<LatinWord>& words) {
  const auto given = std::find_if(words.begin(), words.end(), [](const LatinWord& word) { return word.after_comma; });
  if (given != words.end() && given - words.begin() <= 3) std::rotate(words.begin(), given, words.end());
}

bool EndsWith(std::string_view word, std::string_view end) {
  return word.size() > end.size() + 2 && word.substr(word.size() - end.size()) == end;
}

bool IsPatronymic(std::string_view word) {
  for (const std::string_view end :
       {"ovich", "evich", "ovych", "yovych", "ovna", "evna", "ivna", "ichna", "ogly", "oglu", "uulu", "kyzy"}) {
    if (EndsWith(word, end)) return true;
  }
  return false;
}

TokenRole RoleOf(const std::vector<LatinWord>& words, size_t place, NameKind kind) {
  const std::string& word = words[place].letters;
  if (word.size() == 1 && word[0] >= 'a') return TokenRole::kInitial;
  const WordRule* rule = NameTables::Get().FindWord(word);
  if (rule != nullptr) {
    switch (rule->role) {
      case TokenRole::kCompanyForm:
      case TokenRole::kGeneric:
        if (MayBeCompany(kind)) return rule->role;
        break;
      case TokenRole::kHonorific:
        if (MayBePerson(kind) && place + 1 < words.size()) return rule->role;
        break;
      default:
        if (words.size() > 1) return rule->role;
    }
  }
  if (MayBePerson(kind) && words.size() >= 3 && place > 0 && IsPatronymic(word)) return TokenRole::kPatronymic;
  return TokenRole::kWord;
}

// A name of nothing but forms and honorifics (The Firm, General Company) is made of words after all.
void KeepSomething(std::vector<NameToken>& tokens) {
  const bool words = std::any_of(tokens.begin(), tokens.end(), [](const NameToken& token) {
    return token.role == TokenRole::kWord || token.role == TokenRole::kGeneric || token.role == TokenRole::kPatronymic;
  });
  if (words) return;
  for (NameToken& token : tokens) {
    if (token.role != TokenRole::kInitial) token.role = TokenRole::kWord;
  }
}

}  // namespace

NormalisedName Normalise(std::string_view name, NameKind kind) {
  LatinWords latin = ToLatinWords(name);
  if (kind != NameKind::kPerson) JoinDottedLetters(latin.words);
  if (MayBePerson(kind)) TurnRound(latin.words);
  NormalisedName normalised;
  normalised.transliterated = latin.transliterated;
  normalised.truncated = latin.truncated;
  const NameTables& tables = NameTables::Get();
  for (size_t place = 0; place < latin.words.size(); ++place) {
    LatinWord& word = latin.words[place];
    NameToken token;
    token.role = RoleOf(latin.words, place, kind);
    token.vowelless = word.vowelless;
    token.text = word.letters;
    token.spelling = word.vowelless ? word.sounds : Spelling(token.text);
    token.skeleton = word.vowelless ? SkeletonOfSpelling(word.sounds) : Skeleton(token.text);
    token.meaning = tables.FindMeaning(token.text);
    normalised.tokens.push_back(std::move(token));
  }
  KeepSomething(normalised.tokens);
  return normalised;
}

std::string ToString(const NormalisedName& name) {
  std::string text;
  for (const NameToken& token : name.tokens) {
    if (!text.empty()) text.push_back(' ');
    text.append(token.text);
  }
  return text;
}

}  // namespace interdict::names
