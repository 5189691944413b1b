// Counts, measures and amounts of money in text: "11,200 rounds", "two tonnes", "€2.6 million", "1.5m cigarettes".
#pragma once

#include <string>
#include <vector>

#include "services/ingest/pipeline/tokens/tokens.h"

namespace interdict::pipeline {

// A number with what follows it as unit; or an amount of money.
struct QuantityMention {
  uint32_t begin = 0;  // byte offsets into Page::text, number and unit included
  uint32_t end = 0;
  uint32_t first_token = 0;
  uint32_t end_token = 0;
  double value = 0;
  std::string unit;           // normalised measure (`kg`, `t`, `l`, `m`), or empty for a plain count
  std::string currency_code;  // ISO 4217; set only for money
  bool approximate = false;   // about, some, more than, up to
};

// Finds all quantities outside dates, document numbers and model names.
std::vector<QuantityMention> FindQuantities(const Page& page, const TokenizedText& text);

}  // namespace interdict::pipeline
