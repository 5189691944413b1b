#include "services/index/names/name_score.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/index/names/names_fixture.h"

namespace interdict::names {
namespace {

NameScore Score(std::string_view query, std::string_view candidate, NameKind kind = NameKind::kPerson) {
  return ScoreNames(Normalise(query, kind), Normalise(candidate, kind), nullptr, /*explain=*/true);
}

double ScoreOf(std::string_view query, std::string_view candidate, NameKind kind = NameKind::kPerson) {
  return Score(query, candidate, kind).score;
}

bool HasPart(const NameScore& score, PartMatch how, std::string_view query, std::string_view candidate) {
  return std::any_of(score.parts.begin(), score.parts.end(), [&](const MatchedPart& part) {
    return part.how == how && part.query == query && part.candidate == candidate;
  });
}

TEST(NameScore, TheSameNameHasTheCap) {
  EXPECT_DOUBLE_EQ(ScoreOf("Kim Chol Nam", "Kim Chol Nam"), kMaxNameScore);
  EXPECT_LT(kMaxNameScore, 1.0);
}

TEST(NameScore, OrderOfWordsDoesNotCount) {
  EXPECT_DOUBLE_EQ(ScoreOf("KIM, Chol Nam", "Nam Chol Kim"), kMaxNameScore);
  NameMaker maker(3);
  for (int round = 0; round < 200; ++round) {
    const std::vector<std::string> words = {maker.Word(), maker.Word(), maker.Word()};
    const std::string name = words[0] + " " + words[1] + " " + words[2];
    const std::string turned = words[2] + " " + words[0] + " " + words[1];
    ASSERT_NEAR(ScoreOf(name, turned), kMaxNameScore, 1e-9) << name;
  }
}

TEST(NameScore, SaysHowEachPartMatched) {
  const NameScore score = Score("V. Putin", "Vladimir Vladimirovich Putin");
  EXPECT_TRUE(HasPart(score, PartMatch::kExact, "putin", "putin"));
  EXPECT_TRUE(HasPart(score, PartMatch::kInitial, "v", "vladimir"));
  EXPECT_TRUE(HasPart(score, PartMatch::kExtra, "", "vladimirovich"));
  EXPECT_TRUE(HasPart(Score("Yusuf Karim", "Joseph Kareem"), PartMatch::kEquivalent, "yusuf", "joseph"));
  EXPECT_TRUE(HasPart(Score("Khaled Omari", "Haled Omari"), PartMatch::kTransliteration, "khaled", "haled"));
  EXPECT_TRUE(HasPart(Score("Ivan Petrow", "Ivan Pemrov"), PartMatch::kEdit, "petrow", "pemrov"));
  EXPECT_TRUE(HasPart(Score("Xi Jin Ping", "Xi Jinping"), PartMatch::kJoined, "jin ping", "jinping"));
  EXPECT_TRUE(HasPart(Score("Ivan Petrov", "Ivan"), PartMatch::kMissing, "petrov", ""));
}

TEST(NameScore, WeightsSumToOneAndExplainTheScore) {
  NameMaker maker(11);
  for (int round = 0; round < 500; ++round) {
    const std::string name = maker.Person();
    const NameScore score = Score(name, maker.Misspell(name));
    double weight = 0;
    double sum = 0;
    for (const MatchedPart& part : score.parts) {
      weight += part.weight;
      sum += part.weight * part.similarity;
    }
    ASSERT_NEAR(weight, 1, 1e-6) << name;
    ASSERT_NEAR(sum * kMaxNameScore, score.score, 1e-6) << name;
  }
}

TEST(NameScore, AcronymsAndCompanyForms) {
  const NameKind kind = NameKind::kOrganization;
  const NameScore acronym = Score("KOMID", "Korea Mining Development Trading Corporation", kind);
  ASSERT_EQ(acronym.parts.size(), 1U);
  EXPECT_EQ(acronym.parts[0].how, PartMatch::kAcronym);
  EXPECT_GE(acronym.score, 0.75);
  EXPECT_TRUE(HasPart(Score("Rosneft LLC", "Rosneft OOO", kind), PartMatch::kCompanyForm, "llc", "ooo"));
  EXPECT_GT(ScoreOf("Rosneft LLC", "Rosneft OOO", kind), ScoreOf("Rosneft LLC", "Rosneft PJSC", kind));
  EXPECT_GT(ScoreOf("Rosneft LLC", "Rosneft PJSC", kind), 0.85);
  EXPECT_LT(ScoreOf("KOMID", "Korean Airlines Limited", kind), 0.6);
}

TEST(NameScore, OtherPersonsScoreLess) {
  const double same = ScoreOf("Muhammad Yusuf", "Mohamed Youssef");
  EXPECT_GT(same, 0.88);
  EXPECT_LT(ScoreOf("Muhammad Yusuf", "Muhammad Karim"), 0.6);
  EXPECT_LT(ScoreOf("Kim Chol Nam", "Kim Jong Il"), 0.6);
  EXPECT_LT(ScoreOf("Ivan Petrov", "Anna Schmidt"), 0.3);
}

TEST(NameScore, BoundedAndSymmetric) {
  NameMaker maker(5);
  for (int round = 0; round < 3000; ++round) {
    const std::string a = maker.Below(3) == 0 ? maker.Company() : maker.Person();
    const std::string b = maker.Below(2) == 0 ? maker.Misspell(a) : maker.Person();
    const double there = ScoreOf(a, b, NameKind::kUnknown);
    const double back = ScoreOf(b, a, NameKind::kUnknown);
    ASSERT_GE(there, 0);
    ASSERT_LE(there, kMaxNameScore);
    ASSERT_NEAR(there, back, 0.02) << a << " / " << b;
  }
}

TEST(NameScore, HostileNamesAreBounded) {
  std::string words;
  for (int i = 0; i < 3000; ++i) words += "a" + std::to_string(i % 7) + " ";
  for (const std::string& name :
       {std::string(10000, 'a'), words, std::string(10000, '.'), std::string(10000, '\xFF')}) {
    const double score = ScoreOf(name, name, NameKind::kUnknown);
    EXPECT_GE(score, 0);
    EXPECT_LE(score, kMaxNameScore + 1e-9);
    EXPECT_LE(ScoreOf(name, "Kim Chol Nam"), 0.5);
  }
  EXPECT_EQ(ScoreOf("...", "Kim"), 0);
}

}  // namespace
}  // namespace interdict::names
