#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/index/names/edit_distance.h"
#include "services/index/names/normalised_name.h"
#include "services/index/names/spelling.h"

namespace interdict::names {
namespace {

using testing::Each;
using testing::IsEmpty;
using testing::SizeIs;

std::string Folded(std::string_view name, NameKind kind = NameKind::kUnknown) {
  return ToString(Normalise(name, kind));
}

TokenRole RoleOf(std::string_view name, std::string_view word, NameKind kind) {
  for (const NameToken& token : Normalise(name, kind).tokens) {
    if (token.text == word) return token.role;
  }
  ADD_FAILURE() << word << " is no token of " << name;
  return TokenRole::kWord;
}

TEST(Normalise, FoldsCaseMarksAndPunctuation) {
  EXPECT_EQ(Folded("Recep Tayyip ERDOĞAN"), "recep tayyip erdogan");
  EXPECT_EQ(Folded("Nguyễn Phú Trọng"), "nguyen phu trong");
  EXPECT_EQ(Folded("Łódź–Straße"), "lodz strasse");
  EXPECT_EQ(Folded("O'Brien d’Arc"), "obrien darc");
  EXPECT_EQ(Folded("İlham Əliyev"), "ilham aliyev");
}

TEST(Normalise, ReadsScripts) {
  EXPECT_EQ(Folded("Владимир Путин"), "vladimir putin");
  EXPECT_EQ(Folded("Κυριάκος Μητσοτάκης"), "kyriakos mitsotakis");
  EXPECT_EQ(Folded("ბათუმი"), "batumi");
  EXPECT_EQ(Folded("김정은"), "gim jeongeun");
  EXPECT_EQ(Folded("习近平"), "xi jinping");
  EXPECT_EQ(Folded("トヨタ"), "toyota");
  EXPECT_TRUE(Normalise("Путин", NameKind::kPerson).transliterated);
  EXPECT_FALSE(Normalise("Erdoğan", NameKind::kPerson).transliterated);
}

TEST(Normalise, ComposedAndDecomposedAreTheSame) {
  EXPECT_EQ(Folded("Erdog\xCC\x86"
                   "an"),
            "erdogan");
  EXPECT_EQ(Folded("Горбачёв"), Folded("Горбаче\xCC\x88в"));
}

TEST(Normalise, AbjadsKeepConsonants) {
  const NormalisedName name = Normalise("محمد القذافي", NameKind::kPerson);
  ASSERT_THAT(name.tokens, SizeIs(3));
  EXPECT_TRUE(name.tokens[0].vowelless);
  EXPECT_EQ(name.tokens[0].meaning, "mohammed");
  EXPECT_EQ(name.tokens[1].role, TokenRole::kParticle);
  EXPECT_EQ(name.tokens[2].skeleton, Skeleton("gaddafi"));
}

TEST(Normalise, GivesRolesByKind) {
  EXPECT_EQ(RoleOf("Acme Trading LLC", "llc", NameKind::kOrganization), TokenRole::kCompanyForm);
  EXPECT_EQ(RoleOf("Acme Trading LLC", "trading", NameKind::kOrganization), TokenRole::kGeneric);
  EXPECT_EQ(RoleOf("Maria Sa", "sa", NameKind::kPerson), TokenRole::kWord);
  EXPECT_EQ(RoleOf("Vladimir Vladimirovich Putin", "vladimirovich", NameKind::kPerson), TokenRole::kPatronymic);
  EXPECT_EQ(RoleOf("Gen. Ivan Petrov", "gen", NameKind::kPerson), TokenRole::kHonorific);
  EXPECT_EQ(RoleOf("V. Petrov", "v", NameKind::kPerson), TokenRole::kInitial);
  EXPECT_EQ(RoleOf("Ayman al-Zawahiri", "al", NameKind::kPerson), TokenRole::kParticle);
}

TEST(Normalise, DottedLettersOfACompanyAreOneWord) {
  EXPECT_EQ(Folded("Acme S.A.", NameKind::kOrganization), "acme sa");
  EXPECT_EQ(Folded("J. R. Smith", NameKind::kPerson), "j r smith");
}

TEST(Normalise, TurnsFamilyNameFirstRound) { EXPECT_EQ(Folded("KIM, Chol Nam", NameKind::kPerson), "chol nam kim"); }

TEST(Normalise, SomethingIsAlwaysAWord) {
  for (const char* name : {"The Company Ltd", "General", "Bin Al", "LLC"}) {
    const NormalisedName normalised = Normalise(name, NameKind::kUnknown);
    EXPECT_TRUE(std::any_of(normalised.tokens.begin(), normalised.tokens.end(), [](const NameToken& token) {
      return token.role == TokenRole::kWord || token.role == TokenRole::kGeneric;
    })) << name;
  }
}

TEST(Normalise, NothingToReadGivesNoTokens) {
  for (const char* name : {"", "   ", "...", "—–!?", "\xFF\xFE\xFD", "\xF0\x9F\x98\x80", "\xCC\x81\xCC\x81"}) {
    EXPECT_THAT(Normalise(name, NameKind::kUnknown).tokens, IsEmpty()) << name;
  }
}

TEST(Normalise, IsBounded) {
  for (const std::string& part :
       {std::string("a"), std::string("ab "), std::string("й"), std::string("김"), std::string("\xE0"),
        std::string("\x00", 1), std::string("a\xCC\x81"), std::string("م")}) {
    std::string name;
    while (name.size() < 10000) name += part;
    const NormalisedName normalised = Normalise(name, NameKind::kUnknown);
    EXPECT_LE(normalised.tokens.size(), kMaxTokens);
    for (const NameToken& token : normalised.tokens) EXPECT_LE(token.text.size(), kMaxTokenLetters);
    EXPECT_TRUE(normalised.truncated);
  }
}

TEST(Normalise, ABadByteSeparates) {
  EXPECT_EQ(Folded("Iv\xFF"
                   "an"),
            "iv an");
}

TEST(Spelling, MakesVariantsOne) {
  EXPECT_EQ(Spelling("youssouf"), Spelling("yusuf"));
  EXPECT_EQ(Spelling("khaled"), Spelling("haled"));
  EXPECT_EQ(Spelling("philipp"), Spelling("filip"));
  EXPECT_EQ(Spelling("cheol"), Spelling("chol"));
  EXPECT_NE(Spelling("ivan"), Spelling("ian"));
}

// The textbook's table, to check the bits against.
int TableDistance(std::string_view a, std::string_view b) {
  std::vector<std::vector<int>> d(a.size() + 1, std::vector<int>(b.size() + 1));
  for (size_t i = 0; i <= a.size(); ++i) {
    for (size_t j = 0; j <= b.size(); ++j) {
      if (i == 0 || j == 0) {
        d[i][j] = static_cast<int>(i + j);
        continue;
      }
      d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
    }
  }
  return d[a.size()][b.size()];
}

TEST(EditDistance, EqualsTheTable) {
  uint32_t seed = 7;
  const auto random = [&seed](uint32_t end) { return (seed = seed * 1664525 + 1013904223) / 65536 % end; };
  for (int round = 0; round < 5000; ++round) {
    std::string a;
    std::string b;
    for (uint32_t i = 0, size = random(20); i < size; ++i) a.push_back(static_cast<char>('a' + random(4)));
    for (uint32_t i = 0, size = random(20); i < size; ++i) b.push_back(static_cast<char>('a' + random(4)));
    ASSERT_EQ(EditPattern(a).Distance(b), TableDistance(a, b)) << a << " " << b;
  }
}

}  // namespace
}  // namespace interdict::names
