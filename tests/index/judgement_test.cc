// Judgements over automatic groups: what they do to the records, that undoing them leaves no trace, and what the
// records were before.
#include <map>
#include <random>
#include <set>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/index/entry/names.h"
#include "services/index/fold/incident_rows.h"
#include "services/index/resolve/judged_groups.h"
#include "services/index/shard_history.h"
#include "storage/records/keys.h"
#include "tests/index/index_fixture.h"
#include "tests/index/title_groups.h"
#include "tests/status_matchers.h"

namespace interdict::index::testing {
namespace {

using internal::v1::StoredIncident;
using v1::Incident;
using v1::Judgement;

constexpr char kFirst[] = "0000000000000000000000000000000a";
constexpr char kSecond[] = "0000000000000000000000000000000b";
constexpr char kThird[] = "0000000000000000000000000000000c";

std::string Text(const std::string& title) { return "Text of " + title; }

// A story: documents of one report each, by title.
class Story {
 public:
  explicit Story(uint32_t partitions = 1) : log(1, partitions), ingest(&log) {}

  void Tell(const std::string& title) { ingest.Accept(Text(title), {{title, "Text"}}); }
  // The same with parties.
  void TellOf(const std::string& title, const std::vector<std::string>& parties) {
    ingest.Accept(Text(title), {{title, "Text", parties}});
  }

  // Decides and folds all there is.
  void Settle() {
    const TitleGroups policy;
    const auto runner = OpenRunner(folder / "view", &log, &policy);
    while (true) {
      auto more = runner->Step();
      ASSERT_TRUE(more.ok()) << more.status();
      if (!*more) break;
    }
    if (shard == nullptr) {
      shard = FoldAll(folder / "index", &log);
    } else {
      auto folded = shard->CatchUp();
      ASSERT_TRUE(folded.ok()) << folded.status();
    }
  }

  Incident Read(const std::string& id) const {
    auto stored = LoadIncident(*shard->Snapshot(), *records::IdFromHex(id, 16));
    EXPECT_TRUE(stored.ok()) << stored.status();
    return stored.ok() && stored->has_value() ? (*stored)->incident() : Incident();
  }
  // Titles of the documents behind an incident.
  std::set<std::string> Titles(const std::string& id) const {
    std::set<std::string> titles;
    const auto reports = LoadReports(*shard->Snapshot(), *records::IdFromHex(id, 16));
    EXPECT_TRUE(reports.ok()) << reports.status();
    for (const auto& report : *reports) titles.insert(report.report().facts().title());
    return titles;
  }
  Judgement::State StateOf(const std::string& judgement) const {
    auto value = shard->Snapshot()->Get(records::family::kJudgements, *records::IdFromHex(judgement, 16));
    internal::v1::StoredJudgement stored;
    EXPECT_TRUE(value.ok() && value->has_value() && stored.ParseFromString(**value));
    return stored.judgement().state();
  }
  // Active incidents as sets of titles.
  std::set<std::set<std::string>> Grouping() const {
    std::set<std::set<std::string>> groups;
    const auto reader = shard->Snapshot();
    const auto cursor = reader->Scan(records::family::kIncidents, "");
    for (; cursor->Valid(); cursor->Next()) {
      const auto titles = Titles(records::HexFromId(cursor->key()));
      if (!titles.empty()) groups.insert(titles);
    }
    return groups;
  }

  // Entity, title of the report and name of each party that stands, with the incident it stands in.
  std::set<std::vector<std::string>> Mentions() const {
    std::set<std::vector<std::string>> mentions;
    const auto reader = shard->Snapshot();
    const auto cursor = reader->Scan(records::family::kMentions, "");
    for (; cursor->Valid(); cursor->Next()) {
      internal::v1::StoredMention mention;
      EXPECT_TRUE(mention.ParseFromString(std::string(cursor->value())));
      const auto& linked = mention.linked();
      mentions.insert({linked.entity_id(), linked.report_id(), linked.display_name(), linked.incident_id()});
    }
    return mentions;
  }

  TempFolder folder;
  log::MemoryLog log;
  FakeIngest ingest;
  std::unique_ptr<Shard> shard;
};

std::string IncidentOf(const std::string& title) { return IncidentIdOf(Text(title), 0); }
std::string IncidentNameOf(const std::string& title) { return "incidents/" + IncidentOf(title); }
std::string ReportNameOf(const std::string& title, const std::string& version = "1.0.0") {
  return absl::StrCat("documents/", IdOf(Text(title)), "/reports/", ReportIdOf(Text(title), 0, version));
}

Judgement Same(const std::vector<std::string>& subjects) {
  Judgement judgement;
  for (const std::string& subject : subjects) judgement.mutable_same()->add_subjects(subject);
  return judgement;
}

Judgement Different(const std::vector<std::string>& reports, const std::vector<std::string>& from) {
  Judgement judgement;
  for (const std::string& name : reports) judgement.mutable_different()->add_reports(name);
  for (const std::string& name : from) judgement.mutable_different()->add_from(name);
  return judgement;
}

using Titles = std::set<std::string>;
using ::testing::ElementsAre;

TEST(JudgementTest, ReportsOfOneGroupAreOneIncident) {
  Story story;
  story.Tell("port one");
  story.Tell("port two");
  story.Tell("gold one");
  story.Settle();
  EXPECT_EQ(story.Titles(IncidentOf("port one")), (Titles{"port one", "port two"}));
  EXPECT_EQ(story.Read(IncidentOf("port one")).report_count(), 2u);
  EXPECT_EQ(story.Titles(IncidentOf("gold one")), Titles{"gold one"});
}

TEST(JudgementTest, AReportThatBelongsToTwoIncidentsJoinsThem) {
  Story story;
  story.Tell("port one");
  story.Tell("gold one");
  story.Tell("port+gold both");
  story.Settle();
  EXPECT_EQ(story.Titles(IncidentOf("port one")), (Titles{"port one", "gold one", "port+gold both"}));
  EXPECT_EQ(story.Read(IncidentOf("gold one")).state(), Incident::STATE_MERGED);
  EXPECT_EQ(story.Read(IncidentOf("gold one")).merged_into(), IncidentNameOf("port one"));
  story.Tell("gold two");
  story.Settle();
  EXPECT_EQ(story.Titles(IncidentOf("port one")).count("gold two"), 1u);
}

TEST(JudgementTest, SameMergesAndUndoBringsBothBack) {
  Story story;
  story.Tell("port one");
  story.Tell("gold one");
  story.Settle();
  const std::string before = RecordDigestOf(*story.shard);
  story.ingest.Judge(kFirst, Same({IncidentNameOf("gold one"), IncidentNameOf("port one")}));
  story.Settle();
  EXPECT_EQ(story.Titles(IncidentOf("port one")), (Titles{"port one", "gold one"}));
  EXPECT_EQ(story.Read(IncidentOf("gold one")).merged_into(), IncidentNameOf("port one"));
  const Incident merged = story.Read(IncidentOf("port one"));
  ASSERT_EQ(merged.judgements_size(), 1);
  EXPECT_EQ(merged.judgements(0).kind(), "same");
  EXPECT_EQ(merged.judgements(0).author(), "analyst");
  EXPECT_NE(RecordDigestOf(*story.shard), before);

  story.ingest.Undo(kFirst);
  story.Settle();
  EXPECT_EQ(RecordDigestOf(*story.shard), before);
  EXPECT_EQ(story.Read(IncidentOf("gold one")).state(), Incident::STATE_ACTIVE);
  EXPECT_EQ(story.StateOf(kFirst), Judgement::STATE_UNDONE);
  EXPECT_EQ(DigestOfShard(*story.shard), DigestOfRebuild(&story.log));
}

TEST(JudgementTest, DifferentSplitsAndTheOldNameListsTheParts) {
  Story story;
  story.Tell("port one");
  story.Tell("port two");
  story.Tell("port three");
  story.Settle();
  const std::string before = RecordDigestOf(*story.shard);
  story.ingest.Judge(kFirst, Different({ReportNameOf("port two")}, {IncidentNameOf("port one")}));
  story.Settle();
  const Incident old = story.Read(IncidentOf("port one"));
  EXPECT_EQ(old.state(), Incident::STATE_SPLIT);
  ASSERT_EQ(old.split_into_size(), 2);
  EXPECT_EQ(story.Titles(old.split_into(0).substr(10)), (Titles{"port one", "port three"}));
  EXPECT_EQ(story.Titles(old.split_into(1).substr(10)), Titles{"port two"});

  // What comes later goes with what it is most like.
  story.Tell("port another two");
  story.Settle();
  EXPECT_EQ(story.Titles(old.split_into(1).substr(10)), (Titles{"port two", "port another two"}));

  story.ingest.Undo(kFirst);
  story.Settle();
  EXPECT_EQ(story.Titles(IncidentOf("port one")).size(), 4u);
  EXPECT_EQ(story.Read(old.split_into(1).substr(10)).merged_into(), IncidentNameOf("port one"));
  Story never;
  for (const char* title : {"port one", "port two", "port three"}) never.Tell(title);
  never.Settle();
  EXPECT_EQ(RecordDigestOf(*never.shard), before);
}

TEST(JudgementTest, TheLaterOfTwoThatContradictHolds) {
  Story story;
  story.Tell("port one");
  story.Tell("gold one");
  story.Settle();
  story.ingest.Judge(kFirst, Same({IncidentNameOf("port one"), IncidentNameOf("gold one")}));
  story.ingest.Judge(kSecond, Different({ReportNameOf("gold one")}, {ReportNameOf("port one")}));
  story.Settle();
  EXPECT_EQ(story.Grouping(), (std::set<Titles>{{"port one"}, {"gold one"}}));
  EXPECT_EQ(story.StateOf(kFirst), Judgement::STATE_OVERRULED);
  EXPECT_EQ(story.StateOf(kSecond), Judgement::STATE_ACTIVE);
  story.ingest.Judge(kThird, Same({ReportNameOf("port one"), ReportNameOf("gold one")}));
  story.Settle();
  EXPECT_EQ(story.Grouping(), (std::set<Titles>{{"port one", "gold one"}}));
  EXPECT_EQ(story.StateOf(kSecond), Judgement::STATE_OVERRULED);
  story.ingest.Undo(kThird);
  story.Settle();
  EXPECT_EQ(story.StateOf(kSecond), Judgement::STATE_ACTIVE);
}

// Ids of the judgements on a page of those in the given states, newest first.
std::vector<std::string> Listed(const Story& story, const std::set<Judgement::State>& states, uint32_t page_size,
                                uint64_t before_order, internal::v1::ListJudgementsResponse* page) {
  auto answer = Judgements(*story.shard->Snapshot(), "", page_size, before_order, states);
  EXPECT_TRUE(answer.ok()) << answer.status();
  *page = answer.ok() ? *answer : internal::v1::ListJudgementsResponse();
  std::vector<std::string> ids;
  for (const Judgement& judgement : page->judgements())
    ids.push_back(judgement.name().substr(judgement.name().rfind('/') + 1));
  return ids;
}

// Three incidents; the second of three judgements cannot be applied.
void TellAndJudge(Story* story) {
  for (const char* title : {"port one", "gold one", "tusk one"}) story->Tell(title);
  story->Settle();
  story->ingest.Judge(kFirst, Same({IncidentNameOf("port one"), IncidentNameOf("gold one")}));
  story->ingest.Judge(kSecond, Same({IncidentNameOf("port one"), IncidentNameOf("never told")}));
  story->ingest.Judge(kThird, Same({IncidentNameOf("gold one"), IncidentNameOf("tusk one")}));
}

TEST(JudgementTest, JudgementsAreListedByState) {
  Story story;
  TellAndJudge(&story);
  story.ingest.Undo(kFirst);
  story.Settle();
  internal::v1::ListJudgementsResponse page;
  EXPECT_THAT(Listed(story, {}, 9, 0, &page), ElementsAre(kThird, kSecond, kFirst));
  EXPECT_THAT(Listed(story, {Judgement::STATE_INVALID}, 9, 0, &page), ElementsAre(kSecond));
  EXPECT_THAT(Listed(story, {Judgement::STATE_ORPHANED}, 9, 0, &page), ElementsAre());
  EXPECT_FALSE(page.more());
}

TEST(JudgementTest, PagesOfJudgementsByStateLeaveNoneOut) {
  Story story;
  TellAndJudge(&story);
  story.Settle();
  const std::set<Judgement::State> active = {Judgement::STATE_ACTIVE};
  internal::v1::ListJudgementsResponse page;
  EXPECT_THAT(Listed(story, active, 1, 0, &page), ElementsAre(kThird));
  ASSERT_TRUE(page.more());
  ASSERT_EQ(page.orders_size(), 1);
  EXPECT_THAT(Listed(story, active, 1, page.orders(0), &page), ElementsAre(kFirst));
  EXPECT_FALSE(page.more());
}

TEST(JudgementTest, RetractTakesAReportOutAndUndoBringsItBack) {
  Story story;
  story.Tell("port one");
  story.Tell("port two");
  story.Settle();
  const std::string before = RecordDigestOf(*story.shard);
  Judgement retract;
  retract.mutable_retract()->set_report(ReportNameOf("port two"));
  story.ingest.Judge(kFirst, retract);
  story.Settle();
  EXPECT_EQ(story.Titles(IncidentOf("port one")), Titles{"port one"});
  // A newer extraction of the retracted report stays out.
  story.ingest.Accept(Text("port two"), {{"port two", "Text"}}, "1.1.0");
  story.Settle();
  EXPECT_EQ(story.Titles(IncidentOf("port one")), Titles{"port one"});
  story.ingest.Undo(kFirst);
  story.Settle();
  EXPECT_EQ(story.Titles(IncidentOf("port one")), (Titles{"port one", "port two"}));
  EXPECT_NE(RecordDigestOf(*story.shard), before);  // it is the newer report
}

TEST(JudgementTest, ACorrectionIsLaidOverTheRecordAndFollowsItsReports) {
  Story story;
  story.Tell("port one");
  story.Tell("gold one");
  story.Settle();
  Judgement correct;
  correct.mutable_correct()->set_incident(IncidentNameOf("gold one"));
  correct.mutable_correct()->mutable_fields()->add_paths("occurred");
  correct.mutable_correct()->mutable_facts()->mutable_occurred()->set_edtf("2014-03-05");
  story.ingest.Judge(kFirst, correct);
  story.Settle();
  EXPECT_EQ(story.Read(IncidentOf("gold one")).facts().occurred().edtf(), "2014-03-05");
  story.ingest.Judge(kSecond, Same({IncidentNameOf("port one"), IncidentNameOf("gold one")}));
  story.Settle();
  EXPECT_EQ(story.Read(IncidentOf("port one")).facts().occurred().edtf(), "2014-03-05");
  EXPECT_EQ(story.Read(IncidentOf("port one")).judgements_size(), 2);
  story.ingest.Undo(kFirst);
  story.Settle();
  EXPECT_FALSE(story.Read(IncidentOf("port one")).facts().has_occurred());
}

TEST(JudgementTest, JudgementsSurviveANewerExtractionAndAreOrphanedWithTheirReports) {
  Story story;
  story.Tell("port one");
  story.Tell("gold one");
  story.Settle();
  story.ingest.Judge(kFirst, Same({IncidentNameOf("port one"), IncidentNameOf("gold one")}));
  story.ingest.Accept(Text("gold one"), {{"gold again", "Text"}}, "1.1.0");
  story.Settle();
  EXPECT_EQ(story.Titles(IncidentOf("port one")), (Titles{"port one", "gold again"}));
  story.ingest.Accept(Text("gold one"), {}, "1.2.0");
  story.Settle();
  EXPECT_EQ(story.Titles(IncidentOf("port one")), Titles{"port one"});
  EXPECT_EQ(story.StateOf(kFirst), Judgement::STATE_ORPHANED);
  EXPECT_EQ(story.Read(IncidentOf("port one")).judgements_size(), 0);
}

TEST(JudgementTest, WhatCannotBeJudgedIsSaidAndChangesNothing) {
  Story story;
  story.Tell("port one");
  story.Settle();
  const std::string before = RecordDigestOf(*story.shard);
  story.ingest.Judge(kFirst, Same({IncidentNameOf("port one"), IncidentNameOf("never told")}));
  story.ingest.Judge(kSecond, Different({ReportNameOf("port one")}, {IncidentNameOf("port one")}));
  story.Settle();
  EXPECT_EQ(story.StateOf(kFirst), Judgement::STATE_INVALID);
  EXPECT_EQ(story.StateOf(kSecond), Judgement::STATE_INVALID);
  EXPECT_EQ(RecordDigestOf(*story.shard), before);
}

TEST(JudgementTest, ATakedownGoesThroughEveryIncidentThatHeldTheReport) {
  Story story;
  story.Tell("port one");
  story.Tell("gold one");
  story.Settle();
  story.ingest.Judge(kFirst, Same({IncidentNameOf("port one"), IncidentNameOf("gold one")}));
  story.Settle();
  story.ingest.Remove(Text("gold one"));
  story.Settle();
  for (const std::string_view family : records::kAllFamilies) {
    const auto reader = story.shard->Snapshot();
    const auto cursor = reader->Scan(family, "");
    for (; cursor->Valid(); cursor->Next()) {
      EXPECT_EQ(std::string(cursor->value()).find("Text of gold one"), std::string::npos) << family;
    }
  }
  EXPECT_EQ(story.Titles(IncidentOf("port one")), Titles{"port one"});
  EXPECT_EQ(DigestOfShard(*story.shard), DigestOfRebuild(&story.log));
}

TEST(JudgementTest, APastStateIsReadAsItWas) {
  Story story;
  story.Tell("port one");
  story.Settle();
  const uint64_t then = story.log.Last({log::LogName::kIncidents, 0}).value();
  story.Tell("port two");
  story.ingest.Accept(Text("port one"), {{"port corrected", "Text"}}, "1.1.0");
  story.Settle();
  const std::string id = *records::IdFromHex(IncidentOf("port one"), 16);
  const auto now = LoadReportsAt(*story.shard->Snapshot(), id, PastPoint());
  ASSERT_TRUE(now.ok());
  EXPECT_EQ(now->size(), 2u);
  PastPoint point;
  point.sequence = then;
  const auto past = LoadReportsAt(*story.shard->Snapshot(), id, point);
  ASSERT_TRUE(past.ok());
  ASSERT_EQ(past->size(), 1u);
  EXPECT_EQ(past->front().report().facts().title(), "port one");
}

TEST(JudgementTest, SuggestionsAreMadeAndClosedByWhatIsDecided) {
  Story story;
  story.Tell("port one");
  story.Tell("port? two");
  story.Settle();
  const auto open = [&] {
    size_t count = 0;
    const auto reader = story.shard->Snapshot();
    for (auto cursor = reader->Scan(records::family::kSuggestions, ""); cursor->Valid(); cursor->Next()) ++count;
    return count;
  };
  EXPECT_EQ(open(), 1u);
  story.ingest.Judge(kFirst, Same({IncidentNameOf("port one"), IncidentNameOf("port? two")}));
  story.Settle();
  EXPECT_EQ(open(), 0u);
  story.ingest.Undo(kFirst);
  story.Settle();
  EXPECT_EQ(open(), 1u);
  story.ingest.Judge(kSecond, Different({IncidentNameOf("port one")}, {IncidentNameOf("port? two")}));
  story.Settle();
  EXPECT_EQ(open(), 0u);
}

TEST(JudgementTest, SuggestionsOfAPairStandInOnePartitionSoThatTheyHaveOneOrder) {
  constexpr uint32_t kPartitions = 4;
  Story story(kPartitions);
  for (int i = 0; i < 8; ++i) {
    const std::string one = absl::StrCat("port", i, " one");
    const std::string other = absl::StrCat("port", i, "? two");
    const std::string same = absl::StrCat(std::string(31, '1'), i);
    const std::string different = absl::StrCat(std::string(31, '2'), i);
    story.Tell(one);
    story.Tell(other);
    story.Settle();
    story.ingest.Judge(same, Same({IncidentNameOf(one), IncidentNameOf(other)}));
    story.Settle();
    story.ingest.Undo(same);
    story.Settle();
    story.ingest.Judge(different, Different({IncidentNameOf(one)}, {IncidentNameOf(other)}));
    story.Settle();
  }
  std::map<std::set<std::string>, std::set<uint32_t>> partitions;
  size_t made = 0;
  for (uint32_t partition = 0; partition < kPartitions; ++partition) {
    for (const internal::v1::Decision& decision : Decisions(&story.log, partition)) {
      if (!decision.has_suggestion_made()) continue;
      ++made;
      partitions[{decision.suggestion_made().incident_id(), decision.suggestion_made().other_incident_id()}].insert(
          partition);
    }
  }
  EXPECT_GT(made, 16u);
  for (const auto& [pair, found] : partitions) EXPECT_EQ(found.size(), 1u);
  EXPECT_EQ(DigestOfShard(*story.shard), DigestOfRebuild(&story.log));
}

TEST(JudgementTest, AMergeOfVeryManyReportsIsBoundedAndSaysWhatItLeft) {
  Story story;
  story.Tell("port one");
  for (int i = 0; i < 30; ++i) story.Tell(absl::StrCat("gold ", i));
  story.Settle();
  story.ingest.Judge(kFirst, Same({IncidentNameOf("gold 0"), IncidentNameOf("port one")}));
  const TitleGroups policy;
  ResolverOptions options;
  options.view_path = story.folder / "bounded";
  options.now = [] { return absl::FromUnixSeconds(1'700'000'500); };
  options.settle.max_moves = 10;
  auto runner = ResolverRunner::Open(std::move(options), &story.log, &policy, nullptr);
  ASSERT_TRUE(runner.ok());
  while (true) {
    auto more = (*runner)->Step();
    ASSERT_TRUE(more.ok()) << more.status();
    if (!*more) break;
  }
  story.Settle();
  auto value = story.shard->Snapshot()->Get(records::family::kJudgements, *records::IdFromHex(kFirst, 16));
  internal::v1::StoredJudgement stored;
  ASSERT_TRUE(value.ok() && value->has_value() && stored.ParseFromString(**value));
  EXPECT_THAT(stored.judgement().problem(), ::testing::HasSubstr("10 reports were moved"));
}

// The property: whatever is judged and then undone, in any order, among any reports, leaves the records as if it had
// never been judged.
TEST(JudgementTest, PartiesComeAlongAndStayWhoTheyAre) {
  Story story;
  story.TellOf("port one", {"Kim Chol Nam", "Petra Sample"});
  story.TellOf("gold one", {"Kim Chol Nam"});
  story.TellOf("port two", {"KIM Chol-nam"});
  story.Settle();
  const auto before = story.Mentions();
  EXPECT_EQ(before.size(), 4u);
  std::set<std::string> entities;
  for (const auto& mention : before) entities.insert(mention[0]);
  EXPECT_EQ(entities.size(), 3u);  // the two of one incident are one; a name alone joins nobody else
  const std::string digest = RecordDigestOf(*story.shard);
  story.ingest.Judge(kFirst, Same({ReportNameOf("port one"), ReportNameOf("gold one")}));
  story.Settle();
  std::set<std::string> incidents;
  std::set<std::string> after;
  for (const auto& mention : story.Mentions()) {
    after.insert(mention[0]);
    incidents.insert(mention[3]);
  }
  EXPECT_EQ(after, entities);
  EXPECT_EQ(incidents.size(), 1u);
  EXPECT_EQ(DigestOfShard(*story.shard), DigestOfRebuild(&story.log));
  story.ingest.Undo(kFirst);
  story.Settle();
  EXPECT_EQ(story.Mentions(), before);
  EXPECT_EQ(RecordDigestOf(*story.shard), digest);
}

TEST(JudgementTest, ARetractedReportTakesItsPartiesAlong) {
  Story story;
  story.TellOf("port one", {"Kim Chol Nam"});
  story.TellOf("port two", {"Petra Sample"});
  story.Settle();
  const auto before = story.Mentions();
  Judgement judgement;
  judgement.mutable_retract()->set_report(ReportNameOf("port two"));
  story.ingest.Judge(kFirst, judgement);
  story.Settle();
  EXPECT_EQ(story.Mentions().size(), 1u);
  story.ingest.Undo(kFirst);
  story.Settle();
  EXPECT_EQ(story.Mentions(), before);
}

class UndoPropertyTest : public ::testing::TestWithParam<int> {};

TEST_P(UndoPropertyTest, UndoneJudgementsLeaveNoTrace) {
  std::mt19937 random(static_cast<unsigned>(GetParam()));
  const auto pick = [&](size_t n) { return static_cast<size_t>(random() % n); };
  Story judged(GetParam() % 2 == 0 ? 1 : 3);
  Story plain(GetParam() % 2 == 0 ? 1 : 3);
  std::vector<std::string> titles;
  std::vector<std::string> open;
  const std::vector<std::string> words = {"port", "gold", "ship", "port+ship"};
  const std::vector<std::string> persons = {"Kim Chol Nam/KP", "KIM, Chol Nam", "Kim Chol-nam", "Petra Sample"};
  for (int step = 0; step < 24; ++step) {
    const size_t what = pick(4);
    if (titles.size() < 3 || what < 2) {
      const std::string title = absl::StrCat(words[pick(words.size())], " ", step, " ", pick(3));
      titles.push_back(title);
      const std::vector<std::string> parties = {persons[pick(persons.size())], persons[pick(persons.size())]};
      judged.TellOf(title, parties);
      plain.TellOf(title, parties);
    } else if (what == 2 || open.empty()) {
      const std::string id = absl::StrCat("000000000000000000000000000000", 10 + step);
      const std::string one = ReportNameOf(titles[pick(titles.size())]);
      const std::string other = ReportNameOf(titles[pick(titles.size())]);
      judged.ingest.Judge(id, pick(2) == 0 ? Same({one, other}) : Different({one}, {other}));
      open.push_back(id);
    } else {
      const size_t which = pick(open.size());
      judged.ingest.Undo(open[which]);
      open.erase(open.begin() + static_cast<long>(which));
    }
    if (pick(3) == 0) judged.Settle();
  }
  judged.Settle();
  std::shuffle(open.begin(), open.end(), random);
  for (const std::string& id : open) {
    judged.ingest.Undo(id);
    judged.Settle();
  }
  plain.Settle();
  EXPECT_EQ(judged.Grouping(), plain.Grouping());
  EXPECT_EQ(judged.Mentions(), plain.Mentions());
  EXPECT_FALSE(plain.Mentions().empty());
  EXPECT_EQ(DigestOfShard(*judged.shard), DigestOfRebuild(&judged.log));
}

INSTANTIATE_TEST_SUITE_P(Seeds, UndoPropertyTest, ::testing::Range(0, 12));

}  // namespace
}  // namespace interdict::index::testing
