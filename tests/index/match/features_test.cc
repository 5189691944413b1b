#include "services/index/resolve/match/features.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/index/resolve/match/amounts.h"
#include "services/index/resolve/match/blocking_keys.h"
#include "services/index/resolve/match/name_match.h"
#include "services/index/resolve/match/pair_features.h"
#include "services/index/resolve/match/pair_model.h"
#include "services/index/resolve/match/word_keys.h"
#include "tests/index/match/sample_reports.h"
#include "tests/status_matchers.h"

namespace interdict::index::match {
namespace {

using interdict::testing::IsOk;
using interdict::testing::StatusIs;
using internal::v1::FeatureName;
using internal::v1::ReportFeatures;
using ::testing::HasSubstr;

FeatureName Name(const std::vector<std::string>& words) {
  FeatureName name;
  for (const std::string& word : words) name.add_words(WordKey(word));
  return name;
}

TEST(WordKeyTest, SpellingsOfOneNameSoundAlike) {
  EXPECT_TRUE(SoundAlike(WordKey("muhammad"), WordKey("mohamed")));
  EXPECT_TRUE(SoundAlike(WordKey("yousef"), WordKey("yusuf")));
  EXPECT_NE(WordKey("muhammad"), WordKey("mohamed"));
  EXPECT_FALSE(SoundAlike(WordKey("mohamed"), WordKey("mahmoud")) && WordKey("li") == WordKey("le"));
  EXPECT_FALSE(SoundAlike(WordKey("li"), WordKey("le")));
}

TEST(NameMatchTest, AFamilyNameAloneDoesNotMakeTwoFirstNamesOnePerson) {
  EXPECT_EQ(MatchNames(Name({"sergei", "karpenko"}), Name({"andrei", "karpenko"})), 0);
  EXPECT_GT(MatchNames(Name({"sergei", "karpenko"}), Name({"sergey", "karpenko"})), 0.7F);
  EXPECT_GT(MatchNames(Name({"karpenko", "sergei"}), Name({"sergei", "karpenko"})), 0.8F);
  const float alone = MatchNames(Name({"karpenko"}), Name({"sergei", "karpenko"}));
  EXPECT_GT(alone, 0.3F);
  EXPECT_LT(alone, 0.6F);
}

TEST(NameMatchTest, TitlesAndCompanyFormsSayNothing) {
  const ReportFeatures a = SampleFeatures(
      R"(parties { name: "Tarvo Shipping Co., Ltd." named: true kind: PARTY_KIND_ORGANIZATION role: PARTY_ROLE_SUSPECT })",
      1);
  EXPECT_EQ(a.parties(0).names(0).words_size(), 2);
}

TEST(ImoNumberTest, TheCheckDigitMustBeRight) {
  EXPECT_EQ(ImoNumber("IMO 9074729"), 9074729u);
  EXPECT_EQ(ImoNumber("9074728"), 0u);
  EXPECT_EQ(ImoNumber("907472"), 0u);
  EXPECT_EQ(ImoNumber("90747290"), 0u);
  EXPECT_EQ(ImoNumber(std::string(100000, '9')), 0u);
}

TEST(AmountTest, UnitsAreMadeOne) {
  v1::Quantity tonnes;
  tonnes.set_value(2.5);
  tonnes.set_unit("Tonnes");
  EXPECT_EQ(AmountOf(tonnes).kind(), internal::v1::AMOUNT_KIND_KILOGRAMS);
  EXPECT_FLOAT_EQ(AmountOf(tonnes).value(), 2500);
  v1::Quantity rounds;
  rounds.set_value(11200);
  rounds.set_unit("rounds");
  EXPECT_EQ(AmountOf(rounds).kind(), internal::v1::AMOUNT_KIND_PIECES);
  rounds.set_value(-1);
  EXPECT_EQ(AmountOf(rounds).kind(), internal::v1::AMOUNT_KIND_UNSPECIFIED);
}

TEST(FeaturesTest, AuthoritiesDoNotCountAsThoseWhoTookPart) {
  const std::string name = R"(name: "Lorvane Bellamy" named: true kind: PARTY_KIND_PERSON)";
  const ReportFeatures suspect = SampleFeatures("parties {" + name + " role: PARTY_ROLE_SUSPECT }", 1);
  const ReportFeatures spokesman = SampleFeatures("parties {" + name + " role: PARTY_ROLE_SOURCE }", 2);
  const PairFeatures pair = ComparePair(suspect, spokesman, {});
  EXPECT_EQ(pair[static_cast<size_t>(PairFeature::kNameMatch)], 0);
}

TEST(FeaturesTest, ComparisonIsSymmetric) {
  const ReportFeatures a = SampleFeatures(kGoldFlight, 1, "2019-05-15");
  for (const char* other : {kGoldFlightRetold, kOtherGoldFlight}) {
    const ReportFeatures b = SampleFeatures(other, 2, "2019-06-15");
    EXPECT_EQ(ComparePair(a, b, {}), ComparePair(b, a, {}));
  }
}

TEST(FeaturesTest, TheWordsOfAReportAreThoseOfItsOwnParagraphs) {
  const std::string text = "On Monday the Velmora was boarded off Tarsk.\n\nIn Lindgrove police found 4,317 phones.";
  const std::string velmora = R"(goods { description: "x" evidence { begin_byte: 14 end_byte: 21 } })";
  const std::string phones = R"(goods { description: "x" evidence { begin_byte: 60 end_byte: 66 } })";
  const ReportFeatures a = SampleFeatures(velmora, 1, "", text);
  const ReportFeatures b = SampleFeatures(phones, 1, "", text, 1);
  const auto has = [](const ReportFeatures& report, const std::string& word) {
    return std::find(report.terms().begin(), report.terms().end(), WordKey(word)) != report.terms().end();
  };
  EXPECT_TRUE(has(a, "velmora"));
  EXPECT_FALSE(has(a, "4317"));
  EXPECT_TRUE(has(b, "4317"));
  EXPECT_FALSE(has(b, "velmora"));
}

TEST(FeaturesTest, EvidenceOutsideOfTheTextIsLeftOut) {
  const std::string facts = R"(goods { description: "x" evidence { begin_byte: 4000000000 end_byte: 4000000001 } })";
  EXPECT_EQ(SampleFeatures(facts, 1, "", "Short.").terms_size(), 0);
}

TEST(FeaturesTest, HostileReportsStaySmall) {
  v1::Report report = SampleReport("", 1);
  v1::IncidentFacts& facts = *report.mutable_facts();
  const std::string long_name = std::string(100'000, 'x') + " " + std::string(100'000, '\xFF');
  for (int i = 0; i < 10'000; ++i) facts.add_parties()->set_name("Party " + std::to_string(i));
  for (int i = 0; i < 100; ++i) {
    v1::Party* party = facts.mutable_parties(i);
    party->set_name(i % 2 == 0 ? party->name() : long_name);
    party->set_named(true);
    party->add_aliases(long_name);
    party->set_age_years(4'000'000'000U);
    v1::Goods* goods = facts.add_goods();
    goods->set_description(long_name);
    goods->add_models(long_name);
    goods->add_quantities()->set_value(i % 2 == 0 ? 1e300 : std::numeric_limits<double>::quiet_NaN());
    facts.add_places()->set_name(long_name);
    facts.add_conveyances()->set_name(long_name);
    facts.add_legal_basis()->set_instrument(std::to_string(i));
    facts.add_actions()->set_date("9999-99-99");
    v1::Evidence* evidence = goods->add_evidence();
    evidence->set_begin_byte(static_cast<uint32_t>(i) * 7);
    evidence->set_end_byte(static_cast<uint32_t>(i) * 7 + 3);
  }
  facts.mutable_occurred()->set_edtf("-999999999/999999999");
  facts.set_title(long_name);
  facts.set_summary(std::string("!?.,;: ", 7) + long_name);
  v1::Source source;
  source.set_publisher(long_name);
  source.set_published("yesterday");
  std::string text;
  for (int i = 0; i < 20'000; ++i) text += "Word" + std::to_string(i) + " ";
  const ReportFeatures features = FeaturesOf(report, source, text);
  EXPECT_LE(features.ByteSizeLong(), 3000u);
  EXPECT_LE(BlockingKeysOf(features).size(), kMaxBlockingKeys);
  const PairFeatures pair = ComparePair(features, features, {});
  for (const float value : pair) {
    EXPECT_GE(value, 0);
    EXPECT_LE(value, 1);
  }
}

TEST(FeaturesTest, AnOrdinaryReportTakesLessThanAKilobyte) {
  std::string text;
  for (int i = 0; i < 400; ++i) text += "Word" + std::to_string(i % 90) + " ";
  EXPECT_LE(SampleFeatures(kGoldFlight, 1, "2019-05-15", text).ByteSizeLong(), 1000u);
}

TEST(BlockingKeysTest, EachIsThereOnceAndTellingsMeet) {
  const auto keys = BlockingKeysOf(SampleFeatures(kGoldFlight, 1, "2019-05-15"));
  const auto others = BlockingKeysOf(SampleFeatures(kGoldFlightRetold, 2, "2019-05-17"));
  std::set<BlockingKey> unique(keys.begin(), keys.end());
  EXPECT_EQ(unique.size(), keys.size());
  EXPECT_TRUE(std::any_of(others.begin(), others.end(), [&](const BlockingKey& key) { return unique.count(key) > 0; }));
}

TEST(PairModelTest, TheFileOfTheBuildIsValid) {
  const PairModel& model = PairModel::BuiltIn();
  EXPECT_GT(model.join(), model.suggest());
}

TEST(PairModelTest, BadFilesAreRefusedByName) {
  EXPECT_THAT(PairModel::Parse("bias\tx\n"), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("bias")));
  EXPECT_THAT(PairModel::Parse("bias\t1\n"), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("same_text")));
  std::string rows = "bias\t-1\njoin\t0.5\nsuggest\t0.6\n";
  for (size_t i = 0; i < kPairFeatures; ++i) {
    rows += std::string(NameOf(static_cast<PairFeature>(i))) + "\t1\n";
  }
  EXPECT_THAT(PairModel::Parse(rows), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("suggest")));
  EXPECT_THAT(PairModel::Parse(rows + "same_text\t1\n"),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("two rows")));
  EXPECT_THAT(PairModel::Parse(rows + "beauty\t1\n"),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("beauty")));
  rows.replace(rows.find("0.6"), 3, "0.2");
  EXPECT_THAT(PairModel::Parse(rows), IsOk());
}

}  // namespace
}  // namespace interdict::index::match
