#include "services/ingest/lists/list_parser.h"

#include "absl/strings/str_cat.h"
#include "services/server/status.h"

namespace interdict::ingest {

std::unique_ptr<ListParser> MakeListParser(v1::ReferenceListFormat format) {
  switch (format) {
    case v1::REFERENCE_LIST_FORMAT_FTM_JSON:
      return MakeFtmJsonParser();
    case v1::REFERENCE_LIST_FORMAT_OFAC_XML:
      return MakeOfacXmlParser();
    case v1::REFERENCE_LIST_FORMAT_UN_XML:
      return MakeUnXmlParser();
    case v1::REFERENCE_LIST_FORMAT_EU_XML:
      return MakeEuXmlParser();
    case v1::REFERENCE_LIST_FORMAT_UK_XML:
      return MakeUkXmlParser();
    default:
      return nullptr;
  }
}

ListTitle TitleOf(v1::ReferenceListFormat format) {
  switch (format) {
    case v1::REFERENCE_LIST_FORMAT_OFAC_XML:
      return {"Sanctions list of OFAC", "US Treasury, Office of Foreign Assets Control"};
    case v1::REFERENCE_LIST_FORMAT_UN_XML:
      return {"United Nations Security Council Consolidated List", "United Nations Security Council"};
    case v1::REFERENCE_LIST_FORMAT_EU_XML:
      return {"EU consolidated list of financial sanctions", "European Union"};
    case v1::REFERENCE_LIST_FORMAT_UK_XML:
      return {"UK Sanctions List", "United Kingdom"};
    default:
      return {"Reference list", ""};
  }
}

absl::Status MalformedList(uint64_t line, uint64_t column, const std::string& problem) {
  return server::Error(
      absl::StatusCode::kInvalidArgument, "LIST_MALFORMED",
      absl::StrCat("content: line ", line, ", column ", column, ": ", problem, "; nothing was imported"),
      {{"field", "content"}, {"line", absl::StrCat(line)}, {"column", absl::StrCat(column)}});
}

}  // namespace interdict::ingest
