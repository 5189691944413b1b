// Dates in text, absolute and relative, to EDTF (ISO 8601-2) with their precision. Pure calendar arithmetic: no clock,
// no time zone.
#pragma once

#include <string>
#include <vector>

#include "services/ingest/pipeline/tokens/tokens.h"

namespace interdict::pipeline {

// A date or span of dates as the text tells it.
struct DateMention {
  uint32_t begin = 0;  // byte offsets into Page::text
  uint32_t end = 0;
  uint32_t sentence = 0;
  std::string edtf;       // `2012`, `2012-07`, `2012-07-15`, `2012/2013`, `2017-11/..`
  std::string start;      // first day, YYYY-MM-DD; empty for an open start
  std::string last;       // last day, inclusive; empty for an open end
  bool relative = false;  // resolved against the document's date or an earlier date of the text
};

// Finds all dates. `published` is the document's date (EDTF, may be empty: then relative dates that need it are left
// out).
std::vector<DateMention> FindDates(const Page& page, const TokenizedText& text, const std::string& published);

// First and last day of an EDTF expression of the forms above; false where it is none.
bool EdtfBounds(const std::string& edtf, std::string* start, std::string* last);

}  // namespace interdict::pipeline
