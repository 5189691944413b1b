// Where sentences end: groups the tokens of one block into sentences.
#pragma once

#include <string_view>

#include "services/ingest/pipeline/tokens/tokens.h"

namespace interdict::pipeline {

// Appends to `out.sentences` the sentences of tokens [first_token, out.tokens.size()), which all lie in block `block`
// of `text`.
void AppendSentences(std::string_view text, uint32_t block, uint32_t first_token, TokenizedText& out);

}  // namespace interdict::pipeline
