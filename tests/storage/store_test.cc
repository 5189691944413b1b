#include "storage/records/store.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <random>
#include <thread>

#include "storage/ids/ids.h"
#include "tests/status_matchers.h"

namespace interdict::records {
namespace {

using ::interdict::testing::IsOk;
using ::interdict::testing::StatusIs;
using ::testing::HasSubstr;

class StoreTest : public ::testing::Test {
 protected:
  ~StoreTest() override { std::filesystem::remove_all(path_); }

  std::unique_ptr<Store> Open(uint32_t schema_version = 1) {
    StoreOptions options;
    options.families = {"a", "b"};
    options.schema_version = schema_version;
    auto store = Store::Open(path_, options);
    EXPECT_THAT(store, IsOk());
    return store.ok() ? *std::move(store) : nullptr;
  }

  const std::string path_ = ::testing::TempDir() + "store-" + ids::RandomId();
};

// All keys and values below a prefix, in order.
std::vector<std::pair<std::string, std::string>> Rows(const Reader& reader, std::string_view family,
                                                      std::string_view prefix) {
  std::vector<std::pair<std::string, std::string>> rows;
  auto cursor = reader.Scan(family, prefix);
  for (; cursor->Valid(); cursor->Next()) rows.emplace_back(cursor->key(), cursor->value());
  EXPECT_THAT(cursor->status(), IsOk());
  return rows;
}

std::string ValueOr(const Reader& reader, std::string_view family, std::string_view key, const std::string& otherwise) {
  const auto value = reader.Get(family, key);
  EXPECT_THAT(value, IsOk());
  return value.ok() ? value->value_or(otherwise) : "error";
}

bool AnyFileHolds(const std::string& folder, const std::string& marker) {
  for (const auto& file : std::filesystem::recursive_directory_iterator(folder)) {
    std::ifstream stream(file.path(), std::ios::binary);
    const std::string bytes(std::istreambuf_iterator<char>(stream), {});
    if (bytes.find(marker) != std::string::npos) return true;
  }
  return false;
}

TEST_F(StoreTest, KeepsWhatWasCommittedAcrossReopening) {
  {
    auto store = Open();
    Batch batch;
    batch.Put("a", "key", "one");
    batch.Put("a", "key", "two");
    batch.Put("b", "gone", "x");
    batch.Delete("b", "gone");
    ASSERT_THAT(store->Commit(batch, true), IsOk());
  }
  auto store = Open();
  const auto reader = store->Snapshot();
  EXPECT_EQ(ValueOr(*reader, "a", "key", "absent"), "two");
  EXPECT_EQ(ValueOr(*reader, "b", "gone", "absent"), "absent");
  EXPECT_EQ(ValueOr(*reader, "default", "schema_version", "absent"), "1");
  EXPECT_THAT(store->VerifyChecksums(), IsOk());
}

TEST_F(StoreTest, ASnapshotDoesNotMove) {
  auto store = Open();
  Batch first;
  first.Put("a", "k", "old");
  ASSERT_THAT(store->Commit(first, false), IsOk());
  const auto before = store->Snapshot();
  Batch second;
  second.Put("a", "k", "new");
  second.Put("a", "l", "new");
  ASSERT_THAT(store->Commit(second, false), IsOk());
  EXPECT_EQ(ValueOr(*before, "a", "k", "absent"), "old");
  EXPECT_EQ(Rows(*before, "a", "").size(), 1u);
  EXPECT_EQ(Rows(*store->Snapshot(), "a", "").size(), 2u);
}

TEST_F(StoreTest, ABatchWithAnUnknownFamilyChangesNothing) {
  auto store = Open();
  Batch batch;
  batch.Put("a", "k", "v");
  batch.Put("nowhere", "k", "v");
  EXPECT_THAT(store->Commit(batch, false), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_TRUE(Rows(*store->Snapshot(), "a", "").empty());
  EXPECT_THAT(store->Snapshot()->Scan("nowhere", "")->status(), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(StoreTest, ScanStaysWithinItsPrefixAndSeeks) {
  auto store = Open();
  Batch batch;
  for (const char* key : {"a1", "b1", "b2", "b3", "c1"}) batch.Put("a", key, key);
  ASSERT_THAT(store->Commit(batch, false), IsOk());
  const auto reader = store->Snapshot();
  auto cursor = reader->Scan("a", "b");
  ASSERT_TRUE(cursor->Valid());
  EXPECT_EQ(cursor->key(), "b1");
  cursor->Seek("b25");
  EXPECT_EQ(cursor->key(), "b3");
  cursor->Seek("a0");
  EXPECT_EQ(cursor->key(), "b1");
  cursor->Seek("c");
  EXPECT_FALSE(cursor->Valid());
}

TEST_F(StoreTest, RefusesANewerSchemaAndASecondOpen) {
  { auto store = Open(7); }
  StoreOptions options;
  options.families = {"a", "b"};
  options.schema_version = 6;
  EXPECT_THAT(Store::Open(path_, options), StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("7")));
  auto store = Open(7);
  options.schema_version = 7;
  EXPECT_THAT(Store::Open(path_, options), StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST_F(StoreTest, PurgeTakesDeletedValuesFromTheDisk) {
  const std::string marker = "marker-that-must-go";
  auto store = Open();
  Batch batch;
  batch.Put("a", "secret", marker);
  batch.Put("b", "kept", "other");
  ASSERT_THAT(store->Commit(batch, true), IsOk());
  ASSERT_TRUE(AnyFileHolds(path_, marker));
  Batch erase;
  erase.Put("a", "secret", "erased");
  ASSERT_THAT(store->Commit(erase, true), IsOk());
  // A reader of the state before delays the purge; it does not spoil it.
  auto old_reader = store->Snapshot();
  std::thread release([&old_reader] { old_reader.reset(); });
  EXPECT_THAT(store->Purge({"a"}), IsOk());
  release.join();
  EXPECT_FALSE(AnyFileHolds(path_, marker));
  EXPECT_EQ(ValueOr(*store->Snapshot(), "a", "secret", "absent"), "erased");
  EXPECT_EQ(ValueOr(*store->Snapshot(), "b", "kept", "absent"), "other");
}

// One that always holds the latest state takes it anew when it is told to.
TEST_F(StoreTest, APurgeTellsAHolderToRenew) {
  auto store = Open();
  Batch batch;
  batch.Put("a", "secret", "value");
  ASSERT_THAT(store->Commit(batch, true), IsOk());
  auto held = store->Snapshot();
  EXPECT_THAT(store->Purge({"a"}, [&] { held = store->Snapshot(); }), IsOk());
  EXPECT_EQ(ValueOr(*held, "a", "secret", "absent"), "value");
}

// The overlay shows what a commit of its batch would show.
TEST_F(StoreTest, AnOverlayReadsLikeTheCommittedBatch) {
  std::mt19937 random(11);
  auto store = Open();
  const auto random_key = [&random] { return std::string(1, 'a' + random() % 3) + std::string(1, 'a' + random() % 6); };
  for (int round = 0; round < 60; ++round) {
    Batch batch;
    const auto base = store->Snapshot();
    const OverlayReader overlay(base.get(), &batch);
    for (int i = 0, count = random() % 12; i < count; ++i) {
      const std::string family = random() % 2 == 0 ? "a" : "b";
      if (random() % 3 == 0) {
        batch.Delete(family, random_key());
      } else {
        batch.Put(family, random_key(), std::to_string(random() % 100));
      }
    }
    std::map<std::string, std::vector<std::pair<std::string, std::string>>> seen;
    for (const std::string family : {"a", "b"}) {
      for (const std::string prefix : {"", "a", "b", "bc"}) seen[family + prefix] = Rows(overlay, family, prefix);
    }
    const std::string probe = random_key();
    auto cursor = overlay.Scan("a", "");
    cursor->Seek(probe);
    const std::string sought = cursor->Valid() ? std::string(cursor->key()) : "end";
    const std::string got = ValueOr(overlay, "a", probe, "absent");
    cursor.reset();
    ASSERT_THAT(store->Commit(batch, false), IsOk());
    const auto after = store->Snapshot();
    for (const std::string family : {"a", "b"}) {
      for (const std::string prefix : {"", "a", "b", "bc"})
        EXPECT_EQ(seen[family + prefix], Rows(*after, family, prefix));
    }
    auto committed = after->Scan("a", "");
    committed->Seek(probe);
    EXPECT_EQ(sought, committed->Valid() ? std::string(committed->key()) : "end");
    EXPECT_EQ(got, ValueOr(*after, "a", probe, "absent"));
  }
}

}  // namespace
}  // namespace interdict::records
