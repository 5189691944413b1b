#include "storage/database/database.h"

#include <filesystem>
#include <fstream>
#include <iterator>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/status_matchers.h"

namespace interdict::database {
namespace {

using ::interdict::testing::IsOk;
using ::interdict::testing::StatusIs;
using ::testing::HasSubstr;

class DatabaseTest : public ::testing::Test {
 protected:
  DatabaseTest() { std::filesystem::remove_all(path_); }
  ~DatabaseTest() override { std::filesystem::remove_all(path_); }

  absl::StatusOr<std::unique_ptr<Database>> Open(uint32_t schema_version = 1) {
    return Database::Open(path_, {.what = "store", .families = {"words"}, .schema_version = schema_version});
  }
  bool AnyFileHolds(const std::string& marker) {
    for (const auto& file : std::filesystem::directory_iterator(path_)) {
      std::ifstream stream(file.path(), std::ios::binary);
      const std::string bytes{std::istreambuf_iterator<char>(stream), {}};
      if (bytes.find(marker) != std::string::npos) return true;
    }
    return false;
  }

  const std::string path_ =
      ::testing::TempDir() + "/database_test_" + ::testing::UnitTest::GetInstance()->current_test_info()->name();
};

TEST_F(DatabaseTest, ANewerSchemaIsRefusedAndSaysWhatToDo) {
  ASSERT_THAT(Open(2), IsOk());
  EXPECT_THAT(Open(1), StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("upgrade Interdict")));
  EXPECT_THAT(Open(3), StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("migrated")));
  EXPECT_THAT(Open(2), IsOk());
}

TEST_F(DatabaseTest, IsOpenedOnce) {
  auto first = Open();
  ASSERT_THAT(first, IsOk());
  EXPECT_THAT(Open(), StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("in use")));
}

TEST_F(DatabaseTest, APathBelowAFileIsRefused) {
  std::ofstream(path_) << "a file";
  EXPECT_THAT(Database::Open(path_ + "/store", {.what = "store"}),
              StatusIs(absl::StatusCode::kPermissionDenied, HasSubstr("another folder")));
}

TEST_F(DatabaseTest, PurgeLeavesNoTraceOfValuesAndKeys) {
  auto database = Open();
  ASSERT_THAT(database, IsOk());
  rocksdb::ColumnFamilyHandle* words = (*database)->Family("words");
  for (int round = 0; round < 3; ++round) {
    rocksdb::WriteBatch put;
    ASSERT_TRUE(put.Put(words, "key-SECRETKEY", "value-SECRETVALUE").ok());
    ASSERT_TRUE(put.Put(words, "other", "kept").ok());
    ASSERT_THAT((*database)->Write(put, true), IsOk());
    ASSERT_TRUE(AnyFileHolds("SECRETVALUE"));
    if (round > 0) {
      ASSERT_TRUE((*database)->db().Flush(rocksdb::FlushOptions(), words).ok());
    }
    rocksdb::WriteBatch remove;
    ASSERT_TRUE(remove.Delete(words, "key-SECRETKEY").ok());
    ASSERT_THAT((*database)->Write(remove, true), IsOk());
    ASSERT_THAT((*database)->Purge({{"words", {}}}), IsOk());
    EXPECT_FALSE(AnyFileHolds("SECRETVALUE"));
    EXPECT_FALSE(AnyFileHolds("SECRETKEY"));
  }
  std::string kept;
  EXPECT_TRUE((*database)->db().Get(rocksdb::ReadOptions(), words, "other", &kept).ok());
  EXPECT_EQ(kept, "kept");
}

}  // namespace
}  // namespace interdict::database
