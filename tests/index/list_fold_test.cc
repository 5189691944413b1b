// The fold of reference lists: a version comes into force at once or not at all, whatever else was begun.
#include "services/index/fold/list_fold.h"

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/index/admin/verify.h"
#include "services/index/fold/list_rows.h"
#include "services/index/list_reader.h"
#include "storage/ids/ids.h"
#include "storage/records/keys.h"
#include "tests/index/index_fixture.h"
#include "tests/status_matchers.h"

namespace interdict::index::testing {
namespace {

using interdict::testing::IsOk;
using internal::v1::IntakeEntry;
using internal::v1::ListChunk;
using internal::v1::StoredListEntry;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr char kFirst[] = "00000000000000000000000000000001";
constexpr char kSecond[] = "00000000000000000000000000000002";
constexpr char kThird[] = "00000000000000000000000000000003";

ListChunk Chunk(const std::string& import_id, uint32_t number, const std::vector<std::string>& ids,
                const std::string& name, const std::vector<std::string>& delisted = {}) {
  ListChunk chunk;
  chunk.set_list_id("demo");
  chunk.set_version("v");
  chunk.set_import_id(import_id);
  chunk.set_chunk_number(number);
  for (const std::string& id : ids) {
    v1::ListEntry* entry = chunk.add_entries();
    entry->set_entry_id(id);
    entry->add_names()->set_full_name(absl::StrCat(name, " ", id));
  }
  for (const std::string& id : delisted) chunk.add_delisted_entry_ids(id);
  chunk.set_delisting_date("2021-01-01");
  return chunk;
}

class ListFoldTest : public ::testing::Test {
 protected:
  ListFoldTest() : ingest_(&log_) {}

  void Append(const ListChunk& chunk) {
    IntakeEntry entry;
    *entry.mutable_list_chunk() = chunk;
    ingest_.Append(entry, std::string(64, '0'));
  }

  // Publishes `chunks`, which were appended or not.
  void Publish(const std::string& import_id, const std::string& base, const std::vector<ListChunk>& chunks,
               uint64_t entries, uint64_t delisted = 0) {
    IntakeEntry entry;
    auto* published = entry.mutable_list_published();
    published->mutable_list()->set_name("lists/demo");
    published->mutable_list()->set_version(import_id);
    published->mutable_list()->set_entry_count(entries);
    published->mutable_list()->set_delisted_count(delisted);
    published->set_import_id(import_id);
    published->set_base_import_id(base);
    published->set_chunk_count(static_cast<uint32_t>(chunks.size()));
    std::string hash;
    uint64_t count = 0;
    for (const ListChunk& chunk : chunks) {
      hash = ids::Sha256(hash + chunk.SerializeAsString());
      count += static_cast<uint64_t>(chunk.entries_size() + chunk.delisted_entry_ids_size());
    }
    published->set_entry_count(count);
    published->set_chunks_sha256(records::HexFromId(hash));
    ingest_.Append(entry, std::string(64, '0'));
  }

  void Import(const std::string& import_id, const std::string& base, const ListChunk& chunk, uint64_t entries,
              uint64_t delisted = 0) {
    Append(chunk);
    Publish(import_id, base, {chunk}, entries, delisted);
  }

  void Fold() {
    DecideAll(&log_, folder_ / "view");
    shard_ = FoldAll(folder_ / "index", &log_);
  }

  // `name of the entry`, with `-` before the delisted ones.
  std::vector<std::string> InForce() {
    const auto reader = shard_->Snapshot();
    auto list = LoadList(*reader, "demo");
    EXPECT_THAT(list, IsOk());
    if (!list.ok() || !list->has_value()) return {};
    std::vector<std::string> names;
    ListEntryCursor cursor(*reader, **list, "demo", "");
    for (; cursor.Valid(); cursor.Next()) {
      names.push_back(absl::StrCat(cursor.entry().delisted() ? "-" : "", cursor.entry().entry().names(0).full_name()));
    }
    EXPECT_THAT(cursor.status(), IsOk());
    return names;
  }

  std::vector<std::string> Skipped() {
    std::vector<std::string> problems;
    const auto reader = shard_->Snapshot();
    for (auto cursor = reader->Scan(records::family::kSkipped, ""); cursor->Valid(); cursor->Next()) {
      internal::v1::SkippedEntry skipped;
      EXPECT_TRUE(skipped.ParseFromString(std::string(cursor->value())));
      problems.push_back(skipped.problem());
    }
    return problems;
  }

  void ExpectSound() {
    auto verified = VerifyShard(*shard_);
    ASSERT_THAT(verified, IsOk());
    EXPECT_THAT(verified->problems(), IsEmpty());
    EXPECT_EQ(DigestOfShard(*shard_), DigestOfRebuild(&log_));
  }

  TempFolder folder_;
  log::MemoryLog log_;
  FakeIngest ingest_;
  std::unique_ptr<Shard> shard_;
};

TEST_F(ListFoldTest, NothingIsInForceBeforeItIsPublished) {
  const ListChunk first = Chunk(kFirst, 0, {"a", "b"}, "one");
  const ListChunk second = Chunk(kFirst, 1, {"c"}, "one");
  Append(first);
  Append(second);
  Fold();
  EXPECT_THAT(InForce(), IsEmpty());
  EXPECT_THAT(ReadReferenceLists(*shard_->Snapshot())->lists(), IsEmpty());
  shard_.reset();
  Publish(kFirst, "", {first, second}, 3);
  Fold();
  EXPECT_THAT(InForce(), ElementsAre("one a", "one b", "one c"));
  EXPECT_EQ(ReadReferenceLists(*shard_->Snapshot())->lists_size(), 1);
  EXPECT_THAT(Skipped(), IsEmpty());
  ExpectSound();
}

TEST_F(ListFoldTest, ANewVersionChangesAddsAndDelists) {
  Import(kFirst, "", Chunk(kFirst, 0, {"a", "b", "c"}, "one"), 3);
  Import(kSecond, kFirst, Chunk(kSecond, 0, {"b", "d"}, "two", {"c"}), 3, 1);
  Import(kThird, kSecond, Chunk(kThird, 0, {"c"}, "three", {"a"}), 3, 1);
  Fold();
  EXPECT_THAT(InForce(), ElementsAre("-one a", "two b", "three c", "two d"));
  EXPECT_THAT(Skipped(), IsEmpty());
  ExpectSound();
  // Of each entry few rows are left, however often it changes.
  size_t rows = 0;
  const auto reader = shard_->Snapshot();
  for (auto cursor = reader->Scan(records::family::kListEntries, ""); cursor->Valid(); cursor->Next()) ++rows;
  EXPECT_LE(rows, 7u);
}

TEST_F(ListFoldTest, ADelistedEntryIsKeptWithTheDate) {
  Import(kFirst, "", Chunk(kFirst, 0, {"a", "b"}, "one"), 2);
  Import(kSecond, kFirst, Chunk(kSecond, 0, {}, "", {"b"}), 1, 1);
  Fold();
  const auto reader = shard_->Snapshot();
  const auto list = LoadList(*reader, "demo");
  const auto entry = LoadListEntry(*reader, **list, "demo", "b");
  ASSERT_TRUE(entry.ok() && entry->has_value());
  EXPECT_EQ((*entry)->entry().delisting_date(), "2021-01-01");
  EXPECT_EQ((*entry)->entry().names(0).full_name(), "one b");
  ExpectSound();
}

TEST_F(ListFoldTest, AnImportWithAMissingChunkIsSkippedAndRecorded) {
  Import(kFirst, "", Chunk(kFirst, 0, {"a"}, "one"), 1);
  const ListChunk second = Chunk(kSecond, 0, {"a", "b"}, "two");
  Append(second);
  Publish(kSecond, kFirst, {second, Chunk(kSecond, 1, {"c"}, "two")}, 3);
  Publish(kThird, kFirst, {second}, 2);
  Append(Chunk(kThird, 1, {"x"}, "three"));
  Fold();
  EXPECT_THAT(InForce(), ElementsAre("one a"));
  EXPECT_THAT(Skipped(), ElementsAre(HasSubstr("the import has 1 chunks"), HasSubstr("chunks are missing"),
                                     HasSubstr("has not begun")));
  ExpectSound();
  // What was given up never comes into force later.
  shard_.reset();
  Import("00000000000000000000000000000004", kFirst, Chunk("00000000000000000000000000000004", 0, {"d"}, "four"), 2);
  Fold();
  EXPECT_THAT(InForce(), ElementsAre("one a", "four d"));
  ExpectSound();
}

TEST_F(ListFoldTest, OfTwoImportsOverOneBaseTheFirstWins) {
  Import(kFirst, "", Chunk(kFirst, 0, {"a"}, "one"), 1);
  const ListChunk second = Chunk(kSecond, 0, {"b"}, "two");
  const ListChunk third = Chunk(kThird, 0, {"a", "c"}, "three");
  Append(second);
  Append(third);
  Publish(kThird, kFirst, {third}, 2);
  Publish(kSecond, kFirst, {second}, 2);
  Fold();
  EXPECT_THAT(InForce(), ElementsAre("three a", "three c"));
  EXPECT_THAT(Skipped(), ElementsAre(HasSubstr("another version")));
  ExpectSound();
}

TEST_F(ListFoldTest, AWrongHashIsSkipped) {
  const ListChunk chunk = Chunk(kFirst, 0, {"a"}, "one");
  Append(chunk);
  ListChunk other = chunk;
  other.mutable_entries(0)->add_programmes("X");
  Publish(kFirst, "", {other}, 1);
  Fold();
  EXPECT_THAT(InForce(), IsEmpty());
  EXPECT_THAT(Skipped(), ElementsAre(HasSubstr("hash")));
  ExpectSound();
}

TEST_F(ListFoldTest, AVersionWithoutChangesOnlyMovesTheVersion) {
  Import(kFirst, "", Chunk(kFirst, 0, {"a"}, "one"), 1);
  Publish(kSecond, kFirst, {}, 1);
  Fold();
  EXPECT_THAT(InForce(), ElementsAre("one a"));
  EXPECT_EQ(ReadReferenceLists(*shard_->Snapshot())->lists(0).version(), kSecond);
  ExpectSound();
}

TEST_F(ListFoldTest, InvalidEntriesAreSkipped) {
  ListChunk bad = Chunk(kFirst, 0, {"a", "a"}, "one");
  Append(bad);
  bad = Chunk(kFirst, 0, {"a"}, "one");
  bad.set_list_id("Not A List");
  Append(bad);
  bad = Chunk("zz", 0, {"a"}, "one");
  Append(bad);
  Fold();
  EXPECT_EQ(Skipped().size(), 3u);
  EXPECT_THAT(InForce(), IsEmpty());
  ExpectSound();
}

TEST_F(ListFoldTest, HashesComeInPages) {
  Import(kFirst, "", Chunk(kFirst, 0, {"a", "b", "ba", "c"}, "one"), 4);
  Fold();
  internal::v1::ListEntryHashesRequest request;
  request.set_list_id("demo");
  request.set_page_size(3);
  auto page = ReadEntryHashes(*shard_->Snapshot(), request);
  ASSERT_THAT(page, IsOk());
  EXPECT_EQ(page->entries_size(), 3);
  EXPECT_TRUE(page->more());
  request.set_after_entry_id(page->entries(2).entry_id());
  page = ReadEntryHashes(*shard_->Snapshot(), request);
  ASSERT_EQ(page->entries_size(), 1);
  EXPECT_EQ(page->entries(0).entry_id(), "c");
  EXPECT_FALSE(page->more());
  EXPECT_EQ(page->import_id(), kFirst);
}

}  // namespace
}  // namespace interdict::index::testing
