// The words of a sentence as the date grammar reads them: tokens, with numeric compounds ("2018-05-03", "15-17",
// "mid-2019") cut at their hyphens, stops and slashes.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "services/ingest/pipeline/tokens/tokens.h"

namespace interdict::pipeline {

// A word, number or mark.
struct DateWord {
  std::string folded;
  uint32_t begin = 0;  // byte offsets into Page::text
  uint32_t end = 0;
  int number = -1;       // 0–9999 of plain digits
  int digits = 0;        // how many digits
  bool ordinal = false;  // "15th"
  bool capitalised = false;
  bool part = false;  // cut out of a compound, and not its first piece
};

// Whether a date or range may begin at the word: digits, months, weekdays, seasons and the words that open a relative
// date. Most words open none, and the grammar need not look at them; a new form of date names its first word here.
bool MayBeginDate(const DateWord& word);

std::vector<DateWord> DateWords(const Page& page, const TokenizedText& text, const Sentence& sentence);

}  // namespace interdict::pipeline
