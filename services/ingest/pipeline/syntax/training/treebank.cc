#include "services/ingest/pipeline/syntax/training/treebank.h"

#include <algorithm>
#include <fstream>
#include <map>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "services/ingest/pipeline/syntax/training/treebank_names.h"

namespace interdict::pipeline {
namespace {

// Where each treebank word stands in the text; false where the words are not the text's.
bool Locate(const std::string& text, std::vector<TreebankWord>& words) {
  size_t at = 0;
  for (TreebankWord& word : words) {
    at = text.find(word.form, at);
    if (at == std::string::npos) return false;
    word.begin = static_cast<uint32_t>(at);
    at += word.form.size();
    word.end = static_cast<uint32_t>(at);
  }
  return true;
}

Relation RelationOf(std::string_view name) {
  if (name.starts_with("csubj")) name = "csubj";
  const auto exact = std::find(std::begin(kRelationNames), std::end(kRelationNames), name);
  if (exact != std::end(kRelationNames)) return static_cast<Relation>(exact - std::begin(kRelationNames));
  const auto plain = std::find(std::begin(kRelationNames), std::end(kRelationNames), name.substr(0, name.find(':')));
  if (plain != std::end(kRelationNames)) return static_cast<Relation>(plain - std::begin(kRelationNames));
  return Relation::kOther;
}

PartOfSpeech TagOf(std::string_view name) {
  const auto found = std::find(std::begin(kPartOfSpeechNames), std::end(kPartOfSpeechNames), name);
  return found == std::end(kPartOfSpeechNames) ? PartOfSpeech::kOther
                                               : static_cast<PartOfSpeech>(found - std::begin(kPartOfSpeechNames));
}

// The word that stands for a group of treebank words in one token ("do" of "don't", "Tracking" of "Eye-Tracking"): the
// first that is no punctuation and depends on a word outside the group.
size_t HeadOfGroup(const std::vector<TreebankWord>& words, size_t first, size_t end) {
  size_t any = end;
  for (size_t w = first; w < end; ++w) {
    const int head = words[w].head;
    const bool outside = head < static_cast<int>(first) || head >= static_cast<int>(end);
    if (!outside) continue;
    if (words[w].tag != "PUNCT") return w;
    if (any == end) any = w;
  }
  return any == end ? first : any;
}

// Carries the analysis of the words over to the pipeline's tokens.
bool Align(const std::vector<TreebankWord>& words, GoldSentence& out) {
  out.tokens = TokenizePhrase(out.text);
  const size_t count = out.tokens.size();
  std::vector<size_t> word_of(count);           // the word that stands for the token
  std::vector<int> token_of(words.size(), -1);  // the first token that holds the word
  std::vector<bool> continues(count, false);    // a later part of a word that the pipeline cuts
  size_t word = 0;
  for (size_t t = 0; t < count; ++t) {
    while (word < words.size() && words[word].end <= out.tokens[t].begin) ++word;
    if (word == words.size() || words[word].begin >= out.tokens[t].end) return false;
    size_t end = word;
    while (end < words.size() && words[end].begin < out.tokens[t].end) ++end;
    continues[t] = token_of[word] >= 0;
    word_of[t] = continues[t] ? word : HeadOfGroup(words, word, end);
    for (size_t w = word; w < end; ++w)
      if (token_of[w] < 0) token_of[w] = static_cast<int>(t);
  }
  for (size_t t = 0; t < count; ++t) {
    const TreebankWord& w = words[word_of[t]];
    out.tags.push_back(TagOf(w.tag));
    if (continues[t]) {
      out.heads.push_back(token_of[word_of[t]]);
      out.relations.push_back(Relation::kFlat);
    } else {
      out.heads.push_back(w.head < 0 ? -1 : token_of[static_cast<size_t>(w.head)]);
      out.relations.push_back(RelationOf(w.relation));
    }
    if (out.heads.back() == static_cast<int>(t)) return false;
  }
  return std::count(out.heads.begin(), out.heads.end(), -1) == 1;
}

// Which part a document of GUM belongs to.
class GumParts {
 public:
  Part Next(const std::string& document) {
    const std::vector<std::string> steps = absl::StrSplit(document, '_');
    const std::string genre = steps.size() > 1 ? steps[1] : "";
    if (genre != "news" && genre != "court") return Part::kTrain;
    const int number = seen_[genre]++ % 4;
    return number == 3 ? Part::kTestGum : number == 1 ? Part::kTune : Part::kTrain;
  }

 private:
  std::map<std::string, int> seen_;
};

absl::Status ReadFile(const std::string& path, Part part, bool gum, std::vector<GoldSentence>& out) {
  std::ifstream in(path);
  if (!in) return absl::NotFoundError(absl::StrCat(path, ": cannot be read"));
  GumParts parts;
  NameReader names;
  GoldSentence sentence;
  std::vector<TreebankWord> words;
  size_t dropped = 0;
  std::string line;
  while (std::getline(in, line)) {
    if (line.starts_with("# newdoc id = ")) {
      if (gum) part = parts.Next(line.substr(14));
      names.StartDocument();
    } else if (line.starts_with("# text = ")) {
      sentence.text = line.substr(9);
    } else if (line.empty()) {
      if (gum) names.Read(words);
      sentence.part = part;
      if (Locate(sentence.text, words) && Align(words, sentence)) {
        if (gum) sentence.names = names.Labels(words, sentence.tokens);
        out.push_back(std::move(sentence));
      } else {
        ++dropped;
      }
      sentence = GoldSentence();
      words.clear();
    } else if (line[0] != '#') {
      const std::vector<std::string> cells = absl::StrSplit(line, '\t');
      int id = 0;
      if (cells.size() != 10 || !absl::SimpleAtoi(cells[0], &id)) continue;  // "3-4" and "8.1" repeat other words
      int head = 0;
      if (!absl::SimpleAtoi(cells[6], &head)) return absl::DataLossError(absl::StrCat(path, ": head of ", line));
      words.push_back({cells[1], cells[3], cells[7], cells[9], head - 1, 0, 0});
    }
  }
  if (dropped > 0)
    fprintf(stderr, "%s: %zu sentences whose words are not their text's left out\n", path.c_str(), dropped);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::vector<GoldSentence>> ReadTreebanks(const std::string& folder) {
  std::vector<GoldSentence> out;
  const struct {
    const char* name;
    Part part;
  } files[] = {{"gum", Part::kTrain}, {"ewt-dev", Part::kTrain}, {"pud", Part::kTrain}, {"ewt-test", Part::kTestEwt}};
  for (const auto& file : files) {
    const absl::Status status =
        ReadFile(absl::StrCat(folder, "/", file.name, ".conllu"), file.part, std::string_view(file.name) == "gum", out);
    if (!status.ok()) return status;
  }
  return out;
}

}  // namespace interdict::pipeline
