// Three reports and the record that they make, both to be read by a person. The record is written anew with
//   INTERDICT_WRITE_GOLDEN=1 build/tests/index_merge_test --gtest_filter='MergeGolden*'
// and then read before it is committed.
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "interdict/internal/v1/stored.pb.h"
#include "services/index/fold/merge_reports.h"
#include "tests/source_tree.h"

namespace interdict::index {
namespace {

std::string ReadText(const std::string& path) {
  std::ifstream file(testing::SourcePath(path));
  std::ostringstream content;
  content << file.rdbuf();
  return content.str();
}

TEST(MergeGoldenTest, ThreeReportsMakeTheRecord) {
  std::vector<internal::v1::StoredReport> reports;
  for (const char* name : {"press", "customs", "court"}) {
    const std::string path = std::string("tests/index/golden/report_") + name + ".txtpb";
    ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(ReadText(path), &reports.emplace_back())) << path;
  }
  const v1::Incident merged = MergeReports(reports);
  const std::string golden = "tests/index/golden/record.txtpb";
  if (std::getenv("INTERDICT_WRITE_GOLDEN") != nullptr) {
    std::string text;
    google::protobuf::TextFormat::Printer printer;
    printer.SetUseUtf8StringEscaping(true);
    printer.PrintToString(merged, &text);
    std::ofstream(testing::SourcePath(golden)) << "# The record of report_press, report_customs and report_court.\n"
                                               << text;
  }
  v1::Incident expected;
  ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(ReadText(golden), &expected));
  EXPECT_EQ(merged.DebugString(), expected.DebugString());
}

}  // namespace
}  // namespace interdict::index
