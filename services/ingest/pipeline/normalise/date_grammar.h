// The grammar of dates inside one sentence. Used by FindDates, which walks the text and keeps the anchor for "the
// following year".
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "services/ingest/pipeline/normalise/calendar.h"
#include "services/ingest/pipeline/normalise/date_words.h"

namespace interdict::pipeline {

// What relative dates are resolved against.
struct DateContext {
  std::optional<CivilDate> published;  // the document's date, of any precision
  std::optional<CivilDate> anchor;     // the date mentioned last
  int sentence_year = 0;               // the year told last in this sentence; 0 for none
};

// A date as read: one date, or a span from `first` to `last`.
struct ReadDate {
  CivilDate first;
  CivilDate last;
  bool open_end = false;
  bool vague = false;  // a season or "early", "mid", "late": a span of which only the year counts as an end of a range
  bool relative = false;
  bool year_told = false;  // the text tells the year itself
  size_t length = 0;       // how many words
};

// Reads the longest date that begins at `words[at]`; nothing where none does.
std::optional<ReadDate> ReadDateAt(const std::vector<DateWord>& words, size_t at, const DateContext& context);

}  // namespace interdict::pipeline
