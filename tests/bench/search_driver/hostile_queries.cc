#include "tests/bench/search_driver/hostile_queries.h"

#include <algorithm>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "tests/bench/search_driver/search_harness.h"

namespace interdict::bench {
namespace {

using index::QueryNode;

struct Hostile {
  std::string name;
  QueryNode text;
};

std::vector<QueryNode> Terms(const std::vector<std::string>& words, size_t count) {
  std::vector<QueryNode> terms;
  for (size_t i = 0; i < count; ++i) terms.push_back(index::Term(words[i % words.size()]));
  return terms;
}

// Those in most documents first.
std::vector<std::string> CommonWords(const index::SearchSnapshot& snapshot, size_t count) {
  auto terms = snapshot.Terms(index::Collection::kIncidents, 0, /*exact=*/false, "", 10'000'000);
  if (!terms.ok()) return {};
  std::sort(terms->begin(), terms->end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  std::vector<std::string> words;
  for (size_t i = 0; i < std::min(count, terms->size()); ++i) words.push_back((*terms)[i].first);
  return words;
}

std::vector<Hostile> HostileQueries(const std::vector<std::string>& words) {
  std::vector<Hostile> queries;
  queries.push_back({"10,000 ORs", index::Or(Terms(words, 10000))});
  queries.push_back({"4,000 ORs of the commonest words", index::Or(Terms(words, 4000))});
  queries.push_back({"4,000 ANDs of the commonest words", index::And(Terms(words, 4000))});
  std::vector<QueryNode> prefixes;
  for (char c = 'a'; c <= 'z'; ++c) prefixes.push_back(index::Prefix(std::string(1, c)));
  queries.push_back({"a* OR b* OR ... z*", index::Or(prefixes)});
  prefixes.clear();
  for (char c = 'a'; c <= 'z'; ++c) prefixes.push_back(index::Prefix(std::string("co") + c));
  for (char c = 'a'; c <= 'z'; ++c) prefixes.push_back(index::Prefix(std::string("re") + c));
  queries.push_back({"coa* OR cob* OR ... rez*", index::Or(std::move(prefixes))});
  std::vector<QueryNode> fuzzy;
  for (size_t i = 0; i < 12; ++i) fuzzy.push_back(index::Fuzzy(words[i], 2));
  queries.push_back({"12 common words, two edits each", index::Or(std::move(fuzzy))});
  QueryNode deep = index::Term(words[0]);
  for (int i = 0; i < 1000; ++i) deep = index::Not(index::And({index::Term(words[1]), std::move(deep)}));
  queries.push_back({"nested 1,000 deep", std::move(deep)});
  deep = index::Term(words[0]);
  for (int i = 0; i < 120; ++i) deep = index::Not(index::And({index::Term(words[1]), std::move(deep)}));
  queries.push_back({"nested 240 deep", std::move(deep)});
  queries.push_back({"six stop words within 99", index::Near(99, Terms(words, 6))});
  queries.push_back({"six stop words as a phrase", index::Phrase({words.begin(), words.begin() + 6})});
  std::vector<QueryNode> nears;
  for (size_t i = 0; i < 100; ++i) nears.push_back(index::Near(9, {index::Term(words[i]), index::Term(words[i + 1])}));
  queries.push_back({"100 ORs of stop words within 9", index::Or(std::move(nears))});
  return queries;
}

}  // namespace

bool AskHostileQueries(const index::SearchEngine& engine, double deadline_seconds) {
  const auto snapshot = engine.Snapshot();
  const std::vector<std::string> words = CommonWords(*snapshot, 4000);
  if (words.size() < 200) return false;
  bool good = true;
  for (const Hostile& hostile : HostileQueries(words)) {
    index::Query query;
    query.text = hostile.text;
    query.count = index::CountMode::kExact;
    const double begin = Seconds();
    query.check = [begin, deadline_seconds] {
      return Seconds() - begin < deadline_seconds ? absl::OkStatus() : absl::DeadlineExceededError("too late");
    };
    auto result = snapshot->Search(index::Collection::kIncidents, query);
    const double seconds = Seconds() - begin;
    const absl::Status& status = result.status();
    std::string became = status.ok() ? std::to_string(*result->count) + " found" : status.ToString().substr(0, 100);
    std::printf("%-36s %8.1f ms  %s\n", hostile.name.c_str(), seconds * 1e3, became.c_str());
    const bool refused = absl::IsResourceExhausted(status) || absl::IsDeadlineExceeded(status);
    good = good && (status.ok() || refused) && seconds < deadline_seconds + 0.1;
  }
  return good;
}

}  // namespace interdict::bench
