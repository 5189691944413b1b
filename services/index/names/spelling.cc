#include "services/index/names/spelling.h"

#include <algorithm>
#include <array>

#include "services/index/names/name_tables.h"

namespace interdict::names {
namespace {

bool IsLetter(char c) { return c >= 'a' && c <= 'z'; }

const SpellingRule* FindRule(const NameTables& tables, std::string_view word, size_t at) {
  for (const SpellingRule& rule : tables.SpellingRules(word[at])) {
    if (rule.at_begin && at != 0) continue;
    if (word.compare(at, rule.from.size(), rule.from) != 0) continue;
    if (rule.at_end && at + rule.from.size() != word.size()) continue;
    return &rule;
  }
  return nullptr;
}

// Class of each letter; 0: a vowel, or one that is hardly heard.
constexpr std::array<char, 26> kClasses = {0,   'b', 'k', 't', 0,   'b', 'k', 'h', 0,   'j', 'k', 'l', 'm',
                                           'n', 0,   'b', 'k', 'r', 's', 't', 0,   'b', 'b', 'k', 0,   's'};

}  // namespace

namespace {

std::string Respell(std::string_view word, bool keep_w) {
  const NameTables& tables = NameTables::Get();
  std::string spelling;
  spelling.reserve(word.size());
  const auto append = [&spelling](char c) {
    if (spelling.empty() || spelling.back() != c || !IsLetter(c)) spelling.push_back(c);
  };
  for (size_t at = 0; at < word.size();) {
    const SpellingRule* rule = IsLetter(word[at]) ? FindRule(tables, word, at) : nullptr;
    if (rule == nullptr) {
      append(word[at++]);
      continue;
    }
    if (keep_w && at > 0 && word[at] == 'w') {
      append(word[at++]);
      continue;
    }
    for (const char c : rule->to) append(c);
    at += rule->from.size();
  }
  return spelling;
}

}  // namespace

std::string Spelling(std::string_view word) { return Respell(word, /*keep_w=*/false); }

std::string Skeleton(std::string_view word) { return SkeletonOfSpelling(Respell(word, /*keep_w=*/true)); }

std::string SkeletonOfSpelling(std::string_view spelling) {
  std::string skeleton;
  for (size_t at = 0; at < spelling.size(); ++at) {
    const char c = spelling[at];
    char kind = c;
    if (IsLetter(c)) {
      kind = kClasses[static_cast<size_t>(c - 'a')];
      if (c == 'h' && at + 1 == spelling.size()) kind = 0;
      if (c == 'w') kind = 0;
      // Ts is what others write z: Nazareth, Herzl.
      if (c == 't' && at + 1 < spelling.size() && spelling[at + 1] == 's') continue;
      // Sh, ch and j: one class; their h is none of its own.
      if (c == 'h' && at > 0 && (spelling[at - 1] == 's' || spelling[at - 1] == 'c')) continue;
      if (c == 'c' && at + 1 < spelling.size() && spelling[at + 1] == 'h') kind = 's';
    }
    if (kind != 0 && (skeleton.empty() || skeleton.back() != kind)) skeleton.push_back(kind);
  }
  return skeleton;
}

}  // namespace interdict::names
