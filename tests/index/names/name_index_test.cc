#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "services/index/names/name_keys.h"
#include "tests/index/names/names_fixture.h"

namespace interdict::names {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<uint64_t> Numbers(const NameMatches& matches) {
  std::vector<uint64_t> numbers;
  for (const NameHit& hit : matches.hits) numbers.push_back(hit.number);
  return numbers;
}

Identifier Imo(const char* text) { return *ParseIdentifier(IdentifierType::kImo, text); }

TEST(NameIndex, FindsByAnyOfItsNamesOnce) {
  NameStore store;
  store.Put(7, NameKind::kPerson, {"Kim Chol Nam", "Kim Ch'o'l-nam", "Jin Tie-nan"});
  store.Put(8, NameKind::kPerson, {"Ivan Petrov"});
  const NameMatches matches = store.Match("KIM, Chol-nam");
  ASSERT_FALSE(matches.hits.empty());
  EXPECT_EQ(matches.hits[0].number, 7U);
  EXPECT_EQ(matches.hits[0].kind, NameKind::kPerson);
  EXPECT_EQ(std::count_if(matches.hits.begin(), matches.hits.end(), [](const NameHit& hit) { return hit.number == 7; }),
            1);
  EXPECT_EQ(store.Match("Jin Tienan").hits[0].name, "Jin Tie-nan");
}

TEST(NameIndex, AnEmptyIndexAnswersNothing) {
  NameStore store;
  EXPECT_THAT(store.Match("Anybody").hits, IsEmpty());
  EXPECT_EQ(store.Match("Anybody").names_in_index, 0U);
}

TEST(NameIndex, PutReplacesAndRemoveLeavesNothing) {
  NameStore store;
  const auto before = store.Contents();
  store.Put(1, NameKind::kPerson, {"Ivan Petrov", "Vanya Petrov"}, {Imo("9074729")});
  store.Put(1, NameKind::kPerson, {"Vanya Petrov", "Anna Schmidt"});
  EXPECT_THAT(Numbers(store.Match("Anna Schmidt")), ElementsAre(1));
  EXPECT_THAT(store.Match(NameQuery{"", NameKind::kVessel, {Imo("9074729")}}).hits, IsEmpty());
  const NameMatches matches = store.Match("Ivan Petrov");
  ASSERT_FALSE(matches.hits.empty());
  EXPECT_EQ(matches.hits[0].name, "Vanya Petrov");
  store.Remove(1);
  auto after = store.Contents();
  EXPECT_EQ(after.erase(std::string(family::kNameEntities) + "/" + std::string(kStateKey)), 1U);
  EXPECT_EQ(after, before);
  store.Remove(1);
}

TEST(NameIndex, ThousandsComeAndGoWithoutATrace) {
  NameStore store;
  NameMaker maker(17);
  std::vector<NameEntry> kept;
  std::vector<NameEntry> passing;
  for (uint64_t number = 0; number < 2000; ++number) {
    NameEntry entry{number, static_cast<NameKind>(number % 3), {maker.Person(), maker.Company()}, {}};
    (number % 4 == 0 ? kept : passing).push_back(entry);
  }
  // The same forms get the same numbers, so that the contents can be compared as they are.
  store.Write(kept);
  const auto before = store.Contents();
  store.Write(passing);
  std::vector<NameEntry> removals;
  for (const NameEntry& entry : passing) removals.push_back({entry.number, NameKind::kUnknown, {}, {}});
  std::reverse(removals.begin(), removals.begin() + static_cast<std::ptrdiff_t>(removals.size() / 2));
  store.Write({removals.begin(), removals.begin() + 500});
  store.Write({removals.begin() + 500, removals.end()});
  auto after = store.Contents();
  const std::string state = std::string(family::kNameEntities) + "/" + std::string(kStateKey);
  auto expected = before;
  EXPECT_NE(after[state], expected[state]);  // form numbers are never given twice
  after.erase(state);
  expected.erase(state);
  // Chunks may be cut elsewhere; the forms that they hold are the same: what is found must be.
  for (const NameEntry& entry : kept) {
    const NameMatches matches = store.Match(NameQuery{entry.names[0], entry.kind, {}});
    ASSERT_FALSE(matches.hits.empty());
    ASSERT_TRUE(
        std::any_of(matches.hits.begin(), matches.hits.end(), [&](const NameHit& hit) { return hit.number % 4 == 0; }));
    for (const NameHit& hit : matches.hits) ASSERT_EQ(hit.number % 4, 0U);
  }
  std::vector<NameEntry> rest;
  for (const NameEntry& entry : kept) rest.push_back({entry.number, NameKind::kUnknown, {}, {}});
  store.Write(rest);
  after = store.Contents();
  EXPECT_EQ(after.size(), 1U);  // the state
}

TEST(NameIndex, PutOfTheSameWritesNothing) {
  NameStore store;
  const NameEntry entry{3, NameKind::kOrganization, {"Acme Trading LLC", "Acme"}, {}};
  store.Write({entry});
  const auto snapshot = store.Snapshot();
  NameIndexWriter writer(snapshot.get());
  ASSERT_TRUE(writer.Put(entry).ok());
  records::Batch batch;
  ASSERT_TRUE(writer.Finish(&batch).ok());
  EXPECT_TRUE(batch.empty());
}

TEST(NameIndex, ASnapshotStaysAsItWas) {
  NameStore store;
  store.Put(1, NameKind::kPerson, {"Ivan Petrov"});
  const auto old = store.Snapshot();
  store.Put(1, NameKind::kPerson, {"Anna Schmidt"});
  store.Put(2, NameKind::kPerson, {"Ivan Petrov"});
  const NameSearcher searcher;
  const auto then = searcher.Match(*old, {"Ivan Petrov", NameKind::kPerson, {}}, {});
  ASSERT_TRUE(then.ok()) << then.status();
  EXPECT_THAT(Numbers(*then), ElementsAre(1));
  EXPECT_EQ(then->names_in_index, 1U);
  const auto now = searcher.Match(*store.Snapshot(), {"Ivan Petrov", NameKind::kPerson, {}}, {});
  ASSERT_TRUE(now.ok());
  ASSERT_FALSE(now->hits.empty());
  EXPECT_EQ(now->hits[0].number, 2U);
}

TEST(NameIndex, AnOverlaySeesTheBatch) {
  NameStore store;
  store.Put(1, NameKind::kPerson, {"Ivan Petrov"});
  const auto snapshot = store.Snapshot();
  records::Batch batch;
  const records::OverlayReader overlay(snapshot.get(), &batch);
  for (uint64_t number = 2; number < 4; ++number) {
    NameIndexWriter writer(&overlay);
    ASSERT_TRUE(writer.Put({number, NameKind::kPerson, {"Ivan Petrov"}, {}}).ok());
    ASSERT_TRUE(writer.Finish(&batch).ok());
  }
  const auto matches = NameSearcher().Match(overlay, {"Ivan Petrov", NameKind::kPerson, {}}, {});
  ASSERT_TRUE(matches.ok()) << matches.status();
  EXPECT_THAT(Numbers(*matches), ElementsAre(1, 2, 3));
}

TEST(NameIndex, KindFilterThresholdAndLimit) {
  NameStore store;
  for (uint64_t number = 0; number < 30; ++number) {
    store.Put(number, number % 2 == 0 ? NameKind::kPerson : NameKind::kVessel, {"Maria Ivanova"});
  }
  MatchOptions options;
  options.kinds = {NameKind::kVessel};
  options.limit = 5;
  EXPECT_THAT(Numbers(store.Match({"Maria Ivanova", NameKind::kUnknown, {}}, options)), ElementsAre(1, 3, 5, 7, 9));
  options.threshold = 0.96;
  EXPECT_THAT(store.Match({"Maria Ivanova", NameKind::kUnknown, {}}, options).hits, IsEmpty());
}

TEST(NameIndex, IdentifiersDecideAndContradictionsAreFlagged) {
  NameStore store;
  store.Put(1, NameKind::kVessel, {"Jade Petrel"}, {Imo("9074729")});
  store.Put(2, NameKind::kVessel, {"Northern Star"}, {Imo("9176187")});
  const auto same = store.Match(NameQuery{"Jade Petrel", NameKind::kVessel, {Imo("9074729")}});
  EXPECT_EQ(same.hits[0].number, 1U);
  EXPECT_GT(same.hits[0].score, kMaxNameScore);
  EXPECT_LT(same.hits[0].score, 1.0);
  EXPECT_FALSE(same.hits[0].contradiction);
  const auto renamed = store.Match(NameQuery{"Jade Petrel", NameKind::kVessel, {Imo("9176187")}});
  ASSERT_EQ(renamed.hits.size(), 2U);
  for (const NameHit& hit : renamed.hits) {
    EXPECT_TRUE(hit.contradiction);
    EXPECT_LT(hit.score, 0.85);
    ASSERT_EQ(hit.identifiers.size(), 1U);
    EXPECT_EQ(hit.identifiers[0].verdict, hit.number == 2 ? IdentifierVerdict::kSame : IdentifierVerdict::kDifferent);
  }
  const auto alone = store.Match(NameQuery{"", NameKind::kVessel, {Imo("9176187")}});
  ASSERT_EQ(alone.hits.size(), 1U);
  EXPECT_EQ(alone.hits[0].name, "Northern Star");
}

TEST(NameIndex, AcronymsBothWays) {
  NameStore store;
  NameMaker maker(23);
  for (uint64_t number = 100; number < 1100; ++number) store.Put(number, NameKind::kOrganization, {maker.Company()});
  store.Put(1, NameKind::kOrganization, {"Korea Mining Development Trading Corporation"});
  store.Put(2, NameKind::kOrganization, {"SINOPEC"});
  EXPECT_EQ(store.Match("KOMID", NameKind::kOrganization).hits[0].number, 1U);
  const NameMatches reverse = store.Match("Sino Petroleum Energy Corporation", NameKind::kOrganization);
  EXPECT_GE(reverse.names_scored, 1U);
}

TEST(NameIndex, HostileNamesGoInAndOut) {
  NameStore store;
  std::vector<std::string> names = {
      "", "...", "\xFF\xFE", std::string(10000, 'a'), std::string(10000, '\xFF'), std::string("nul\0inside", 10)};
  for (int i = 0; i < 2000; ++i) names.push_back("alias number " + std::to_string(i * 7919));
  store.Put(1, NameKind::kUnknown, names);
  store.Put(2, NameKind::kUnknown, {"..."});  // no name that can be found, but there
  EXPECT_LE(store.Match("x").names_in_index, kMaxNamesOfEntity + 1);
  for (const std::string& name : names) {
    if (!name.empty()) store.Match(name);
  }
  store.Remove(1);
  store.Remove(2);
  EXPECT_EQ(store.Contents().size(), 1U);
  const auto snapshot = store.Snapshot();
  NameIndexWriter writer(snapshot.get());
  EXPECT_EQ(writer.Put({9, NameKind::kPerson, {}, {}}).code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(NameSearcher().Match(*snapshot, {}, {}).status().code(), absl::StatusCode::kInvalidArgument);
}

// What the candidates miss of what scoring all names finds.
TEST(NameIndex, CandidatesHoldWhatScoringAllNamesFinds) {
  NameStore store;
  NameMaker maker(29);
  std::vector<NameEntry> entries;
  for (uint64_t number = 0; number < 5000; ++number) {
    entries.push_back({number, NameKind::kUnknown, {number % 4 == 0 ? maker.Company() : maker.Person()}, {}});
  }
  store.Write(entries);
  size_t asked = 0;
  size_t first = 0;
  size_t kept = 0;
  size_t all = 0;
  constexpr size_t kQueries = 200;
  for (size_t i = 0; i < kQueries; ++i) {
    const std::string query = maker.Misspell(entries[maker.Below(entries.size())].names[0]);
    MatchOptions options;
    options.explain = false;
    const NameMatches fast = store.Match({query, NameKind::kUnknown, {}}, options);
    options.exhaustive = true;
    const NameMatches slow = store.Match({query, NameKind::kUnknown, {}}, options);
    ASSERT_FALSE(slow.hits.empty());
    if (slow.hits[0].score < 0.6) continue;  // misspelt beyond recognition
    ++asked;
    ASSERT_FALSE(fast.hits.empty()) << query;
    if (fast.hits[0].score == slow.hits[0].score) ++first;
    for (size_t hit = 0; hit < std::min<size_t>(3, slow.hits.size()); ++hit) {
      if (slow.hits[hit].score < 0.7) continue;
      ++all;
      // A hit of the same score is as good.
      if (hit < fast.hits.size() && fast.hits[hit].score == slow.hits[hit].score) ++kept;
    }
    for (const NameHit& hit : fast.hits) {
      const auto same = std::find_if(slow.hits.begin(), slow.hits.end(),
                                     [&](const NameHit& other) { return other.number == hit.number; });
      if (same == slow.hits.end()) continue;
      ASSERT_EQ(same->score, hit.score);
    }
  }
  RecordProperty("best_kept_per_mille", static_cast<int>(first * 1000 / asked));
  EXPECT_GE(asked, kQueries * 3 / 4);
  EXPECT_GE(first, asked * 97 / 100);
  EXPECT_GE(kept, all * 95 / 100) << "of " << all;
}

}  // namespace
}  // namespace interdict::names
