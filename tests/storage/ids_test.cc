#include "storage/ids/ids.h"

#include <set>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace interdict::ids {
namespace {

// Values computed with sha256sum: ids are permanent.
TEST(Ids, DocumentIdIsTheHashOfTheBytes) {
  EXPECT_EQ(DocumentId(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(DocumentId("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(Sha256("abc").size(), 32);
  EXPECT_EQ(Sha256Hex("abc"), DocumentId("abc"));
}

TEST(Ids, ReportAndIncidentIdsStayAsTheyAre) {
  EXPECT_EQ(ReportId("d", "rules", "1.0.0", 0), Sha256Hex("report\nd\nrules\n1.0.0\n0").substr(0, 32));
  EXPECT_EQ(IncidentId("r"), Sha256Hex("incident\nr").substr(0, 32));
}

TEST(Ids, EachPartOfAReportIdCounts) {
  const std::set<std::string> distinct = {ReportId("d", "e", "1", 0), ReportId("d", "e", "1", 1),
                                          ReportId("d", "e", "2", 0), ReportId("d", "f", "1", 0),
                                          ReportId("c", "e", "1", 0), ReportId("d", "e1", "", 0)};
  EXPECT_EQ(distinct.size(), 6);
}

TEST(Ids, RandomIdsDiffer) {
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) {
    const std::string id = RandomId();
    EXPECT_EQ(id.size(), 32);
    EXPECT_EQ(id.find_first_not_of("0123456789abcdef"), std::string::npos);
    EXPECT_TRUE(seen.insert(id).second);
  }
}

}  // namespace
}  // namespace interdict::ids
