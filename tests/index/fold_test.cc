// The folds: what each event does to the records, what stops a partition, and that nothing but the log matters.
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "interdict/internal/v1/stored.pb.h"
#include "services/index/document_reader.h"
#include "services/index/engine/language/compile.h"
#include "services/index/fold/fold_entries.h"
#include "storage/ids/ids.h"
#include "storage/records/keys.h"
#include "tests/index/index_fixture.h"
#include "tests/status_matchers.h"

namespace interdict::index::testing {
namespace {

namespace family = records::family;
using interdict::testing::IsOk;
using interdict::testing::StatusIs;
using internal::v1::StoredIncident;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr char kOne[] = "Customs seized tank parts. Later, police arrested a broker in Vienna.";
constexpr char kTwo[] = "A ship with coal was stopped. A second ship fled.";

class FoldTest : public ::testing::Test {
 protected:
  FoldTest() : ingest_(&log_) {}

  std::unique_ptr<Shard> Fold() {
    DecideAll(&log_, folder_ / "view");
    return FoldAll(folder_ / "index", &log_);
  }
  static v1::Document DocumentOf(const Shard& shard, const std::string& text) {
    auto document = ReadDocument(*shard.Snapshot(), *records::IdFromHex(IdOf(text), 32));
    EXPECT_THAT(document, IsOk());
    return document.ok() ? document->value_or(v1::Document()) : v1::Document();
  }
  static StoredIncident IncidentOf(const Shard& shard, const std::string& id_hex) {
    auto value = shard.Snapshot()->Get(family::kIncidents, *records::IdFromHex(id_hex, 16));
    StoredIncident stored;
    EXPECT_TRUE(value.ok() && value->has_value() && stored.ParseFromString(**value));
    return stored;
  }
  static size_t Count(const Shard& shard, std::string_view of) {
    const auto reader = shard.Snapshot();
    size_t count = 0;
    for (auto cursor = reader->Scan(of, ""); cursor->Valid(); cursor->Next()) ++count;
    return count;
  }
  // Numbers of what a text query finds, the newest first.
  static std::vector<uint64_t> Search(const Shard& shard, const std::string& text, uint64_t before = 0,
                                      size_t limit = 100, Collection collection = Collection::kIncidents) {
    const FieldCatalog& catalog = FieldCatalog::Of(collection);
    Query query;
    query.text = *CompileText(*ParseText(text, catalog.text_names()), catalog);
    query.order.by = Order::By::kNumber;
    query.limit = limit;
    if (before != 0) {
      query.after = SortKey();
      query.after->number = before;
    }
    auto found = shard.Search()->Search(collection, query);
    EXPECT_THAT(found, IsOk());
    std::vector<uint64_t> numbers;
    if (!found.ok()) return numbers;
    for (const Hit& hit : found->hits) numbers.push_back(hit.number);
    return numbers;
  }

  TempFolder folder_;
  log::MemoryLog log_;
  FakeIngest ingest_;
};

TEST_F(FoldTest, AReportBecomesARecordThatAPersonCanRead) {
  ingest_.Accept("A seizure.", {{"Seized", "seizure"}}, "1.0.0", "https://a.example/1");
  const auto shard = Fold();
  StoredIncident stored = IncidentOf(*shard, IncidentIdOf("A seizure.", 0));
  stored.mutable_incident()->clear_etag();
  std::string text;
  google::protobuf::TextFormat::PrintToString(stored, &text);
  const std::string document = "documents/" + IdOf("A seizure.");
  const std::string report = document + "/reports/" + ReportIdOf("A seizure.", 0);
  EXPECT_EQ(text, absl::StrCat(R"(incident {
  name: "incidents/)",
                               IncidentIdOf("A seizure.", 0), R"("
  facts {
    title: "Seized"
    verification {
      independent_sources: 1
      reliability: RELIABILITY_F
      credibility: CREDIBILITY_6
      derivation: DERIVATION_INFERRED
    }
    field_evidence {
      path: "title"
      evidence {
        document: ")",
                               document, R"("
        text_sha256: ")",
                               ids::Sha256Hex("A seizure."), R"("
        begin_byte: 2
        end_byte: 9
        quote: "seizure"
        sentence: "seizure"
      }
    }
  }
  state: STATE_ACTIVE
  sources {
    document: ")",
                               document, R"("
    report: ")",
                               report, R"("
    title: "Page"
    url: "https://a.example/1"
    origin: 1
  }
  create_time {
    seconds: 1700000500
  }
  update_time {
    seconds: 1700000500
  }
  report_count: 1
}
number: 1
)"));
}

TEST_F(FoldTest, SameBytesTwiceAreASightingMore) {
  ingest_.Accept(kOne, {}, "1.0.0", "https://a.example/1");
  ingest_.Sight(kOne, "https://a.example/1");
  ingest_.Sight(kOne, "https://b.example/1");
  const v1::Document document = DocumentOf(*Fold(), kOne);
  ASSERT_EQ(document.sightings_size(), 2);
  EXPECT_EQ(document.sightings(0).url(), "https://a.example/1");
  EXPECT_EQ(document.sightings(0).count(), 2u);
  EXPECT_EQ(document.sightings(1).count(), 1u);
}

TEST_F(FoldTest, ADocumentThatIsReadAgainIsNoSightingMore) {
  ingest_.Accept(kOne, {}, "1.0.0", "https://a.example/1");
  ingest_.Accept(kOne, {}, "1.1.0", "https://a.example/1", "", /*read_again=*/true);
  const v1::Document document = DocumentOf(*Fold(), kOne);
  ASSERT_EQ(document.sightings_size(), 1);
  EXPECT_EQ(document.sightings(0).count(), 1u);
}

TEST_F(FoldTest, ARepeatedRequestCountsNoSighting) {
  ingest_.Accept(kOne, {}, "1.0.0", "https://a.example/1", "request-1");
  ingest_.Sight(kOne, "https://a.example/1", "request-1");
  EXPECT_EQ(DocumentOf(*Fold(), kOne).sightings(0).count(), 1u);
}

TEST_F(FoldTest, OtherTextAtTheSameUrlSupersedes) {
  ingest_.Accept(kOne, {}, "1.0.0", "https://a.example/1");
  ingest_.Accept(kTwo, {}, "1.0.0", "https://a.example/1");
  const auto shard = Fold();
  EXPECT_EQ(DocumentOf(*shard, kTwo).supersedes(), "documents/" + IdOf(kOne));
  EXPECT_EQ(DocumentOf(*shard, kOne).superseded_by(), "documents/" + IdOf(kTwo));
  EXPECT_EQ(DocumentOf(*shard, kOne).supersedes(), "");
  EXPECT_EQ(DocumentOf(*shard, kTwo).superseded_by(), "");
}

TEST_F(FoldTest, ANewerExtractionReplacesTheReportsAndTheirWords) {
  ingest_.Accept(kOne, {{"alpha", "seized tank parts"}, {"beta", "arrested a broker"}});
  ingest_.Accept(kOne, {{"gamma", "tank parts"}}, "1.1.0");
  const auto shard = Fold();
  const StoredIncident kept = IncidentOf(*shard, IncidentIdOf(kOne, 0));
  EXPECT_EQ(kept.incident().facts().title(), "gamma");
  EXPECT_EQ(kept.incident().sources_size(), 1);
  EXPECT_EQ(IncidentOf(*shard, IncidentIdOf(kOne, 1)).incident().state(), v1::Incident::STATE_WITHDRAWN);
  EXPECT_THAT(Search(*shard, "alpha"), IsEmpty());
  EXPECT_THAT(Search(*shard, "beta"), IsEmpty());
  EXPECT_THAT(Search(*shard, "gamma"), ElementsAre(1));
  EXPECT_THAT(Search(*shard, ""), ElementsAre(1));
  EXPECT_THAT(DocumentOf(*shard, kOne).incidents(), ElementsAre("incidents/" + IncidentIdOf(kOne, 0)));
}

TEST_F(FoldTest, DocumentsAreFoundByAllOfTheirTextAndIncidentsByTheirOwn) {
  ingest_.Accept(kOne, {{"parts", "seized tank parts"}, {"broker", "arrested a broker in Vienna"}});
  ingest_.Accept("Der Zoll fand nichts.", {});
  auto shard = Fold();
  EXPECT_THAT(Search(*shard, "seized vienna", 0, 9, Collection::kDocuments), ElementsAre(1));
  EXPECT_THAT(Search(*shard, "zoll", 0, 9, Collection::kDocuments), ElementsAre(2));
  EXPECT_THAT(Search(*shard, "seized vienna"), IsEmpty());
  EXPECT_EQ(Search(*shard, "vienna").size(), 1u);
  shard.reset();
  ingest_.Remove(kOne);
  shard = Fold();
  EXPECT_THAT(Search(*shard, "vienna", 0, 9, Collection::kDocuments), IsEmpty());
  EXPECT_THAT(Search(*shard, "", 0, 9, Collection::kDocuments), ElementsAre(2));
  EXPECT_THAT(Search(*shard, ""), IsEmpty());
}

TEST_F(FoldTest, SearchWantsAllWordsAndPagesStaysStable) {
  for (int i = 0; i < 10; ++i) {
    const std::string text = absl::StrCat("Tanks in Brno, case ", i, i % 2 == 0 ? " even" : " odd");
    ingest_.Accept(text, {{"t", text}});
  }
  auto shard = Fold();
  EXPECT_THAT(Search(*shard, "tanks even"), ElementsAre(9, 7, 5, 3, 1));
  EXPECT_THAT(Search(*shard, "even odd"), IsEmpty());
  EXPECT_THAT(Search(*shard, "=tank"), IsEmpty());
  EXPECT_THAT(Search(*shard, "brno", 0, 3), ElementsAre(10, 9, 8));
  shard.reset();
  ingest_.Accept("Brno again", {{"t", "Brno"}});
  shard = Fold();
  EXPECT_THAT(Search(*shard, "brno", 8, 3), ElementsAre(7, 6, 5));
  EXPECT_THAT(Search(*shard, "", 3, 9), ElementsAre(2, 1));
}

// What is in the files of a folder, all together.
std::string AllBytes(const std::string& folder) {
  std::string bytes;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream stream(entry.path(), std::ios::binary);
    bytes.append(std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>());
  }
  return bytes;
}

TEST_F(FoldTest, ATakedownLeavesNoByteOfTheTextAndAPureTombstone) {
  const std::string secret = "Xylophagous marker7391 went through Ostrava harbour.";
  ingest_.Accept(secret, {{"marker7391 title", "marker7391"}}, "1.0.0", "https://a.example/1", "request-1");
  ingest_.Accept(kOne, {{"parts", "seized tank parts"}}, "1.0.0", "https://a.example/1");
  ingest_.Sight(secret, "https://b.example/1");
  {
    const auto before = Fold();
    EXPECT_THAT(Search(*before, "marker7391"), ElementsAre(1));
  }
  EXPECT_THAT(AllBytes(folder_ / "index"), HasSubstr("marker7391"));
  ingest_.Remove(secret);
  const auto shard = Fold();
  EXPECT_EQ(AllBytes(folder_.path()).find("marker7391"), std::string::npos);
  const v1::Document document = DocumentOf(*shard, secret);
  EXPECT_EQ(document.state(), v1::Document::STATE_REMOVED);
  EXPECT_EQ(document.removal_reason(), "court order");
  EXPECT_EQ(document.text(), "");
  EXPECT_EQ(document.sightings_size(), 0);
  EXPECT_EQ(DocumentOf(*shard, kOne).supersedes(), "");
  const StoredIncident incident = IncidentOf(*shard, IncidentIdOf(secret, 0));
  EXPECT_EQ(incident.incident().state(), v1::Incident::STATE_REMOVED);
  EXPECT_FALSE(incident.incident().has_facts());
  EXPECT_EQ(incident.incident().create_time().seconds(), 1'700'000'500);
  EXPECT_EQ(Count(*shard, family::kRequests), 0u);
  EXPECT_EQ(DigestOfShard(*shard), DigestOfRebuild(&log_));
}

TEST_F(FoldTest, APurgeThatWasCutOffIsMadeUpForAtTheNextStart) {
  ingest_.Accept("marker7391 was here", {{"m", "marker7391"}});
  { const auto shard = Fold(); }
  ingest_.Remove("marker7391 was here");
  DecideAll(&log_, folder_ / "view");
  {
    // The fold of the removal without what follows it, as if the process had died there.
    StoreDirectory directory(folder_ / "index");
    auto store = directory.OpenCurrent();
    ASSERT_THAT(store, IsOk());
    for (const log::PartitionId& partition : log_.Identity()->Partitions()) {
      const uint64_t after = partition.log == log::LogName::kIntake ? 1 : 2;
      ASSERT_THAT(FoldEntries(&log_, *log_.Identity(), partition, after, UINT64_MAX, store->get()), IsOk());
    }
    EXPECT_THAT(PurgeIsPending((*store)->records()), interdict::testing::IsOkAndHolds(true));
  }
  EXPECT_THAT(AllBytes(folder_ / "index"), HasSubstr("marker7391"));
  const auto shard = FoldAll(folder_ / "index", &log_);
  EXPECT_EQ(AllBytes(folder_ / "index").find("marker7391"), std::string::npos);
}

TEST_F(FoldTest, AnUnknownKindStopsThePartitionWhichStaysReadable) {
  ingest_.Accept(kOne, {{"parts", "seized tank parts"}});
  ingest_.AppendRaw({log::LogName::kIntake, 0}, {static_cast<internal::v1::EntryKind>(77), 1, "?"});
  ingest_.Accept(kTwo, {});
  const auto shard = FoldAll(folder_ / "index", &log_);
  const log::PartitionId intake = {log::LogName::kIntake, 0};
  EXPECT_EQ(shard->progress().folded.at(intake), 1u);
  EXPECT_THAT(shard->progress().stopped.at(intake), HasSubstr("upgrade"));
  EXPECT_EQ(DocumentOf(*shard, kOne).text(), kOne);
  EachReportAnIncident resolver;
  const auto runner = OpenRunner(folder_ / "view", &log_, &resolver);
  EXPECT_THAT(runner->Step(), interdict::testing::IsOkAndHolds(true));
  EXPECT_THAT(runner->Step(), StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("upgrade")));
}

TEST_F(FoldTest, ANewerFormatVersionStopsThePartition) {
  ingest_.AppendRaw({log::LogName::kIncidents, 0}, {internal::v1::ENTRY_KIND_DECISION, 2, ""});
  const auto shard = FoldAll(folder_ / "index", &log_);
  EXPECT_THAT(shard->progress().stopped.at({log::LogName::kIncidents, 0}), HasSubstr("format version 2"));
}

TEST_F(FoldTest, AProvablyInvalidEntryIsSkippedAndRecorded) {
  const log::PartitionId intake = {log::LogName::kIntake, 0};
  ingest_.AppendRaw(intake, {internal::v1::ENTRY_KIND_INTAKE, 1, "\xFF\xFF"});
  internal::v1::IntakeEntry bad;
  bad.mutable_document_removed()->set_document_id("ABC");
  ingest_.Append(bad, "000000");
  ingest_.AppendRaw(intake, {internal::v1::ENTRY_KIND_DECISION, 1, ""});
  ingest_.Accept(kOne, {});
  const auto shard = Fold();
  EXPECT_EQ(Count(*shard, family::kSkipped), 3u);
  EXPECT_EQ(DocumentOf(*shard, kOne).text(), kOne);
  auto value = shard->Snapshot()->Get(family::kSkipped, records::SkippedKey(intake, 2));
  internal::v1::SkippedEntry skipped;
  ASSERT_TRUE(value.ok() && value->has_value() && skipped.ParseFromString(**value));
  EXPECT_EQ(skipped.problem(), "document id is not 64 hexadecimal digits");
  EXPECT_EQ(DigestOfShard(*shard), DigestOfRebuild(&log_));
}

TEST_F(FoldTest, RefusesTheStoreOfAnotherLogAndALogThatIsTooShort) {
  ingest_.Accept(kOne, {});
  { const auto shard = Fold(); }
  log::MemoryLog other;
  EXPECT_THAT(Shard::Open(folder_ / "index", &other, nullptr).status(),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("was made from log")));
}

// A random history of everything that can happen; the resolver and the fold come in at random points.
class HistoryTest : public ::testing::TestWithParam<int> {};

TEST_P(HistoryTest, FoldedInAnyWayItEqualsARebuildByteForByte) {
  std::mt19937 random(static_cast<uint32_t>(GetParam()));
  const auto pick = [&](int n) { return static_cast<int>(random() % static_cast<uint32_t>(n)); };
  log::MemoryLog log(1 + GetParam() % 2, 1 + GetParam() % 3);
  FakeIngest ingest(&log);
  const TempFolder folder;
  EachReportAnIncident resolver;
  auto shard = FoldAll(folder / "index", &log);
  auto runner = OpenRunner(folder / "view", &log, &resolver);
  const auto text = [](int i) { return absl::StrCat("Report number ", i, " tells of arms, fuel and gold."); };
  const auto url = [&] { return pick(3) == 0 ? "" : absl::StrCat("https://a.example/", pick(4)); };
  const auto request = [&] { return pick(2) == 0 ? "" : absl::StrCat("request-", pick(20)); };
  for (int step = 0; step < 120; ++step) {
    const std::string document = text(pick(8));
    std::vector<ReportSpec> reports;
    for (const char* quote : {"arms", "fuel", "gold"}) {
      if (pick(2) == 0) reports.push_back({absl::StrCat("title ", step), quote});
    }
    const int what = pick(20);
    if (what < 8) {
      ingest.Accept(document, reports, absl::StrCat("1.", pick(5), ".0"), url(), request());
    } else if (what < 12) {
      ingest.Sight(document, url(), request());
    } else if (what < 15) {
      ingest.Report(document, absl::StrCat("other-", pick(2)), reports, absl::StrCat("1.", pick(3), ".0"));
    } else if (what == 15) {
      ingest.Remove(document);
    } else if (what < 18) {
      ASSERT_THAT(runner->Step(), IsOk());
    } else if (what == 18) {
      ASSERT_THAT(shard->CatchUp(), IsOk());
    } else if (pick(3) == 0) {
      shard.reset();
      shard = FoldAll(folder / "index", &log);
      runner.reset();
      runner = OpenRunner(folder / "view", &log, &resolver);
    }
  }
  runner.reset();
  DecideAll(&log, folder / "view");
  ASSERT_THAT(shard->CatchUp(), IsOk());
  EXPECT_EQ(DigestOfShard(*shard), DigestOfRebuild(&log));
}

INSTANTIATE_TEST_SUITE_P(Seeds, HistoryTest, ::testing::Range(0, 24));

}  // namespace
}  // namespace interdict::index::testing
