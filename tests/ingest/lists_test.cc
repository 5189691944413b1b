// The formats of reference lists: golden entries of the samples, in whatever pieces the file comes; files that are
// broken or hostile are refused as a whole, with the place.
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "google/protobuf/util/json_util.h"
#include "gtest/gtest.h"
#include "services/ingest/lists/entry_builder.h"
#include "services/ingest/lists/list_countries.h"
#include "services/ingest/lists/list_dates.h"
#include "services/ingest/lists/list_diff.h"
#include "services/ingest/lists/list_parser.h"
#include "services/server/status.h"
#include "tests/source_tree.h"
#include "tests/status_matchers.h"

namespace interdict::ingest {
namespace {

using interdict::testing::IsOk;
using interdict::testing::SourcePath;
using interdict::testing::StatusIs;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string ReadFile(const std::string& name) {
  std::ifstream file(SourcePath("tests/testdata/lists/" + name));
  std::stringstream content;
  content << file.rdbuf();
  return content.str();
}

absl::StatusOr<ParsedList> Parse(v1::ReferenceListFormat format, const std::string& content,
                                 size_t piece_bytes = SIZE_MAX) {
  const auto parser = MakeListParser(format);
  for (size_t at = 0; at < content.size(); at += std::min(piece_bytes, content.size() - at)) {
    auto status = parser->Feed(std::string_view(content).substr(at, piece_bytes));
    if (!status.ok()) return status;
  }
  return parser->Finish();
}

std::string Golden(const ParsedList& list) {
  std::string text = absl::StrCat("version ", list.version_date, ", ", list.left_out, " left out\n");
  for (const v1::ListEntry& entry : list.entries) {
    std::string json;
    EXPECT_TRUE(google::protobuf::util::MessageToJsonString(entry, &json).ok());
    // A member a line, so that a difference can be read.
    text += absl::StrReplaceAll(json, {{",\"", ",\n  \""}}) + "\n";
  }
  return text;
}

struct Sample {
  std::string file;
  v1::ReferenceListFormat format;
};

class SampleTest : public ::testing::TestWithParam<Sample> {};

TEST_P(SampleTest, HasTheGoldenEntries) {
  const std::string content = ReadFile(GetParam().file);
  const auto list = Parse(GetParam().format, content);
  ASSERT_THAT(list, IsOk());
  const std::string golden_file = GetParam().file + ".golden";
  if (std::getenv("INTERDICT_WRITE_GOLDEN") != nullptr) {
    std::ofstream(SourcePath("tests/testdata/lists/" + golden_file)) << Golden(*list);
  }
  EXPECT_EQ(Golden(*list), ReadFile(golden_file));
}

TEST_P(SampleTest, ComesInAnyPieces) {
  const std::string content = ReadFile(GetParam().file);
  const auto whole = Parse(GetParam().format, content);
  ASSERT_THAT(whole, IsOk());
  for (const size_t piece_bytes : {size_t{1}, size_t{7}, size_t{1000}}) {
    const auto pieces = Parse(GetParam().format, content, piece_bytes);
    ASSERT_THAT(pieces, IsOk());
    EXPECT_EQ(Golden(*pieces), Golden(*whole));
  }
}

TEST_P(SampleTest, IsRefusedWhereverItIsCut) {
  const std::string content = ReadFile(GetParam().file);
  const bool lines = GetParam().format == v1::REFERENCE_LIST_FORMAT_FTM_JSON;
  // A file of lines can be cut behind a line and say nothing wrong.
  for (size_t size = 1; size + 1 < content.size(); size += 97) {
    if (lines && (content[size - 1] == '\n' || content[size] == '\n')) continue;
    const auto list = Parse(GetParam().format, content.substr(0, size));
    ASSERT_FALSE(list.ok()) << size;
    EXPECT_EQ(server::ReasonOf(list.status()), "LIST_MALFORMED") << list.status();
    EXPECT_THAT(std::string(list.status().message()), HasSubstr("line "));
  }
}

INSTANTIATE_TEST_SUITE_P(Formats, SampleTest,
                         ::testing::Values(Sample{"ofac.xml", v1::REFERENCE_LIST_FORMAT_OFAC_XML},
                                           Sample{"un.xml", v1::REFERENCE_LIST_FORMAT_UN_XML},
                                           Sample{"eu.xml", v1::REFERENCE_LIST_FORMAT_EU_XML},
                                           Sample{"uk.xml", v1::REFERENCE_LIST_FORMAT_UK_XML},
                                           Sample{"uk_conlist.xml", v1::REFERENCE_LIST_FORMAT_UK_XML},
                                           Sample{"ftm.json", v1::REFERENCE_LIST_FORMAT_FTM_JSON}),
                         [](const auto& info) {
                           return absl::StrReplaceAll(info.param.file, {{".", "_"}});
                         });

constexpr char kBillionLaughs[] = R"(<?xml version="1.0"?>
<!DOCTYPE sdnList [
 <!ENTITY lol "lol">
 <!ENTITY lol2 "&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;">
 <!ENTITY lol3 "&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;">
]>
<sdnList><sdnEntry><uid>1</uid><lastName>&lol3;</lastName></sdnEntry></sdnList>)";

TEST(HostileListTest, EntitiesAreRefusedWhereTheyAreDeclared) {
  const auto list = Parse(v1::REFERENCE_LIST_FORMAT_OFAC_XML, kBillionLaughs);
  EXPECT_THAT(list.status(), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(std::string(list.status().message()), AllOf(HasSubstr("line 3"), HasSubstr("entities")));
  const auto file = Parse(v1::REFERENCE_LIST_FORMAT_UN_XML,
                          "<!DOCTYPE CONSOLIDATED_LIST [<!ENTITY a SYSTEM \"file:///etc/passwd\">]>"
                          "<CONSOLIDATED_LIST>&a;</CONSOLIDATED_LIST>");
  EXPECT_THAT(std::string(file.status().message()), HasSubstr("entities"));
}

TEST(HostileListTest, AnotherRootIsNamed) {
  const auto list = Parse(v1::REFERENCE_LIST_FORMAT_EU_XML, "<html><body/></html>");
  EXPECT_THAT(std::string(list.status().message()), AllOf(HasSubstr("<html>"), HasSubstr("<export>")));
  EXPECT_EQ(server::ReasonOf(list.status()), "LIST_MALFORMED");
}

TEST(HostileListTest, DeepNestingIsRefused) {
  std::string deep = "<sdnList>";
  for (int i = 0; i < 100'000; ++i) deep += "<a>";
  const auto list = Parse(v1::REFERENCE_LIST_FORMAT_OFAC_XML, deep);
  EXPECT_THAT(std::string(list.status().message()), HasSubstr("nested deeper"));
}

TEST(HostileListTest, ARecordWithoutEndIsRefusedBeforeItFillsTheMemory) {
  const auto parser = MakeListParser(v1::REFERENCE_LIST_FORMAT_OFAC_XML);
  ASSERT_THAT(parser->Feed("<sdnList><sdnEntry>"), IsOk());
  absl::Status status;
  for (int i = 0; i < 1000 && status.ok(); ++i) {
    status = parser->Feed("<lastName>" + std::string(100'000, 'x') + "</lastName>");
  }
  EXPECT_THAT(std::string(status.message()), HasSubstr("larger than"));
}

TEST(HostileListTest, LongNamesAreCutAndNamesWithoutLettersAreLeftOut) {
  const std::string entry = "<sdnEntry><uid>$0</uid><lastName>$1</lastName><sdnType>Entity</sdnType></sdnEntry>";
  const auto with = [&](const std::string& id, const std::string& name) {
    return absl::StrReplaceAll(entry, {{"$0", id}, {"$1", name}});
  };
  const auto list = Parse(v1::REFERENCE_LIST_FORMAT_OFAC_XML,
                          "<sdnList>" + with("1", std::string(10'000, 'A')) + with("2", "... - !?") +
                              with("3", absl::StrJoin(std::vector<std::string>(3000, "é"), "")) + "</sdnList>");
  ASSERT_THAT(list, IsOk());
  ASSERT_EQ(list->entries.size(), 2u);
  EXPECT_LE(list->entries[0].names(0).full_name().size(), kMaxNameBytes);
  EXPECT_EQ(list->entries[1].names(0).full_name().size() % 2, 0u);  // cut between characters
  EXPECT_EQ(list->left_out, 1u);
}

TEST(HostileListTest, LinesThatAreNoEntitiesAreRefusedWithTheirNumber) {
  const std::string good = R"({"id":"a","schema":"Person","properties":{"name":["A B"]}})";
  for (const std::string bad : {"{\"id\":", "[1,2]", "{\"id\":\"x\"}", "\xff\xfe"}) {
    const auto list = Parse(v1::REFERENCE_LIST_FORMAT_FTM_JSON, good + "\n" + bad + "\n");
    EXPECT_THAT(std::string(list.status().message()), HasSubstr("line 2"));
  }
  // Values of other types than expected are ignored.
  const auto odd =
      Parse(v1::REFERENCE_LIST_FORMAT_FTM_JSON,
            R"({"id":"a","schema":"Person","caption":7,"properties":{"name":"A","alias":[3,null,"A B"]}})");
  ASSERT_THAT(odd, IsOk());
  EXPECT_EQ(odd->entries.at(0).names(0).full_name(), "A B");
}

TEST(ListDateTest, ReadsWhatListsWrite) {
  EXPECT_EQ(ListDate("07 Oct 1954"), "1954-10-07");
  EXPECT_EQ(ListDate("Oct 1954"), "1954-10");
  EXPECT_EQ(ListDate("circa 1954"), "1954~");
  EXPECT_EQ(ListDate("1954 to 1956"), "1954/1956");
  EXPECT_EQ(ListDate("1954-10-07T00:00:00"), "1954-10-07");
  EXPECT_EQ(ListDate("07/10/1954"), "1954-10-07");
  EXPECT_EQ(ListDate("00/00/1954"), "1954");
  EXPECT_EQ(ListDate("dd/mm/1954"), "1954");
  EXPECT_EQ(ListDay("03/14/2021", SlashOrder::kMonthFirst), "2021-03-14");
  for (const char* const bad : {"", "early 1970s", "31 Feb 1960", "14/14/1960", "1954-13-01", "?", "0000", "99999"}) {
    EXPECT_EQ(ListDate(bad), "") << bad;
  }
}

TEST(ListCountriesTest, KnowsInversionsNamesAdjectivesAndCodes) {
  const ListCountries& countries = ListCountries::BuiltIn();
  EXPECT_EQ(countries.Code("Korea, North"), "KP");
  EXPECT_EQ(countries.Code("Democratic People's Republic of Korea"), "KP");
  EXPECT_EQ(countries.Code("Congo, Democratic Republic of the"), "CD");
  EXPECT_EQ(countries.Code("ru"), "RU");
  EXPECT_EQ(countries.Code("Russian Federation"), "RU");
  EXPECT_EQ(countries.Code("The Gambia"), "GM");
  EXPECT_EQ(countries.Code("Atlantis"), "");
}

std::vector<v1::ListEntry> Entries(const std::vector<std::pair<std::string, std::string>>& ids_and_names) {
  std::vector<v1::ListEntry> entries;
  for (const auto& [id, name] : ids_and_names) {
    EntryBuilder builder(id, v1::PARTY_KIND_ORGANIZATION);
    builder.AddName(name, v1::LIST_NAME_KIND_PRIMARY);
    entries.push_back(*builder.Build());
  }
  return entries;
}

TEST(ListDiffTest, TellsAddedChangedDelistedAndReturned) {
  auto before = Entries({{"a", "A"}, {"b", "B"}, {"c", "C"}, {"d", "D"}});
  KnownEntries known;
  for (const v1::ListEntry& entry : before) known[entry.entry_id()] = {.content_hash = EntryHash(entry)};
  known["d"].delisted = true;
  auto now = Entries({{"e", "E"}, {"d", "D"}, {"b", "B2"}, {"a", "A"}});
  const ListDiff diff = DiffList(now, known);
  std::vector<std::string> changed;
  for (const v1::ListEntry* entry : diff.changed) changed.push_back(entry->entry_id());
  EXPECT_THAT(changed, ElementsAre("b", "d", "e"));
  EXPECT_THAT(diff.delisted, ElementsAre("c"));
  EXPECT_EQ(diff.added_count, 2u);
  EXPECT_EQ(diff.changed_count, 1u);
  EXPECT_EQ(diff.kept_delisted_count, 1u);
}

TEST(ListDiffTest, ChunksAreBoundedAndHoldEverythingOnce) {
  std::vector<std::pair<std::string, std::string>> rows;
  for (int i = 0; i < 1000; ++i) rows.emplace_back(absl::StrCat("id", i), std::string(100, 'x'));
  auto entries = Entries(rows);
  const ListDiff diff = DiffList(entries, {{"gone", {}}});
  const auto chunks = MakeChunks(diff, {.list_id = "l", .import_id = "i", .delisting_date = "2021-01-01"}, 10'000);
  size_t seen = 0;
  for (size_t i = 0; i < chunks.size(); ++i) {
    EXPECT_EQ(chunks[i].chunk_number(), i);
    EXPECT_LE(chunks[i].ByteSizeLong(), 11'000u);
    seen += static_cast<size_t>(chunks[i].entries_size() + chunks[i].delisted_entry_ids_size());
  }
  EXPECT_EQ(seen, 1001u);
  EXPECT_GT(chunks.size(), 10u);
  EXPECT_THAT(MakeChunks(ListDiff(), {}, 10), IsEmpty());
}

TEST(ListDiffTest, NamesOfEntriesAreResourceNames) {
  EXPECT_EQ(ListEntryName("ofac-sdn", "36"), "lists/ofac-sdn/entries/36");
  EXPECT_EQ(ListEntryName("l", "a/b é"), "lists/l/entries/a%2Fb%20%C3%A9");
}

}  // namespace
}  // namespace interdict::ingest
