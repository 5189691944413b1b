// The language of texts long and short.
#include "services/ingest/pipeline/language/language.h"

#include <gtest/gtest.h>

namespace interdict::pipeline {
namespace {

TEST(LanguageTest, TellsTheLanguageOfATextOfSomeSentences) {
  const std::pair<const char*, const char*> cases[] = {
      {"The coast guard stopped the vessel late on Tuesday and found rifles below the cargo of cement. The crew was "
       "arrested.",
       "en"},
      {"La police a saisi plusieurs armes dans un conteneur au port, selon le ministère de l'intérieur. Trois hommes "
       "sont détenus.",
       "fr"},
      {"Die Zollbeamten fanden am Dienstag mehrere Gewehre in einem Container, teilte das Ministerium am Abend mit.",
       "de"},
      {"Таможенники нашли оружие в контейнере, который прибыл из порта во вторник вечером, сообщило министерство.",
       "ru"},
      {"Tajná služba odhalila pokus o pašování zbraní přes území České republiky, uvedl mluvčí. Diplomat musel zemi "
       "opustit.",
       "cs"},
      {"海关官员周二在港口的一个集装箱中发现了武器，该部在晚上表示，三名男子被拘留。", "zh"},
      {"عثر ضباط الجمارك على أسلحة في حاوية في الميناء مساء الثلاثاء وفقا لما أعلنته الوزارة", "ar"},
      {"", "und"},
      {"12 34 56", "und"},
      {"T-54", "und"},
  };
  for (const auto& [text, language] : cases) EXPECT_EQ(DetectLanguage(text), language) << text;
}

TEST(LanguageTest, ReadsEnglishAndWhatCannotBeTold) {
  EXPECT_TRUE(IsLanguageRead("en"));
  EXPECT_TRUE(IsLanguageRead("und"));
  EXPECT_FALSE(IsLanguageRead("fr"));
  EXPECT_FALSE(IsLanguageRead(""));
}

TEST(LanguageTest, CutsLongTextsBetweenCharacters) {
  std::string text;
  while (text.size() < 300'000) text += "Тамо";
  EXPECT_FALSE(DetectLanguage(text).empty());
}

}  // namespace
}  // namespace interdict::pipeline
