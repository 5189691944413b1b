// The taggers and the parser on invented sentences: accuracy on a small sample, determinism, hostile input.
#include "services/ingest/pipeline/syntax/syntax.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_split.h"

namespace interdict::pipeline {
namespace {

const Syntax& Models() {
  static const Syntax* const kSyntax = Syntax::Load()->release();
  return *kSyntax;
}

// A text as one sentence.
struct OneSentence {
  explicit OneSentence(std::string from) : text(std::move(from)), tokens(TokenizePhrase(text)) {
    sentence.end = static_cast<uint32_t>(text.size());
    sentence.end_token = static_cast<uint32_t>(tokens.size());
  }
  TextSyntax Analyse() const {
    TokenizedText whole;
    whole.tokens = tokens;
    if (!tokens.empty()) whole.sentences.push_back(sentence);
    return Models().Analyse(text, whole, std::vector<uint16_t>(tokens.size(), 0));
  }
  std::vector<PartOfSpeech> Tags() const { return Analyse().tags; }
  std::string text;
  std::vector<Token> tokens;
  Sentence sentence;
};

TEST(PosTagger, ReadsInventedReportsNearlyWithoutError) {
  const struct {
    const char* text;
    const char* tags;
  } cases[] = {
      {"Customs officers seized 40 rifles hidden under scrap metal .",
       "NOUN NOUN VERB NUM NOUN VERB ADP NOUN NOUN PUNCT"},
      {"The cargo was found by police in Gdansk on Monday .", "DET NOUN AUX VERB ADP NOUN ADP PROPN ADP PROPN PUNCT"},
      {"He did n't tell the court who had paid for the shipment .",
       "PRON AUX PART VERB DET NOUN PRON AUX VERB ADP DET NOUN PUNCT"},
      {"Prosecutors say the firm sold drone engines to Iran , and its owner denies it .",
       "NOUN VERB DET NOUN VERB NOUN NOUN ADP PROPN PUNCT CCONJ PRON NOUN VERB PRON PUNCT"},
      {"Her seizure of the ship , which flew the Panama flag , angered the owners .",
       "PRON NOUN ADP DET NOUN PUNCT PRON VERB DET PROPN NOUN PUNCT VERB DET NOUN PUNCT"},
      {"The smugglers could be jailed if they are convicted of arms trafficking .",
       "DET NOUN AUX AUX VERB SCONJ PRON AUX VERB ADP NOUN NOUN PUNCT"},
  };
  size_t right = 0;
  size_t all = 0;
  for (const auto& c : cases) {
    const OneSentence s(c.text);
    const std::vector<std::string> expected = absl::StrSplit(c.tags, ' ');
    const auto tags = s.Tags();
    ASSERT_EQ(tags.size(), s.tokens.size());
    // "did n't" is written apart in the sample, so that one tag stands for one token.
    ASSERT_EQ(tags.size(), expected.size()) << c.text;
    for (size_t i = 0; i < tags.size(); ++i) right += kPartOfSpeechNames[static_cast<size_t>(tags[i])] == expected[i];
    all += tags.size();
  }
  EXPECT_GE(right * 100, all * 93) << right << " of " << all;
}

TEST(PosTagger, GivesTheSameTagsEachTime) {
  const OneSentence s("Two men from Baku were charged with exporting night-vision goggles without a licence.");
  EXPECT_EQ(s.Tags(), s.Tags());
}

TEST(PosTagger, TakesAnyInput) {
  std::string every;
  for (const char* sample : {"A", "ß", "ʰ", "ا", "ǅ", "́",  "५",      "Ⅷ",      "½",      "_",      "—", "«",  "»",
                             "(", ")", "€", "+", "^", "©", "\u200b", "\u2028", "\u202e", "\ue000", "😀", "漢", "한"})
    every += sample;
  const std::string cases[] = {"",
                               " ",
                               every,
                               std::string(1000000, 'x'),
                               std::string(100000, '.'),
                               std::string(1000, '(') + "a" + std::string(1000, ')')};
  for (const std::string& text : cases) {
    const OneSentence s(text);
    EXPECT_EQ(s.Tags().size(), s.tokens.size());
  }
  std::string line;
  while (line.size() < 1000000) line += "The crew sold it and ";
  const OneSentence s(line);
  EXPECT_EQ(s.Tags().size(), s.tokens.size());
}

TEST(LinearModel, RefusesDamagedWeights) {
  std::vector<int8_t> weights(8 * 3, 0);
  weights[4] = 5;
  weights[23] = -7;
  const std::string bytes = LinearModel::Serialize(weights, 3);
  ASSERT_TRUE(LinearModel::Parse(bytes, 3).ok());
  EXPECT_EQ(LinearModel::Parse(bytes, 4).status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(LinearModel::Parse(bytes + "x", 3).status().code(), absl::StatusCode::kDataLoss);
  for (size_t length = 0; length < bytes.size(); ++length)
    EXPECT_EQ(LinearModel::Parse(bytes.substr(0, length), 3).status().code(), absl::StatusCode::kDataLoss) << length;
}

TEST(LinearModel, SumsTheRowsOfItsFeatures) {
  std::vector<int8_t> weights(8 * 3, 0);
  weights[3 * 1 + 1] = 5;
  weights[3 * 7 + 2] = -7;
  const auto model = LinearModel::Parse(LinearModel::Serialize(weights, 3), 3);
  ASSERT_TRUE(model.ok());
  int16_t scores[LinearModel::kMaxClasses] = {};
  model->Add(1, scores);
  model->Add(7, scores);
  model->Add(15, scores);  // the same slot
  EXPECT_EQ(scores[0], 0);
  EXPECT_EQ(scores[1], 5);
  EXPECT_EQ(scores[2], -14);
  EXPECT_EQ(model->Best(scores), 1U);
}

TEST(Lexicon, KnowsItsWordsOnly) {
  const auto lexicon = Lexicon::Parse(Lexicon::Serialize({{77, 3}, {5, 1}, {4000000000U, 9}}));
  ASSERT_TRUE(lexicon.ok());
  EXPECT_EQ(lexicon->Find(5), 1);
  EXPECT_EQ(lexicon->Find(77), 3);
  EXPECT_EQ(lexicon->Find(4000000000U), 9);
  EXPECT_EQ(lexicon->Find(6), 0);
  EXPECT_FALSE(Lexicon::Parse("ILX1\x02\x05").ok());
}

// A parsed sentence that is asked by words.
struct Parsed {
  explicit Parsed(const std::string& text) : sentence(text) {
    TokenizedText whole;
    whole.tokens = sentence.tokens;
    whole.sentences.push_back(sentence.sentence);
    tree = Models().Parse(sentence.text, whole, sentence.sentence, sentence.Analyse());
  }
  int32_t Find(const std::string& word) const {
    for (size_t i = 0; i < sentence.tokens.size(); ++i)
      if (sentence.tokens[i].folded == word) return static_cast<int32_t>(i);
    return -1;
  }
  std::string Word(int32_t token) const { return token < 0 ? "" : sentence.tokens[static_cast<size_t>(token)].folded; }
  OneSentence sentence;
  SentenceTree tree;
};

struct ArgumentCase {
  const char* text;
  const char* predicate;
  const char* agent;
  const char* patient;
};

TEST(SentenceTree, TellsWhoDidWhatToWhom) {
  const ArgumentCase cases[] = {
      {"Customs officers seized forty rifles in Gdansk .", "seized", "officers", "rifles"},
      {"The rifles were seized by officers .", "seized", "officers", "rifles"},
      {"The officers who seized the rifles were praised .", "seized", "officers", "rifles"},
      {"The rifles seized by customs were new .", "seized", "customs", "rifles"},
      {"Police stopped the truck and arrested the driver .", "arrested", "police", "driver"},
      {"The driver was arrested and charged .", "charged", "", "driver"},
      {"The court asked the ministry to expel the diplomat .", "expel", "ministry", "diplomat"},
      {"The seizure of the rifles by customs took an hour .", "seizure", "customs", "rifles"},
  };
  size_t right = 0;
  for (const ArgumentCase& c : cases) {
    const Parsed p(c.text);
    const Arguments a = p.tree.ArgumentsOf(p.Find(c.predicate));
    const bool good = p.Word(a.agent) == c.agent && p.Word(a.patient) == c.patient;
    right += good;
    if (!good) printf("%s: agent '%s', patient '%s'\n", c.text, p.Word(a.agent).c_str(), p.Word(a.patient).c_str());
  }
  // Learned, so not all need be right.
  EXPECT_GE(right, std::size(cases) - 1);
}

TEST(SentenceTree, GivesPrepositionsNegationAndConjuncts) {
  const Parsed p("In the container , officers did not find rifles , pistols and ammunition .");
  const Arguments a = p.tree.ArgumentsOf(p.Find("find"));
  EXPECT_TRUE(a.negated);
  ASSERT_FALSE(a.prepositional.empty());
  EXPECT_EQ(p.Word(a.prepositional[0].first), "in");
  EXPECT_EQ(p.Word(a.prepositional[0].second), "container");
  std::vector<std::string> joined;
  for (const int32_t token : p.tree.Conjuncts(p.Find("rifles"))) joined.push_back(p.Word(token));
  EXPECT_THAT(joined, ::testing::UnorderedElementsAre("pistols", "ammunition"));
}

TEST(SentenceTree, IsATreeWithOneRootForAnyText) {
  const std::string texts[] = {"Seized .", ", , ; ( [ \" '", "a a a a a a a a", "The , of ; who ! seized by by by .",
                               "\u0627\u0644 \u6f22 \U0001F600 \u202e x"};
  for (const std::string& text : texts) {
    const Parsed p(text);
    const auto size = static_cast<int32_t>(p.sentence.tokens.size());
    int roots = 0;
    for (int32_t t = 0; t < size; ++t) {
      int32_t at = t;
      int steps = 0;
      while (at >= 0 && steps <= size) {
        at = p.tree.HeadOf(at);
        ++steps;
      }
      EXPECT_LE(steps, size) << "a cycle in " << text;
      roots += p.tree.HeadOf(t) < 0;
      p.tree.ArgumentsOf(t);
      p.tree.Conjuncts(t);
    }
    EXPECT_EQ(roots, 1) << text;
  }
}

TEST(SentenceTree, IsEmptyForWhatIsNoSentence) {
  std::string list;
  for (int i = 0; i < 1000; ++i) list += "rifles and ";
  const Parsed p(list);
  EXPECT_TRUE(p.tree.empty());
  EXPECT_EQ(p.tree.HeadOf(3), -1);
  EXPECT_EQ(p.tree.ArgumentsOf(3).agent, -1);
  EXPECT_THAT(p.tree.DependentsOf(3), ::testing::IsEmpty());
}

TEST(NameTagger, FindsNamesInInventedReports) {
  const struct {
    const char* text;
    const char* name;
    NameKind kind;
  } cases[] = {
      {"The investigation was led by Marta Kowalczyk , a spokeswoman said .", "Marta Kowalczyk", NameKind::kPerson},
      {"He was a director of Baltwind Shipping Ltd , prosecutors said .", "Baltwind Shipping Ltd",
       NameKind::kOrganization},
      {"The weapons were loaded in Benghazi last month .", "Benghazi", NameKind::kLocation},
      {"Dmitri Volkov told the court that he knew nothing .", "Dmitri Volkov", NameKind::kPerson},
  };
  size_t right = 0;
  for (const auto& c : cases) {
    const OneSentence s(c.text);
    for (const NameSpan& n : s.Analyse().names)
      right += n.kind == c.kind &&
               s.text.substr(s.tokens[n.first].begin, s.tokens[n.end - 1].end - s.tokens[n.first].begin) == c.name;
  }
  // Without the knowledge lists, which the pipeline adds.
  EXPECT_GE(right, 3U);
  EXPECT_THAT(OneSentence("nothing here is written large").Analyse().names, ::testing::IsEmpty());
}

}  // namespace
}  // namespace interdict::pipeline
