#include "services/index/engine/language/filter.h"

#include <random>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace interdict::index {
namespace {

using ::testing::HasSubstr;
using Comparator = FilterNode::Comparator;
using Kind = FilterNode::Kind;

FilterNode Parsed(const std::string& filter) {
  auto node = ParseFilter(filter);
  EXPECT_TRUE(node.ok()) << filter << ": " << node.status();
  return node.ok() ? *node : FilterNode();
}

std::string Shape(const FilterNode& node) {
  std::string shape;
  switch (node.kind) {
    case Kind::kEverything:
      return "everything";
    case Kind::kCompare:
      shape = node.field.text + std::string(ComparatorText(node.comparator));
      for (const FilterValue& value : node.values) shape += (value.quoted ? "'" : "|") + value.text;
      return shape;
    case Kind::kCall:
      shape = node.field.text + "(";
      for (const FilterValue& value : node.values) shape += (value.quoted ? "'" : "|") + value.text;
      return shape + ")";
    case Kind::kAnd:
      shape = "(and";
      break;
    case Kind::kOr:
      shape = "(or";
      break;
    case Kind::kNot:
      shape = "(not";
      break;
  }
  for (const FilterNode& child : node.children) shape += " " + Shape(child);
  return shape + ")";
}

TEST(FilterTest, ReadsTheGrammar) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"", "everything"},
      {" \t", "everything"},
      {"a = \"b\"", "a='b"},
      {"a='b \\' c'", "a='b ' c"},
      {"a.b_c:ML6", "a.b_c:|ML6"},
      {"a != b AND c < 1 AND d <= 2 AND e > -3.5 AND f >= 4", "(and a!=|b c<|1 d<=|2 e>|-3.5 f>=|4)"},
      // OR binds tighter than AND, as AIP-160 has it.
      {"a = 1 AND b = 2 OR c = 3", "(and a=|1 (or b=|2 c=|3))"},
      {"(a = 1 AND b = 2) OR c = 3", "(or (and a=|1 b=|2) c=|3)"},
      {"a = 1 b = 2", "(and a=|1 b=|2)"},
      {"NOT a = 1", "(not a=|1)"},
      {"-a = 1 AND NOT (b = 2 OR c = 3)", "(and (not a=|1) (not (or b=|2 c=|3)))"},
      {"a = (x OR \"y z\" OR 3)", "a=|x'y z|3"},
      {"a:*", "a:|*"},
      {"a = ML*", "a=|ML*"},
      {"a >= 2012-05-01", "a>=|2012-05-01"},
      {"a = 2012/..", "a=|2012/.."},
      {"possibly(occurred, \"2012/2013\")", "possibly(|occurred'2012/2013)"},
      {"within(places, -35.9, 14.5, 50) AND a = 1", "(and within(|places|-35.9|14.5|50) a=|1)"},
      {"f()", "f()"},
  };
  for (const auto& [filter, shape] : cases) EXPECT_EQ(Shape(Parsed(filter)), shape) << filter;
}

TEST(FilterTest, RefusesWithPlaceExpectationAndExample) {
  struct Refusal {
    std::string filter;
    uint32_t begin;
    std::string problem;
  };
  const std::vector<Refusal> cases = {
      {"a", 1, "expected `=`, `!=`, `<`, `<=`, `>`, `>=` or `:` after `a`"},
      {"a =", 3, "expected a value"},
      {"a = b AND", 9, "the name of a field"},
      {"a = b OR AND c = d", 9, "the name of a field"},
      {"(a = b", 0, "not closed"},
      {"a = b)", 5, "`AND`, `OR` or the end"},
      {"a = \"b", 4, "not closed"},
      {"\"a\" = b", 0, "the name of a field"},
      {"a ~ b", 2, "nothing starts with"},
      {"a = (b c)", 7, "`OR` or `)`"},
      {"a = ()", 5, "expected a value"},
      {"f(a,", 4, "a value"},
      {"f(a b)", 4, "`,` or `)`"},
      {"f(a,)", 4, "a value after the comma"},
      {"a == b", 3, "expected a value"},
  };
  for (const Refusal& refusal : cases) {
    const absl::Status status = ParseFilter(refusal.filter).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << refusal.filter;
    EXPECT_THAT(std::string(status.message()), HasSubstr(refusal.problem)) << refusal.filter;
    ASSERT_TRUE(SpanOf(status).has_value()) << refusal.filter;
    EXPECT_EQ(SpanOf(status)->begin, refusal.begin) << refusal.filter << ": " << status;
  }
}

TEST(FilterTest, HostileFiltersAreRefused) {
  std::string many = "a=1";
  for (int i = 0; i < 10000; ++i) many += " OR a=1";
  std::string values = "a=(1";
  for (int i = 0; i < 5000; ++i) values += " OR 1";
  std::string nots;
  for (int i = 0; i < 1000; ++i) nots += "NOT ";
  for (const std::string& filter : {many, values + ")", std::string(1000, '(') + "a=1" + std::string(1000, ')'),
                                    nots + "a=1", std::string(5000, '-') + "a=1", std::string(1 << 20, 'a')}) {
    const absl::Status status = ParseFilter(filter).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << filter.substr(0, 20);
    EXPECT_TRUE(SpanOf(status).has_value());
  }
}

class RandomTree {
 public:
  explicit RandomTree(uint32_t seed) : random_(seed) {}
  FilterNode Make(int depth, Kind parent = Kind::kEverything) {
    FilterNode node;
    const int choice = Below(depth == 0 ? 3 : 6);
    if (choice < 2) {
      node.kind = Kind::kCompare;
      node.field = Name();
      node.comparator = static_cast<Comparator>(Below(7));
      for (int i = Below(4) == 0 ? 3 : 1; i > 0; --i) node.values.push_back(Value());
      return node;
    }
    if (choice == 2) {
      node.kind = Kind::kCall;
      node.field = Name();
      for (int i = Below(5); i > 0; --i) node.values.push_back(Value());
      return node;
    }
    if (choice == 3) {
      node.kind = Kind::kNot;
      node.children.push_back(Make(depth - 1, Kind::kNot));
      return node;
    }
    node.kind = choice == 4 ? Kind::kAnd : Kind::kOr;
    if (node.kind == parent) node.kind = parent == Kind::kAnd ? Kind::kOr : Kind::kAnd;
    for (int i = Below(3) + 2; i > 0; --i) node.children.push_back(Make(depth - 1, node.kind));
    return node;
  }

 private:
  int Below(int limit) { return static_cast<int>(random_() % static_cast<uint32_t>(limit)); }
  FilterValue Name() {
    static const std::vector<std::string> kNames = {"a", "places.destination", "x_1", "é"};
    return {kNames[Below(static_cast<int>(kNames.size()))], false, {}};
  }
  FilterValue Value() {
    static const std::vector<std::string> kQuoted = {"", "a b", "\"", "\\", "'", "AND", "x)"};
    static const std::vector<std::string> kBare = {"ML6", "-3.5", "2012/..", "*", "AND", "1e5", "ML*"};
    const bool quoted = Below(2) == 0;
    const auto& from = quoted ? kQuoted : kBare;
    return {from[Below(static_cast<int>(from.size()))], quoted, {}};
  }
  std::mt19937 random_;
};

TEST(FilterTest, WhatIsPrintedIsReadAsTheSameTree) {
  FilterLimits limits;
  limits.max_bytes = 1 << 20;
  for (uint32_t seed = 0; seed < 3000; ++seed) {
    const FilterNode tree = RandomTree(seed).Make(4);
    const std::string printed = PrintFilter(tree);
    auto read = ParseFilter(printed, limits);
    ASSERT_TRUE(read.ok()) << printed << ": " << read.status();
    ASSERT_TRUE(*read == tree) << printed << "\n" << Shape(*read) << "\n" << Shape(tree);
  }
}

TEST(FilterTest, DamagedFiltersAreReadOrRefused) {
  const std::string pieces = "()\"'*:=!<>-\\/, AND OR NOT a.b 12 2012/.. f( é \xFF\xC3\t\n";
  std::mt19937 random(7);
  int read = 0;
  for (int round = 0; round < 20000; ++round) {
    std::string filter = round % 2 == 0 ? "a >= \"2012\" AND NOT (b : c OR f(x, -1))" : "";
    for (uint32_t i = random() % 12; i > 0; --i) {
      filter.insert(random() % (filter.size() + 1), pieces.substr(random() % pieces.size(), 1 + random() % 6));
      if (random() % 3 == 0) filter.erase(random() % filter.size(), 1 + random() % 4);
    }
    auto node = ParseFilter(filter);
    if (!node.ok()) {
      const auto span = SpanOf(node.status());
      ASSERT_TRUE(span.has_value());
      ASSERT_LE(span->begin, span->end);
      ASSERT_LE(span->end, filter.size());
      continue;
    }
    ++read;
    auto again = ParseFilter(PrintFilter(*node));
    ASSERT_TRUE(again.ok()) << filter << " -> " << PrintFilter(*node) << ": " << again.status();
    ASSERT_TRUE(*again == *node) << filter << " -> " << PrintFilter(*node);
  }
  EXPECT_GT(read, 500);
}

}  // namespace
}  // namespace interdict::index
