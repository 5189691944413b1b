// The knowledge as a whole: every phrase can be found in a text, and every trigger that makes a frame fires in its
// example sentence (trigger_examples.tsv).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "services/ingest/pipeline/frames/frames.h"
#include "services/ingest/pipeline/knowledge/embedded_files.h"
#include "services/ingest/pipeline/knowledge/inflection.h"
#include "services/ingest/pipeline/knowledge/table_reader.h"
#include "services/ingest/pipeline/mentions/mention.h"
#include "tests/pipeline/pipeline_fixture.h"
#include "tests/source_tree.h"

namespace interdict::pipeline {
namespace {

const Knowledge& World() {
  static const Knowledge* const kKnowledge = Knowledge::Load("")->release();
  return *kKnowledge;
}

Page OneParagraph(const std::string& text) {
  Page page;
  page.text = text;
  page.blocks.push_back({BlockKind::kParagraph, 0, text.size()});
  return page;
}

// Files of phrases, and their columns that hold some.
const std::map<std::string, std::vector<std::string>>& PhraseColumns() {
  static const auto* const kColumns = new std::map<std::string, std::vector<std::string>>{
      {"places.tsv", {"phrase"}},
      {"goods.tsv", {"phrase"}},
      {"models.tsv", {"phrase"}},
      {"part_words.tsv", {"phrase"}},
      {"agencies.tsv", {"phrase", "acronym"}},
      {"agency_heads.tsv", {"phrase"}},
      {"organisation_words.tsv", {"phrase"}},
      {"outlets.tsv", {"phrase"}},
      {"person_nouns.tsv", {"phrase"}},
      {"titles.tsv", {"phrase"}},
      {"first_names.tsv", {"name"}},
      {"surname_particles.tsv", {"phrase"}},
      {"legal.tsv", {"phrase"}},
      {"embargo.tsv", {"phrase"}},
      {"conveyances.tsv", {"phrase"}},
      {"weasel.tsv", {"phrase"}},
      {"triggers.tsv", {"phrase"}},
  };
  return *kColumns;
}

// Whether the phrase, in the middle of a sentence, is found as a whole.
bool IsReachable(const std::string& phrase) {
  const Page page = OneParagraph(absl::StrCat("qqq ", phrase, " qqq"));
  const TokenizedText tokens = Tokenize(page);
  const std::vector<KnownPhrase> found = World().Find(page.text, tokens);
  return std::any_of(found.begin(), found.end(), [&](const KnownPhrase& known) {
    return tokens.tokens[known.first_token].begin == 4 && tokens.tokens[known.end_token - 1].end == 4 + phrase.size();
  });
}

TEST(KnowledgeTest, EveryPhraseCanBeFoundInAText) {
  for (const EmbeddedFile& file : EmbeddedKnowledgeFiles()) {
    const auto columns = PhraseColumns().find(std::string(file.name));
    if (columns == PhraseColumns().end()) continue;
    const auto rows = ReadTable(file.name, file.content, columns->second);
    ASSERT_TRUE(rows.ok()) << rows.status().message();
    for (const TableRow& row : *rows)
      for (const std::string& cell : row.cells)
        for (const auto phrase : absl::StrSplit(cell, '|', absl::SkipEmpty()))
          EXPECT_TRUE(IsReachable(std::string(phrase)))
              << file.name << ", line " << row.line << ": “" << std::string(phrase) << "” is never found in a text";
  }
}

// A row of triggers.tsv.
struct Trigger {
  std::string phrase, pos, kind, value, forms;
  std::string Key() const { return absl::StrCat(phrase, " (", pos, ", ", kind, ", ", value, ")"); }
};

bool MakesAFrame(const Trigger& t) {
  static const auto* const kKinds =
      new std::set<std::string>{"action", "act", "find", "stop", "stage", "say", "ask", "refuse"};
  return kKinds->count(t.kind) > 0;
}

std::vector<Trigger> Triggers() {
  std::vector<Trigger> triggers;
  for (const EmbeddedFile& file : EmbeddedKnowledgeFiles()) {
    if (file.name.rfind("triggers", 0) != 0) continue;
    const auto rows = ReadTable(file.name, file.content, {"phrase", "pos", "class", "value", "forms"});
    EXPECT_TRUE(rows.ok()) << rows.status().message();
    for (const TableRow& r : *rows) triggers.push_back({r.cells[0], r.cells[1], r.cells[2], r.cells[3], r.cells[4]});
  }
  return triggers;
}

// Whether a hit is the row: its class and value at words that are a form of its phrase. Where two rows say the same of
// the same words, either will do.
bool IsOf(const TriggerHit& hit, const Trigger& t, const Page& page, const TokenizedText& tokens) {
  if (hit.entry->kind != t.kind || hit.entry->value != t.value) return false;
  const uint32_t begin = tokens.tokens[hit.first_token].begin;
  const std::string words =
      absl::AsciiStrToLower(page.text.substr(begin, tokens.tokens[hit.end_token - 1].end - begin));
  if (words == absl::AsciiStrToLower(t.phrase)) return true;
  if (t.pos == "noun") return words == Plural(t.phrase);
  if (t.pos != "verb") return false;
  for (const auto& [form, name] : VerbForms(t.phrase, t.forms))
    if (words == form) return true;
  return false;
}

bool HasStatus(const Frames& frames, v1::ActionStatus status) {
  return std::any_of(frames.all.begin(), frames.all.end(), [&](const Frame& f) { return f.status == status; });
}

bool Fires(const Trigger& t, const std::string& sentence) {
  const Page page = OneParagraph(sentence);
  const TokenizedText tokens = Tokenize(page);
  const Mentions mentions = FindMentions(World(), page, tokens);
  const Frames frames = FindFrames(page, tokens, mentions, Resolve(tokens, mentions));
  if (t.kind == "ask" || t.kind == "refuse") {
    const bool hit = std::any_of(mentions.triggers.begin(), mentions.triggers.end(),
                                 [&](const TriggerHit& h) { return IsOf(h, t, page, tokens); });
    return hit && HasStatus(frames, t.kind == "ask" ? v1::ACTION_STATUS_REQUESTED : v1::ACTION_STATUS_REFUSED);
  }
  return std::any_of(frames.all.begin(), frames.all.end(),
                     [&](const Frame& f) { return IsOf(f.trigger, t, page, tokens); });
}

std::map<std::string, std::string> Examples() {
  const std::string content = ReadFile(testing::SourcePath("tests/pipeline/trigger_examples.tsv"));
  const auto rows = ReadTable("trigger_examples.tsv", content, {"phrase", "pos", "class", "value", "sentence"});
  EXPECT_TRUE(rows.ok()) << rows.status().message();
  std::map<std::string, std::string> examples;
  for (const TableRow& r : *rows) {
    const std::string key = Trigger{r.cells[0], r.cells[1], r.cells[2], r.cells[3], ""}.Key();
    EXPECT_TRUE(examples.emplace(key, r.cells[4]).second) << "two examples for " << key;
  }
  return examples;
}

TEST(TriggersTest, EveryExampleFiresItsTrigger) {
  const auto examples = Examples();
  for (const Trigger& t : Triggers()) {
    const auto example = examples.find(t.Key());
    if (example == examples.end() || !MakesAFrame(t)) continue;
    EXPECT_TRUE(Fires(t, example->second)) << t.Key() << " does not fire in: " << example->second;
  }
}

// A few words may come first and their sentences next; not many.
TEST(TriggersTest, TriggersHaveExamples) {
  constexpr size_t kMayLack = 30;
  const auto examples = Examples();
  std::vector<std::string> without;
  for (const Trigger& t : Triggers())
    if (MakesAFrame(t) && examples.count(t.Key()) == 0) without.push_back(t.Key());
  EXPECT_LE(without.size(), kMayLack) << "write a line in tests/pipeline/trigger_examples.tsv for each of:\n"
                                      << absl::StrJoin(without, "\n");
}

}  // namespace
}  // namespace interdict::pipeline
