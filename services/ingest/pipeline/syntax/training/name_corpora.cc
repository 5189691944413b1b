#include "services/ingest/pipeline/syntax/training/name_corpora.h"

#include <algorithm>
#include <fstream>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "services/ingest/pipeline/mentions/context.h"
#include "services/ingest/pipeline/mentions/name_lists.h"

namespace interdict::pipeline {
namespace {

// A labelled word of a two-column file.
struct LabelledWord {
  std::string form;
  std::string label;  // PERSON, ORGANIZATION, LOCATION or empty
  bool first = false;
  uint32_t begin = 0;
  uint32_t end = 0;
};

std::string KindOf(std::string_view label) {
  const std::string_view kind = label.size() > 2 ? label.substr(2) : "";
  if (kind == "PER" || kind == "Person" || kind == "person") return "PERSON";
  if (kind == "ORG" || kind == "Organisation") return "ORGANIZATION";
  if (kind == "LOC" || kind == "Location") return "LOCATION";
  return "";
}

// The words as running text: no blank around a lone hyphen, which only the corpus sets apart, nor before a closing
// mark.
std::string Join(std::vector<LabelledWord>& words) {
  std::string text;
  bool glue = true;
  for (LabelledWord& word : words) {
    const bool closing = word.form == "," || word.form == "." || word.form == ")" || word.form == "'s" ||
                         word.form == ";" || word.form == ":" || word.form == "-";
    if (!glue && !closing) text.push_back(' ');
    word.begin = static_cast<uint32_t>(text.size());
    text += word.form;
    word.end = static_cast<uint32_t>(text.size());
    glue = word.form == "-" || word.form == "(";
  }
  return text;
}

// A span as it was labelled, over tokens.
struct Labelled {
  uint32_t first = 0;
  uint32_t end = 0;
  std::string kind;
};

// Cuts a labelled span down to the name in it; an empty span where there is none.
class NameTrimmer {
 public:
  NameTrimmer(const NamedSentence& sentence, const std::vector<KnownPhrase>& known)
      : sentence_(sentence), known_(known) {}

  Labelled Trim(Labelled span) const {
    while (span.first < span.end && !IsNameWord(span.first)) ++span.first;
    while (span.first < span.end && !IsNameWord(span.end - 1)) --span.end;
    if (span.kind == "PERSON") TrimPerson(span);
    if (span.first < span.end && IsOnly(span, kListDemonym)) span.end = span.first;
    if (span.kind == "ORGANIZATION" && span.first < span.end && IsOnly(span, kListPlace)) span.kind = "LOCATION";
    return span;
  }

 private:
  bool IsNameWord(uint32_t t) const {
    const Token& token = sentence_.tokens[t];
    return token.is_capitalised && !(IsFunctionWord(token.folded) && !token.is_all_caps) && token.folded != "i";
  }
  bool IsOnly(const Labelled& span, uint16_t list) const {
    for (uint32_t t = span.first; t < span.end; ++t)
      if ((sentence_.lists[t] & list) == 0) return false;
    return true;
  }
  // The last run of capitals, without the titles in front of it.
  void TrimPerson(Labelled& span) const {
    for (uint32_t t = span.end; t > span.first; --t) {
      const Token& token = sentence_.tokens[t - 1];
      if (!token.is_capitalised && (sentence_.lists[t - 1] & kListParticle) == 0) {
        span.first = t;
        break;
      }
    }
    for (bool moved = true; moved && span.first < span.end;) {
      moved = false;
      for (const KnownPhrase& phrase : known_) {
        const Table table = phrase.entry->table;
        if (phrase.first_token != span.first || phrase.end_token > span.end) continue;
        if (table != Table::kTitle && table != Table::kPersonNoun && table != Table::kAgencyHead &&
            !(table == Table::kPlace && phrase.entry->kind == "demonym"))
          continue;
        span.first = phrase.end_token;
        moved = true;
        break;
      }
    }
  }

  const NamedSentence& sentence_;
  const std::vector<KnownPhrase>& known_;
};

// Fills tokens, lists and labels of a sentence from labelled words.
class SentenceMaker {
 public:
  explicit SentenceMaker(const Knowledge& knowledge) : knowledge_(knowledge) {}

  std::vector<KnownPhrase> Cut(NamedSentence& out) const {
    out.tokens = TokenizePhrase(out.text);
    TokenizedText tokenized;
    tokenized.tokens = out.tokens;
    Sentence whole;
    whole.end = static_cast<uint32_t>(out.text.size());
    whole.end_token = static_cast<uint32_t>(out.tokens.size());
    tokenized.sentences.push_back(whole);
    std::vector<KnownPhrase> known = knowledge_.Find(out.text, tokenized);
    out.lists = NameLists(known, out.tokens.size());
    out.labels.assign(out.tokens.size(), NameLabel::kNone);
    return known;
  }

  static void Set(const Labelled& span, NamedSentence& out) {
    if (span.first >= span.end) return;
    const auto label = static_cast<uint8_t>(span.kind == "PERSON" ? 1 : span.kind == "ORGANIZATION" ? 3 : 5);
    for (uint32_t t = span.first; t < span.end; ++t)
      out.labels[t] = static_cast<NameLabel>(t == span.first ? label : label + 1);
  }

  NamedSentence Make(std::vector<LabelledWord> words, NamePart part) const {
    NamedSentence out;
    out.part = part;
    out.text = Join(words);
    const std::vector<KnownPhrase> known = Cut(out);
    const NameTrimmer trimmer(out, known);
    for (size_t w = 0; w < words.size();) {
      if (words[w].label.empty()) {
        ++w;
        continue;
      }
      size_t end = w + 1;
      while (end < words.size() && words[end].label == words[w].label && !words[end].first) ++end;
      Labelled span{0, 0, words[w].label};
      while (span.first < out.tokens.size() && out.tokens[span.first].end <= words[w].begin) ++span.first;
      span.end = span.first;
      while (span.end < out.tokens.size() && out.tokens[span.end].begin < words[end - 1].end) ++span.end;
      Set(trimmer.Trim(span), out);
      w = end;
    }
    return out;
  }

 private:
  const Knowledge& knowledge_;
};

absl::Status ReadColumns(const std::string& path, const SentenceMaker& maker, NamePart test, NamePart tune,
                         std::vector<NamedSentence>& out) {
  std::ifstream in(path);
  if (!in) return absl::NotFoundError(absl::StrCat(path, ": cannot be read"));
  std::vector<LabelledWord> words;
  int document = 0;
  int sentences = 0;
  std::string line;
  const auto part = [&] {
    if (test == NamePart::kTestWikigold) return document % 4 == 3 ? test : document % 4 == 1 ? tune : NamePart::kTrain;
    if (path.find("-test") != std::string::npos) return test;
    return sentences / 20 % 5 == 2 ? tune : NamePart::kTrain;
  };
  while (std::getline(in, line)) {
    if (line.starts_with("-DOCSTART-")) {
      ++document;
    } else if (line.empty() || line == "\t") {
      if (!words.empty()) {
        out.push_back(maker.Make(words, part()));
        ++sentences;
      }
      words.clear();
    } else {
      const size_t gap = line.find_last_of("\t ");
      if (gap == std::string::npos || gap == 0) continue;
      const std::string label = line.substr(gap + 1);
      words.push_back({line.substr(0, gap), KindOf(label), label.starts_with("B-"), 0, 0});
    }
  }
  if (!words.empty()) out.push_back(maker.Make(words, part()));
  return absl::OkStatus();
}

void TakeTreebanks(const std::vector<GoldSentence>& treebanks, const SentenceMaker& maker,
                   std::vector<NamedSentence>& out) {
  for (const GoldSentence& gold : treebanks) {
    if (gold.names.empty()) continue;
    NamedSentence s;
    s.part = gold.part == Part::kTestGum ? NamePart::kTestGum
             : gold.part == Part::kTune  ? NamePart::kTuneGum
                                         : NamePart::kTrain;
    s.text = gold.text;
    const std::vector<KnownPhrase> known = maker.Cut(s);
    const NameTrimmer trimmer(s, known);
    for (uint32_t t = 0; t < gold.names.size();) {
      if (gold.names[t][0] != 'B') {
        ++t;
        continue;
      }
      uint32_t end = t + 1;
      while (end < gold.names.size() && gold.names[end][0] == 'I') ++end;
      SentenceMaker::Set(trimmer.Trim({t, end, gold.names[t].substr(2)}), s);
      t = end;
    }
    out.push_back(std::move(s));
  }
}

}  // namespace

absl::StatusOr<std::vector<NamedSentence>> ReadNames(const std::string& folder,
                                                     const std::vector<GoldSentence>& treebanks,
                                                     const Knowledge& knowledge) {
  const SentenceMaker maker(knowledge);
  std::vector<NamedSentence> out;
  const struct {
    const char* name;
    NamePart test;
    NamePart tune;
  } files[] = {{"re3d-train", NamePart::kTestRe3d, NamePart::kTuneRe3d},
               {"re3d-test", NamePart::kTestRe3d, NamePart::kTuneRe3d},
               {"wikigold", NamePart::kTestWikigold, NamePart::kTuneWikigold}};
  for (const auto& file : files) {
    const absl::Status status =
        ReadColumns(absl::StrCat(folder, "/names/", file.name, ".conll"), maker, file.test, file.tune, out);
    if (!status.ok()) return status;
  }
  TakeTreebanks(treebanks, maker, out);
  return out;
}

}  // namespace interdict::pipeline
