// What the name index knows of names: letters of scripts, spellings of one sound, forms of one name, words with a part
// of their own. Read once from the embedded tables of `data/`; immutable, so thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "services/index/names/normalised_name.h"
#include "services/index/names/text_map.h"

namespace interdict::names {

struct LetterRule {
  std::u16string letters;  // one or two
  std::string latin;
  bool vowelless = false;
  bool latin_script = false;
};

struct SpellingRule {
  std::string from;
  std::string to;
  bool at_begin = false;
  bool at_end = false;
};

struct WordRule {
  TokenRole role = TokenRole::kWord;
  std::string form_class;  // of company forms: forms of one class say the same; empty: says nothing
};

class NameTables {
 public:
  // The embedded tables, read on the first call.
  static const NameTables& Get();

  // The longest rule for what begins at `text[at]`; nullptr: none.
  const LetterRule* FindLetter(std::u16string_view text, size_t at) const;
  // Rules whose `from` starts with this letter, the longest first.
  const std::vector<SpellingRule>& SpellingRules(char first) const;
  const WordRule* FindWord(std::string_view word) const;
  // The word for all forms of this name; empty: none known.
  std::string_view FindMeaning(std::string_view word) const;
  // Changes with every change of a table or of kCodeVersion: names normalised under another one do not compare.
  uint32_t fingerprint() const { return fingerprint_; }

 private:
  NameTables();
  void ReadLetters(std::string_view content);
  void ReadSpelling(std::string_view content);
  void ReadWords(std::string_view content);
  void ReadEquivalents(std::string_view content);

  std::unordered_map<std::u16string, LetterRule> letters_;
  std::array<std::vector<SpellingRule>, 26> spelling_;
  TextMap<WordRule> words_;
  TextMap<std::string> meanings_;
  uint32_t fingerprint_ = 0;
};

}  // namespace interdict::names
