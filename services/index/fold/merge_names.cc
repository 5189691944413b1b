#include "services/index/fold/merge_names.h"

#include <algorithm>
#include <array>

#include "absl/strings/str_join.h"
#include "services/index/engine/analyzer.h"

namespace interdict::index {
namespace {

constexpr size_t kMaxNameWords = 16;
constexpr size_t kMaxSpeltWordBytes = 32;

template <size_t N>
bool IsOneOf(const std::string& word, const std::array<std::string_view, N>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool IsHonorific(const std::string& word) {
  static constexpr std::array<std::string_view, 14> kWords = {
      "mr", "mrs", "ms", "miss", "dr", "prof", "sir", "gen", "col", "captain", "general", "lt", "madam", "colonel"};
  return IsOneOf(word, kWords);
}

bool IsCompanyForm(const std::string& word) {
  static constexpr std::array<std::string_view, 24> kWords = {
      "ltd", "limited", "llc", "llp", "inc", "incorporated", "corp", "co",  "company", "plc", "gmbh", "ag",
      "sa",  "sarl",    "srl", "spa", "bv",  "nv",           "oy",   "ooo", "fze",     "fzc", "fzco", "pte"};
  return IsOneOf(word, kWords);
}

bool IsSmallWord(const std::string& word) {
  static constexpr std::array<std::string_view, 9> kWords = {"the", "of", "and", "for", "de", "du", "des", "la", "s"};
  return IsOneOf(word, kWords);
}

bool IsVesselPrefix(const std::string& word) {
  static constexpr std::array<std::string_view, 6> kWords = {"mv", "ms", "mt", "ss", "m", "v"};
  return IsOneOf(word, kWords);
}

bool IsGeneration(const std::string& word) {
  static constexpr std::array<std::string_view, 7> kWords = {"jr", "sr", "junior", "senior", "ii", "iii", "iv"};
  return IsOneOf(word, kWords);
}

bool IsDropped(const std::string& word, v1::PartyKind kind) {
  if (kind == v1::PARTY_KIND_VESSEL) return IsVesselPrefix(word) || word == "the";
  if (kind == v1::PARTY_KIND_ORGANIZATION) return IsCompanyForm(word) || IsSmallWord(word);
  return kind == v1::PARTY_KIND_PERSON && IsHonorific(word);
}

// Optimal string alignment distance of short words, at most 3.
int SpellingDistance(const std::string& a, const std::string& b) {
  if (a.size() > b.size() + 2 || b.size() > a.size() + 2) return 3;
  std::array<std::array<int, kMaxSpeltWordBytes + 1>, 3> rows{};
  for (size_t k = 0; k <= b.size(); ++k) rows[0][k] = static_cast<int>(k);
  for (size_t i = 1; i <= a.size(); ++i) {
    auto& row = rows[i % 3];
    const auto& above = rows[(i - 1) % 3];
    row[0] = static_cast<int>(i);
    for (size_t k = 1; k <= b.size(); ++k) {
      row[k] = std::min({above[k] + 1, row[k - 1] + 1, above[k - 1] + (a[i - 1] == b[k - 1] ? 0 : 1)});
      if (i > 1 && k > 1 && a[i - 1] == b[k - 2] && a[i - 2] == b[k - 1]) {
        row[k] = std::min(row[k], rows[(i - 2) % 3][k - 2] + 1);
      }
    }
  }
  return std::min(3, rows[a.size() % 3][b.size()]);
}

bool HasDigit(const std::string& word) { return word.find_first_of("0123456789") != std::string::npos; }

// Whether two words are spellings of one. What differs at the end tells sexes and relatives apart (Petrov, Petrova), so
// the end must be the same.
bool AreSpellings(const std::string& a, const std::string& b) {
  const size_t shorter = std::min(a.size(), b.size());
  if (shorter < 4 || a.size() > kMaxSpeltWordBytes || b.size() > kMaxSpeltWordBytes) return false;
  if (a.back() != b.back() || HasDigit(a) || HasDigit(b)) return false;
  return SpellingDistance(a, b) <= (shorter >= 8 ? 2 : 1);
}

// Whether two neighbouring words of `longer`, written together, make `shorter`.
bool IsWrittenTogether(const NameForm& longer, const NameForm& shorter) {
  if (longer.words.size() != shorter.words.size() + 1) return false;
  for (size_t i = 0; i + 1 < longer.words.size(); ++i) {
    std::vector<std::string> joined = longer.words;
    joined[i] += joined[i + 1];
    joined.erase(joined.begin() + static_cast<ptrdiff_t>(i) + 1);
    std::sort(joined.begin(), joined.end());
    if (joined == shorter.sorted) return true;
  }
  return false;
}

// Words of either that the other lacks.
void Difference(const NameForm& a, const NameForm& b, std::vector<std::string>* only_a,
                std::vector<std::string>* only_b) {
  std::set_difference(a.sorted.begin(), a.sorted.end(), b.sorted.begin(), b.sorted.end(), std::back_inserter(*only_a));
  std::set_difference(b.sorted.begin(), b.sorted.end(), a.sorted.begin(), a.sorted.end(), std::back_inserter(*only_b));
}

// Whether each of `initials` is the first letter of another one of `words`.
bool AreInitials(const std::vector<std::string>& initials, std::vector<std::string> words) {
  for (const std::string& initial : initials) {
    if (initial.size() != 1) return false;
    const auto full =
        std::find_if(words.begin(), words.end(), [&](const std::string& word) { return word[0] == initial[0]; });
    if (full == words.end()) return false;
    words.erase(full);
  }
  return true;
}

bool IsPart(const NameForm& part, const NameForm& whole, v1::PartyKind kind) {
  std::vector<std::string> only_part;
  std::vector<std::string> only_whole;
  Difference(part, whole, &only_part, &only_whole);
  const size_t common = part.words.size() - only_part.size();
  if (common == 0) return false;
  if (kind == v1::PARTY_KIND_PERSON) {
    if (!AreInitials(only_part, only_whole)) return false;
    if (part.words.size() > 1) return true;
    const std::string& word = part.words.front();
    return word.size() >= 3 && (word == whole.words.front() || word == whole.words.back());
  }
  return only_part.empty() && part.words.size() >= 2 && part.words.size() * 2 > whole.words.size();
}

}  // namespace

NameForm MakeNameForm(std::string_view name, v1::PartyKind kind) {
  NameForm form;
  const std::vector<std::string> words = Analyze(name, kMaxNameWords);
  for (const std::string& word : words) {
    if (kind == v1::PARTY_KIND_PERSON && words.size() > 1 && IsGeneration(word)) {
      form.generation = word;
    } else if (!IsDropped(word, kind)) {
      form.words.push_back(word);
    }
  }
  if (form.words.empty()) form.words = words;  // "The Company"
  if (kind == v1::PARTY_KIND_VESSEL || kind == v1::PARTY_KIND_AIRCRAFT) {
    if (!form.words.empty()) form.words = {absl::StrJoin(form.words, "")};  // 5Y-KZQ and 5YKZQ
  }
  form.sorted = form.words;
  std::sort(form.sorted.begin(), form.sorted.end());
  return form;
}

NameMatch CompareNames(const NameForm& a, const NameForm& b, v1::PartyKind kind) {
  if (a.empty() || b.empty() || a.generation != b.generation) return NameMatch::kDifferent;
  if (a.sorted == b.sorted || IsWrittenTogether(a, b) || IsWrittenTogether(b, a)) return NameMatch::kSame;
  if (kind == v1::PARTY_KIND_VESSEL || kind == v1::PARTY_KIND_AIRCRAFT) return NameMatch::kDifferent;
  if (a.words.size() == b.words.size() && a.words.size() > 1) {
    std::vector<std::string> only_a;
    std::vector<std::string> only_b;
    Difference(a, b, &only_a, &only_b);
    if (only_a.size() == 1 && AreSpellings(only_a.front(), only_b.front())) return NameMatch::kAlike;
  }
  const bool a_is_shorter = a.words.size() <= b.words.size();
  if (IsPart(a_is_shorter ? a : b, a_is_shorter ? b : a, kind)) return NameMatch::kPart;
  return NameMatch::kDifferent;
}

}  // namespace interdict::index
