#include "services/index/names/name_tables.h"

#include <unicode/unistr.h>

#include <algorithm>

#include "services/index/names/embedded_name_tables.h"

namespace interdict::names {
namespace {

// Raised when the code that makes tokens, spellings, skeletons or terms changes what it makes.
constexpr uint32_t kCodeVersion = 2;

std::vector<std::string_view> Split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (size_t end; (end = text.find(separator)) != std::string_view::npos; text.remove_prefix(end + 1)) {
    parts.push_back(text.substr(0, end));
  }
  parts.push_back(text);
  return parts;
}

template <typename Row>
void ForEachRow(std::string_view content, const Row& row) {
  for (const std::string_view line : Split(content, '\n')) {
    if (!line.empty() && line.front() != '#') row(Split(line, '\t'));
  }
}

std::u16string ToUtf16(std::string_view utf8) {
  const icu::UnicodeString text =
      icu::UnicodeString::fromUTF8(icu::StringPiece(utf8.data(), static_cast<int32_t>(utf8.size())));
  return std::u16string(text.getBuffer(), static_cast<size_t>(text.length()));
}

uint32_t Hash(uint32_t hash, std::string_view bytes) {
  for (const char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;  // FNV-1a
  return hash;
}

TokenRole RoleOf(std::string_view role) {
  if (role == "form") return TokenRole::kCompanyForm;
  if (role == "generic") return TokenRole::kGeneric;
  if (role == "particle") return TokenRole::kParticle;
  if (role == "honorific") return TokenRole::kHonorific;
  return TokenRole::kWord;
}

}  // namespace

const NameTables& NameTables::Get() {
  static const auto* const kTables = new NameTables();
  return *kTables;
}

NameTables::NameTables() {
  fingerprint_ = 2166136261U + kCodeVersion;
  for (const EmbeddedNameTable& table : EmbeddedNameTables()) {
    fingerprint_ = Hash(Hash(fingerprint_, table.name), table.content);
    if (table.name == "letters.tsv") ReadLetters(table.content);
    if (table.name == "spelling.tsv") ReadSpelling(table.content);
    if (table.name == "words.tsv") ReadWords(table.content);
    if (table.name == "equivalents.tsv") ReadEquivalents(table.content);
  }
}

void NameTables::ReadLetters(std::string_view content) {
  ForEachRow(content, [this](const std::vector<std::string_view>& cells) {
    if (cells.size() != 3) return;
    LetterRule rule;
    rule.letters = ToUtf16(cells[0]);
    rule.latin = cells[1];
    rule.vowelless = cells[2] == "Arabic" || cells[2] == "Hebrew";
    rule.latin_script = cells[2] == "Latin";
    letters_[rule.letters] = rule;
  });
}

void NameTables::ReadSpelling(std::string_view content) {
  ForEachRow(content, [this](const std::vector<std::string_view>& cells) {
    if (cells.size() != 2) return;
    SpellingRule rule;
    std::string_view from = cells[0];
    rule.at_begin = from.front() == '^';
    if (rule.at_begin) from.remove_prefix(1);
    rule.at_end = from.back() == '$';
    if (rule.at_end) from.remove_suffix(1);
    rule.from = from;
    rule.to = cells[1];
    spelling_[static_cast<size_t>(from.front() - 'a')].push_back(rule);
  });
  for (std::vector<SpellingRule>& rules : spelling_) {
    std::stable_sort(rules.begin(), rules.end(), [](const SpellingRule& a, const SpellingRule& b) {
      if (a.from.size() != b.from.size()) return a.from.size() > b.from.size();
      return a.at_begin + a.at_end > b.at_begin + b.at_end;
    });
  }
}

void NameTables::ReadWords(std::string_view content) {
  ForEachRow(content, [this](const std::vector<std::string_view>& cells) {
    if (cells.size() != 3) return;
    words_[std::string(cells[0])] = {RoleOf(cells[1]), std::string(cells[2])};
  });
}

void NameTables::ReadEquivalents(std::string_view content) {
  ForEachRow(content, [this](const std::vector<std::string_view>& cells) {
    if (cells.size() != 2) return;
    meanings_[std::string(cells[0])] = std::string(cells[0]);
    for (const std::string_view form : Split(cells[1], ' ')) {
      meanings_.try_emplace(std::string(form), std::string(cells[0]));
    }
  });
}

const LetterRule* NameTables::FindLetter(std::u16string_view text, size_t at) const {
  for (size_t length = std::min<size_t>(2, text.size() - at); length > 0; --length) {
    const auto found = letters_.find(std::u16string(text.substr(at, length)));
    if (found != letters_.end()) return &found->second;
  }
  return nullptr;
}

const std::vector<SpellingRule>& NameTables::SpellingRules(char first) const {
  return spelling_[static_cast<size_t>(first - 'a')];
}

const WordRule* NameTables::FindWord(std::string_view word) const {
  const auto found = words_.find(word);
  return found == words_.end() ? nullptr : &found->second;
}

std::string_view NameTables::FindMeaning(std::string_view word) const {
  const auto found = meanings_.find(word);
  return found == meanings_.end() ? std::string_view() : std::string_view(found->second);
}

}  // namespace interdict::names
