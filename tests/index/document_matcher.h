// Whether a query matches one indexed document, by the plainest reading of services/index/engine/query.h: the oracle of
// the tests of language and schema.
#pragma once

#include "services/index/engine/index_document.h"
#include "services/index/engine/query.h"

namespace interdict::index::testing {

// kFuzzy and kWithin are not looked at: they must not occur.
bool Matches(const QueryNode& node, const IndexDocument& document);

}  // namespace interdict::index::testing
