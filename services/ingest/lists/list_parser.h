// Reads the file of a reference list, fed in pieces, into entries. One parser a format; each knows its publisher's
// element names and nothing of the others.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "interdict/v1/reference_list.pb.h"

namespace interdict::ingest {

// What a file holds.
struct ParsedList {
  // Date that the file tells of itself, `YYYY-MM-DD`; empty where it tells none.
  std::string version_date;
  // Entries with names of kind, without resource names; ids are each there once.
  std::vector<v1::ListEntry> entries;
  // Records that are no person, organization, vessel or aircraft, or have no name.
  uint64_t left_out = 0;
};

// What a format's lists are called where the importer does not say.
struct ListTitle {
  std::string title;
  std::string publisher;
};

// Reads one file. Not thread-safe. Errors are INVALID_ARGUMENT (LIST_MALFORMED) with line and column in the metadata;
// after one, or after Finish, a parser is used up.
class ListParser {
 public:
  virtual ~ListParser() = default;
  // The next bytes of the file.
  virtual absl::Status Feed(std::string_view bytes) = 0;
  // The file ends here. LIST_MALFORMED if it is truncated.
  virtual absl::StatusOr<ParsedList> Finish() = 0;
};

// Null for a format that is not known.
std::unique_ptr<ListParser> MakeListParser(v1::ReferenceListFormat format);
ListTitle TitleOf(v1::ReferenceListFormat format);

// One for each format.
std::unique_ptr<ListParser> MakeFtmJsonParser();
std::unique_ptr<ListParser> MakeOfacXmlParser();
std::unique_ptr<ListParser> MakeUnXmlParser();
std::unique_ptr<ListParser> MakeEuXmlParser();
std::unique_ptr<ListParser> MakeUkXmlParser();

// INVALID_ARGUMENT (LIST_MALFORMED) with the place in the message and the metadata; both count from 1.
absl::Status MalformedList(uint64_t line, uint64_t column, const std::string& problem);

}  // namespace interdict::ingest
