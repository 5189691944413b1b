#include "services/ingest/pipeline/knowledge/inflection.h"

#include <string_view>

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"

namespace interdict::pipeline {
namespace {

bool IsVowel(char c) { return std::string_view("aeiou").find(c) != std::string_view::npos; }

bool EndsWithConsonantY(const std::string& word) {
  return word.size() > 1 && word.back() == 'y' && !IsVowel(word[word.size() - 2]);
}

std::string WithS(const std::string& word) {
  if (EndsWithConsonantY(word)) return word.substr(0, word.size() - 1) + "ies";
  for (const char* end : {"s", "x", "z", "ch", "sh"})
    if (absl::EndsWith(word, end)) return word + "es";
  return word + "s";
}

std::string Past(const std::string& word) {
  if (EndsWithConsonantY(word)) return word.substr(0, word.size() - 1) + "ied";
  return word.back() == 'e' ? word + "d" : word + "ed";
}

std::string Ing(const std::string& word) {
  if (word.size() > 2 && word.back() == 'e' && !absl::EndsWith(word, "ee"))
    return word.substr(0, word.size() - 1) + "ing";
  return word + "ing";
}

}  // namespace

std::string Plural(const std::string& phrase) {
  if (phrase.empty()) return phrase;
  return WithS(phrase);
}

std::vector<std::pair<std::string, std::string>> VerbForms(const std::string& phrase, const std::string& irregular) {
  const size_t space = phrase.find(' ');
  const std::string verb = phrase.substr(0, space);
  const std::string rest = space == std::string::npos ? "" : phrase.substr(space);
  std::string past = Past(verb) + rest;
  std::string participle = past;
  std::string ing = Ing(verb) + rest;
  if (!irregular.empty()) {
    const std::vector<std::string> forms = absl::StrSplit(irregular, '|');
    past = participle = forms[0];
    if (forms.size() > 1) participle = forms[1];
    if (forms.size() > 2) ing = forms[2];
  }
  std::vector<std::pair<std::string, std::string>> out = {
      {phrase, "base"}, {WithS(verb) + rest, "s"}, {past, "past"}, {ing, "ing"}};
  if (participle != past) out.emplace_back(participle, "participle");
  return out;
}

}  // namespace interdict::pipeline
