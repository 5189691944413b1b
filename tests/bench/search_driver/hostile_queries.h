// Queries that are made to cost: each must be answered or refused by its deadline.
#pragma once

#include "services/index/engine/search_engine.h"

namespace interdict::bench {

// Asks them, each with exact count and a deadline of `deadline_seconds`, and prints what became of each. Words are
// taken from text field 0. False: one was neither answered nor refused, or a tenth of a second too late.
bool AskHostileQueries(const index::SearchEngine& engine, double deadline_seconds);

}  // namespace interdict::bench
