// The index under test in a store of its own, and its answers compared with the oracle's.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "services/index/engine/search_engine.h"
#include "tests/index/engine/oracle.h"

namespace interdict::index::testing {

// A family for what a test keeps beside the index.
inline constexpr char kTestFamily[] = "test";

// The engine is closed before its store.
struct TestEngine {
  std::unique_ptr<records::Store> store;
  std::unique_ptr<SearchEngine> engine;
};

// Few documents before a seal, few segments before a merge: everything happens often.
EngineOptions SmallEngineOptions(bool background);
absl::StatusOr<TestEngine> OpenTestEngine(const std::string& path, const EngineOptions& options);

// Asks and expects what the oracle says: hits, their order, scores, count, facets, the following page.
void CompareAnswer(const SearchSnapshot& snapshot, const Oracle& oracle, Query query);

}  // namespace interdict::index::testing
