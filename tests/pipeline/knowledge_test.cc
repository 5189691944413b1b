// The loader of the knowledge files: what it finds, and how it says what is wrong with a file.
#include "services/ingest/pipeline/knowledge/knowledge.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "services/ingest/pipeline/knowledge/inflection.h"
#include "services/ingest/pipeline/knowledge/table_reader.h"

namespace interdict::pipeline {
namespace {

using ::testing::HasSubstr;

std::string Folder(const std::string& name, const std::string& file, const std::string& content) {
  const std::filesystem::path folder = std::filesystem::path(::testing::TempDir()) / ("knowledge_test_" + name);
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  std::ofstream(folder / file) << content;
  return folder.string();
}

TokenizedText Tokens(const std::string& text) {
  Page page;
  page.text = text;
  page.blocks.push_back({BlockKind::kParagraph, 0, text.size()});
  return Tokenize(page);
}

TEST(KnowledgeLoader, FindsPhrasesByTheirCaseRule) {
  const auto loaded = Knowledge::Load(Folder("case", "places.tsv",
                                             "#columns\tphrase\tcase\tkind\tcodes\tlat\tlon\nTurkey\tCased\tcountry\tTR"
                                             "\t39\t35\nUS\tEXACT\tcountry\tUS\nCôte d'Ivoire\tANY\tcountry\tCI\n"));
  ASSERT_TRUE(loaded.ok()) << loaded.status().message();
  const std::string text = "the turkey of Turkey told us in the US of cote d'ivoire";
  std::vector<std::string> codes;
  for (const KnownPhrase& known : (*loaded)->Find(text, Tokens(text))) codes.push_back(known.entry->codes[0]);
  EXPECT_EQ(codes, (std::vector<std::string>{"TR", "US", "CI"}));
}

TEST(KnowledgeLoader, InflectsVerbsAndPlurals) {
  const auto loaded = Knowledge::Load(Folder("verbs", "triggers.tsv",
                                             "#columns\tphrase\tpos\tclass\tvalue\tforms\nseize\tverb\taction\tSEIZURE"
                                             "\ntake away\tverb\taction\tSEIZURE\ttook away|taken away|taking away\n"));
  ASSERT_TRUE(loaded.ok()) << loaded.status().message();
  for (const char* text : {"they seized it", "seizing arms", "it was taken away", "he took away the keys"})
    EXPECT_EQ((*loaded)->Find(text, Tokens(text)).size(), 1U) << text;
  EXPECT_EQ(Plural("agency"), "agencies");
  EXPECT_EQ(Plural("box"), "boxes");
}

TEST(KnowledgeLoader, NamesFileLineAndRemedy) {
  const struct {
    const char* name;
    const char* file;
    const char* content;
    const char* line;
  } cases[] = {
      {"header", "places.tsv", "Turkey\tCased\n", "places.tsv, line 1"},
      {"column", "places.tsv", "#columns\tphrase\tcase\n", "'kind' is missing"},
      {"cells", "outlets.tsv", "#columns\tphrase\tcase\tcode\nNews\tANY\tUS\tx\n", "outlets.tsv, line 2"},
      {"rule", "outlets.tsv", "#columns\tphrase\tcase\tcode\nNews\tMAYBE\tUS\n", "'MAYBE' is none of"},
      {"nocode", "places.tsv", "#columns\tphrase\tcase\tkind\tcodes\tlat\tlon\nTurkey\tCased\tcountry\t\n", "no code"},
      {"pos", "triggers.tsv", "#columns\tphrase\tpos\tclass\tvalue\tforms\nseize\tadverb\taction\tSEIZURE\n",
       "'adverb' is none of"},
  };
  for (const auto& c : cases) {
    const auto loaded = Knowledge::Load(Folder(c.name, c.file, c.content));
    ASSERT_FALSE(loaded.ok()) << c.name;
    EXPECT_EQ(loaded.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(std::string(loaded.status().message()), HasSubstr(c.line));
  }
  EXPECT_FALSE(Knowledge::Load("no/such/folder").ok());
}

}  // namespace
}  // namespace interdict::pipeline
