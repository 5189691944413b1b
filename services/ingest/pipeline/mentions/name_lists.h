// What the knowledge files say of each token, as bits for the name tagger.
#pragma once

#include <cstdint>
#include <vector>

#include "services/ingest/pipeline/knowledge/knowledge.h"

namespace interdict::pipeline {

// NameList bits (syntax/names.h) of each of `token_count` tokens.
std::vector<uint16_t> NameLists(const std::vector<KnownPhrase>& known, size_t token_count);

}  // namespace interdict::pipeline
