// The stages one by one, on invented sentences: mentions, coreference, frames, grouping.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/ingest/pipeline/frames/frames.h"
#include "services/ingest/pipeline/grouping/grouping.h"
#include "services/ingest/pipeline/mentions/mention.h"
#include "tests/status_matchers.h"

namespace interdict::pipeline {
namespace {

using interdict::testing::IsOk;
using ::testing::ElementsAre;
using ::testing::IsSupersetOf;

const Knowledge& World() {
  static const Knowledge* const knowledge = Knowledge::Load("")->release();
  return *knowledge;
}

// All stages up to frames over paragraphs of plain text.
struct Read {
  explicit Read(const std::string& text) {
    page.text = text;
    size_t begin = 0;
    while (begin < text.size()) {
      size_t end = text.find("\n\n", begin);
      if (end == std::string::npos) end = text.size();
      page.blocks.push_back({BlockKind::kParagraph, begin, end});
      begin = end + 2;
    }
    tokens = Tokenize(page);
    mentions = FindMentions(World(), page, tokens);
    coreference = Resolve(tokens, mentions);
    frames = FindFrames(page, tokens, mentions, coreference);
  }
  std::vector<std::string> Texts(MentionKind kind) const {
    std::vector<std::string> texts;
    for (const Mention& m : mentions.all)
      if (m.kind == kind) texts.push_back(m.text);
    return texts;
  }
  std::vector<IncidentDraft> Drafts(const std::string& published, const Decisions& decisions = {}) const {
    const std::vector<DateMention> dates = FindDates(page, tokens, published);
    return GroupIncidents(TextFacts(page, tokens, mentions, coreference, frames, dates), published, decisions).drafts;
  }
  const Participant* ParticipantNamed(const std::string& text) const {
    for (size_t i = 0; i < mentions.all.size(); ++i)
      if (mentions.all[i].text == text && coreference.participant_of[i] >= 0)
        return &coreference.participants[static_cast<size_t>(coreference.participant_of[i])];
    return nullptr;
  }
  Page page;
  TokenizedText tokens;
  Mentions mentions;
  Coreference coreference;
  Frames frames;
};

TEST(Mentions, GoodsTakeTheirModelsAndPartWords) {
  const Read r("He wanted spare parts for T-72 tanks, 40 assault rifles and 3 kg of cocaine.");
  EXPECT_THAT(r.Texts(MentionKind::kGoods), ElementsAre("spare parts for T-72 tanks", "assault rifles", "cocaine"));
  const Mention& tanks = *std::find_if(r.mentions.all.begin(), r.mentions.all.end(),
                                       [](const Mention& m) { return m.kind == MentionKind::kGoods; });
  EXPECT_EQ(tanks.category, "ML6");
  EXPECT_TRUE(tanks.part);
  EXPECT_THAT(tanks.models, ElementsAre("T-72"));
}

TEST(Mentions, PartiesAreFoundByNameByShapeAndByDescription) {
  const Read r(
      "Polish customs officers questioned Marek Zielony, 44, of Baltwind Trading Sp. z o.o., a 36-year-old driver and "
      "two brothers.");
  EXPECT_THAT(r.Texts(MentionKind::kParty),
              IsSupersetOf({"Polish customs officers", "Marek Zielony", "Baltwind Trading Sp. z o.o.",
                            "36-year-old driver", "two brothers"}));
}

TEST(Mentions, ShipsAreNamedBehindTheirTypeAndBeforeIt) {
  for (const char* text : {"Marines boarded the tanker Amber Vale off Crete.",
                           "The Amber Vale, a 90-metre coaster, left port.", "The crew of MV Amber Vale were held."}) {
    const Read r(text);
    EXPECT_THAT(r.Texts(MentionKind::kConveyance), ::testing::Contains("Amber Vale")) << text;
  }
}

TEST(Mentions, LawsAreNormalised) {
  const struct {
    const char* text;
    const char* instrument;
  } cases[] = {{"in breach of Security Council resolution 1970", "UNSCR 1970"},
               {"charged under 18 U.S.C. § 554 with smuggling", "18 USC 554"},
               {"under Council Regulation (EU) No 833/2014 it is forbidden", "EU 833/2014"},
               {"a violation of the Arms Export Control Act", "AECA"},
               {"the arms embargo imposed on Libya in 2011", "UNSCR 1970"}};
  for (const auto& c : cases) {
    const Read r(c.text);
    std::vector<std::string> instruments;
    for (const Mention& m : r.mentions.all)
      if (m.kind == MentionKind::kLegal) instruments.push_back(m.instrument);
    EXPECT_THAT(instruments, ::testing::Contains(c.instrument)) << c.text;
  }
}

TEST(Coreference, JoinsAcronymsSurnamesAndShortForms) {
  const Read r("The Northern Exports Corporation (NEC) hired Olaf Brekke. Brekke left in May, and NEC paid him.");
  const Participant* company = r.ParticipantNamed("NEC");
  ASSERT_NE(company, nullptr);
  EXPECT_EQ(r.mentions.all[company->name_mention].text, "Northern Exports Corporation");
  ASSERT_NE(r.ParticipantNamed("Brekke"), nullptr);
  EXPECT_EQ(r.ParticipantNamed("Brekke"), r.ParticipantNamed("Olaf Brekke"));
}

TEST(Coreference, ADescriptionRefersBackAndTakesNoStrangersName) {
  const Read r(
      "A Peruvian diplomat bought rifles. The diplomat flew home. Last year Chile expelled the consul Jorge Ruiz.");
  const Participant* diplomat = r.ParticipantNamed("Peruvian diplomat");
  ASSERT_NE(diplomat, nullptr);
  EXPECT_EQ(diplomat->mentions.size(), 2U);
  EXPECT_FALSE(diplomat->named);
}

struct FrameCase {
  const char* name;
  const char* text;
  v1::ActionType type;
  v1::ActionStatus status;
  bool found;
};
class FrameOf : public ::testing::TestWithParam<FrameCase> {};

TEST_P(FrameOf, HasTypeAndStatus) {
  const Read r(GetParam().text);
  const bool found = std::any_of(r.frames.all.begin(), r.frames.all.end(), [](const Frame& f) {
    return f.kind == FrameKind::kAction && f.action == GetParam().type && f.status == GetParam().status;
  });
  EXPECT_EQ(found, GetParam().found);
}

constexpr auto kDone = v1::ACTION_STATUS_DONE;
INSTANTIATE_TEST_SUITE_P(
    Wordings, FrameOf,
    ::testing::Values(
        FrameCase{"Active", "Officers seized the rifles.", v1::ACTION_TYPE_SEIZURE, kDone, true},
        FrameCase{"Passive", "The rifles were seized by officers.", v1::ACTION_TYPE_SEIZURE, kDone, true},
        FrameCase{"Relative", "The rifles that officers seized were new.", v1::ACTION_TYPE_SEIZURE, kDone, true},
        FrameCase{"Noun", "The seizure of the rifles took an hour.", v1::ACTION_TYPE_SEIZURE, kDone, true},
        FrameCase{"Negated", "Officers have not arrested anybody.", v1::ACTION_TYPE_ARREST, kDone, false},
        FrameCase{"Nobody", "Nobody was arrested.", v1::ACTION_TYPE_ARREST, kDone, false},
        FrameCase{"Modal", "He could be sentenced to ten years.", v1::ACTION_TYPE_SENTENCE, kDone, false},
        FrameCase{"Threat", "He could be sentenced to ten years.", v1::ACTION_TYPE_SENTENCE,
                  v1::ACTION_STATUS_THREATENED, true},
        FrameCase{"Asked", "The service asked the ministry to expel the attaché.", v1::ACTION_TYPE_EXPULSION,
                  v1::ACTION_STATUS_REQUESTED, true},
        FrameCase{"Refused", "The ministry refused to expel the attaché.", v1::ACTION_TYPE_EXPULSION,
                  v1::ACTION_STATUS_REFUSED, true},
        FrameCase{"Broken", "The court on the island gave him nine years in March.", v1::ACTION_TYPE_SENTENCE, kDone,
                  true},
        FrameCase{"BrokenByTime", "The firm agreed last month to pay two owners a large sum.", v1::ACTION_TYPE_PENALTY,
                  kDone, true},
        FrameCase{"OpenOnly", "The court gave him a pen.", v1::ACTION_TYPE_SENTENCE, kDone, false},
        FrameCase{"Managed", "Police managed to arrest the driver.", v1::ACTION_TYPE_ARREST, kDone, true},
        FrameCase{"Irregular", "The envoy was told to leave.", v1::ACTION_TYPE_EXPULSION, kDone, true}),
    [](const auto& info) { return info.param.name; });

TEST(Grouping, AnEarlierCaseInPassingIsItsOwn) {
  const Read r(
      "Customs officers in Gdansk seized 40 smuggled rifles on 3 May 2022. The driver was arrested. The rifles came "
      "from Serbia.\n\n"
      "Police arrested a second man, a dealer, on 5 May 2022 and seized two more rifles in his flat in Gdansk.\n\n"
      "In 2013 a court in Lusaka fined a clerk over smuggled ivory.");
  const auto drafts = r.Drafts("2022-05-10");
  ASSERT_EQ(drafts.size(), 2U);
  EXPECT_TRUE(drafts[0].main);
  EXPECT_EQ(drafts[1].sentences.size(), 1U);
}

TEST(Grouping, ASecondShipIsAnotherCase) {
  const Read r(
      "Marines of the navy seized 900 smuggled rifles from the dhow Samira off Oman on 3 May 2022. The crew of 18 was "
      "arrested. The rifles came from Iran.\n\n"
      "On 20 June 2022 the coast guard of Kenya stopped a second dhow near Mombasa and seized 300 kg of heroin.");
  const auto drafts = r.Drafts("2022-07-10");
  ASSERT_EQ(drafts.size(), 2U);
  EXPECT_EQ(drafts[1].sentences.size(), 1U);
}

TEST(Grouping, ALearnedDecisionOpensACaseThatNoRuleSees) {
  const Read r(
      "Customs in Vienna seized 12 smuggled pistols and arrested the driver. The driver is in custody.\n\n"
      "The police of Lagos seized 40 kg of heroin in a warehouse and arrested two men.");
  ASSERT_EQ(r.Drafts("2021-05-10").size(), 1U);
  Decisions decisions;
  ASSERT_THAT(decisions.Add("decisions.tsv",
                            "#columns\tdecision\tfeature\tweight\nanother\t(bias)\t-4\nanother\t(threshold)\t0.5\n"
                            "another\tgoods+places:other/other\t8\n"),
              IsOk());
  const auto drafts = r.Drafts("2021-05-10", decisions);
  ASSERT_EQ(drafts.size(), 2U);
  EXPECT_EQ(drafts[0].sentences.size(), 2U);
  EXPECT_EQ(drafts[1].sentences.size(), 1U);
}

TEST(Grouping, WhatALearnedDecisionOpensIsNoCaseWithoutGoods) {
  const Read r(
      "Customs in Vienna seized 12 smuggled pistols and arrested the driver. The driver is in custody.\n\n"
      "The police of Lagos arrested two men in a warehouse.");
  Decisions decisions;
  ASSERT_THAT(decisions.Add("decisions.tsv",
                            "#columns\tdecision\tfeature\tweight\nanother\t(bias)\t4\nanother\t(threshold)\t0.5\n"),
              IsOk());
  const auto drafts = r.Drafts("2021-05-10", decisions);
  ASSERT_EQ(drafts.size(), 1U);
  EXPECT_EQ(drafts[0].sentences.size(), 3U);
}

TEST(Grouping, LaterStepsOfOneCaseStayTogether) {
  const Read r(
      "Karl Brandner, 51, was arrested in Vienna in March 2020 with 12 smuggled pistols.\n\nBrandner was charged in "
      "June 2020.\n\n"
      "A court sentenced Brandner to four years in prison in May 2021 for smuggling the pistols.");
  EXPECT_EQ(r.Drafts("2021-05-10").size(), 1U);
}

TEST(Grouping, ItemsOfARoundUpAreApart) {
  const Read r(
      "1. KENYA. Police in Mombasa seized 200 kg of smuggled ivory on 3 May and arrested two men. Both are in "
      "custody.\n\n"
      "2. PERU. Customs in Lima seized 30 kg of smuggled cocaine on 4 May and arrested a courier. He was charged.\n\n"
      "3. OMAN. The port of Salalah opened a new berth.");
  EXPECT_EQ(r.Drafts("2022-05-10").size(), 2U);
}

}  // namespace
}  // namespace interdict::pipeline
