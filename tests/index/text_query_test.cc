#include "services/index/engine/language/text_query.h"

#include <random>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/index/engine/language/near_names.h"

namespace interdict::index {
namespace {

using ::testing::HasSubstr;
using Kind = TextNode::Kind;

const std::vector<std::string> kFields = {"title", "summary", "text", "party", "goods", "place"};

TextNode Parsed(const std::string& query) {
  auto node = ParseText(query, kFields);
  EXPECT_TRUE(node.ok()) << query << ": " << node.status();
  return node.ok() ? *node : TextNode();
}

// The tree with every level in parentheses.
std::string Shape(const TextNode& node) {
  std::string shape = node.field.empty() ? "" : node.field + ":";
  if (node.exact) shape += "=";
  switch (node.kind) {
    case Kind::kEverything:
      return "everything";
    case Kind::kWord:
      return shape + node.text;
    case Kind::kPrefix:
      return shape + node.text + "*";
    case Kind::kFuzzy:
      return shape + node.text + "~" + std::to_string(node.number);
    case Kind::kPhrase:
      return shape + "'" + node.text + "'";
    case Kind::kNear:
      shape += "(near" + std::to_string(node.number);
      break;
    case Kind::kAnd:
      shape += "(and";
      break;
    case Kind::kOr:
      shape += "(or";
      break;
    case Kind::kNot:
      shape += "(not";
      break;
  }
  for (const TextNode& child : node.children) shape += " " + Shape(child);
  return shape + ")";
}

TEST(TextQueryTest, ReadsTheGrammar) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"", "everything"},
      {"  \n", "everything"},
      {"rifle", "rifle"},
      {"rifle malta", "(and rifle malta)"},
      {"rifle AND malta libya", "(and rifle malta libya)"},
      {"a OR b c OR d", "(or a (and b c) d)"},
      {"(a OR b) c", "(and (or a b) c)"},
      {"a (b c) AND (d)", "(and a b c d)"},
      {"NOT a b", "(and (not a) b)"},
      {"a -b", "(and a (not b))"},
      {"NOT NOT a", "(not (not a))"},
      {"-(a OR b)", "(not (or a b))"},
      {"T-54", "T-54"},
      {"\"ball bearing\"", "'ball bearing'"},
      {"=\"Ball Bearing\"", "='Ball Bearing'"},
      {"\"a \\\" b \\\\ c\"", "'a \" b \\ c'"},
      {"=smuggling", "=smuggling"},
      {"centrifug*", "centrifug*"},
      {"Kalashnikov~ kalash~2", "(and Kalashnikov~1 kalash~2)"},
      {"centrifuge NEAR/5 bearing", "(near5 centrifuge bearing)"},
      {"centrifuge NEAR bearing", "(near10 centrifuge bearing)"},
      {"a NEAR/3 \"b c\" NEAR/3 =d e", "(and (near3 a 'b c' =d) e)"},
      {"NOT a NEAR/2 b", "(not (near2 a b))"},
      {"title:rifle", "title:rifle"},
      {"title:(a OR summary:b)", "(or title:a summary:b)"},
      {"title:(a NEAR/5 b)", "title:(near5 a b)"},
      {"title:a NEAR/5 title:b", "title:(near5 a b)"},
      {"party:\"Jade Petrel\" place:malta", "(and party:'Jade Petrel' place:malta)"},
      {"\\AND a\\*b \\-x", "(and AND a*b -x)"},
      {"and or not near", "(and and or not near)"},
      {"a\"b\"c", "(and a 'b' c)"},
      {"朝鲜 Šticha", "(and 朝鲜 Šticha)"},
  };
  for (const auto& [query, shape] : cases) EXPECT_EQ(Shape(Parsed(query)), shape) << query;
}

struct Refusal {
  std::string query;
  uint32_t begin;
  std::string problem;
};

TEST(TextQueryTest, RefusesWithPlaceExpectationAndExample) {
  const std::vector<Refusal> cases = {
      {"a AND", 5, "expected a word, a phrase in quotes, a field or `(`, found the end of the query"},
      {"a OR OR b", 5, "found `OR`"},
      {"(a OR b", 0, "not closed: expected `)`"},
      {"a)", 1, "found `)`"},
      {"()", 1, "found `)`"},
      {"x \"ball", 2, "not closed: expected `\"`"},
      {"AND a", 0, "found `AND`"},
      {"a NOT", 5, "the end of the query"},
      {"a*b", 1, "may only stand at the end of a word"},
      {"*", 0, "expected a word before `*`"},
      {"a~3", 1, "takes 1 or 2 edits"},
      {"=a*", 2, "goes with neither"},
      {"= a", 0, "expected a word before `=`"},
      {"titel:a", 0, "did you mean title"},
      {"http://x.org", 0, "there is no text field `http`"},
      {"a.b-c:d", 0, "a colon may only follow the name of a field"},
      {"a NEAR/0 b", 2, "takes 1 to 99"},
      {"a NEAR/100 b", 2, "takes 1 to 99"},
      {"a NEAR/99999999999999 b", 2, "takes 1 to 99"},
      {"a NEAR/x b", 2, "expected a number"},
      {"a NEAR/2 b NEAR/3 c", 11, "one distance"},
      {"a NEAR/2 (b OR c)", 10, "between words and phrases"},
      {"title:a NEAR/2 party:b", 8, "within one field"},
      {"NEAR a", 0, "found `NEAR`"},
  };
  for (const Refusal& refusal : cases) {
    const absl::Status status = ParseText(refusal.query, kFields).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << refusal.query;
    EXPECT_THAT(std::string(status.message()), HasSubstr(refusal.problem)) << refusal.query;
    EXPECT_THAT(std::string(status.message()), HasSubstr("; example: ")) << refusal.query;
    ASSERT_TRUE(SpanOf(status).has_value()) << refusal.query;
    EXPECT_EQ(SpanOf(status)->begin, refusal.begin) << refusal.query << ": " << status;
  }
}

TEST(TextQueryTest, SpansAreBytesOfTheQuery) {
  const TextNode node = Parsed("Šticha AND title:(\"b c\" OR d*)");
  EXPECT_EQ(node.children[0].span, (SourceSpan{0, 7}));
  EXPECT_EQ(node.children[1].children[0].span, (SourceSpan{19, 24}));
  EXPECT_EQ(node.children[1].children[1].span, (SourceSpan{28, 30}));
}

TEST(TextQueryTest, HostileQueriesAreRefused) {
  std::string many = "a";
  for (int i = 0; i < 10000; ++i) many += " OR a";
  std::string deep = std::string(1000, '(') + "a" + std::string(1000, ')');
  std::string nots;
  for (int i = 0; i < 1000; ++i) nots += "NOT ";
  std::string minuses = std::string(1000, '-') + "a";
  std::string fields;
  for (int i = 0; i < 1000; ++i) fields += "title:";
  const std::string unfinished(16000, '(');
  const std::string long_query(1 << 20, 'a');
  for (const std::string& query : {many, deep, nots + "a", minuses, fields + "a", unfinished, long_query}) {
    const absl::Status status = ParseText(query, kFields).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << query.substr(0, 20);
    EXPECT_TRUE(SpanOf(status).has_value());
    EXPECT_LT(status.message().size(), 500u);
  }
}

TEST(TextQueryTest, NestingUpToTheLimitIsRead) {
  const TextLimits limits;
  const std::string open(limits.max_depth, '(');
  const std::string close(limits.max_depth, ')');
  EXPECT_EQ(Shape(Parsed(open + "a" + close)), "a");
  // What is closed does not count.
  std::string flat;
  for (int i = 0; i < 200; ++i) flat += "(a) ";
  EXPECT_EQ(Parsed(flat).children.size(), 200u);
}

// Random trees of the form that the parser makes.
class RandomTree {
 public:
  explicit RandomTree(uint32_t seed) : random_(seed) {}
  TextNode Make(int depth, Kind parent = Kind::kEverything) {
    const int choice = Below(depth == 0 ? 4 : 8);
    TextNode node;
    node.field = Below(3) == 0 ? kFields[Below(static_cast<int>(kFields.size()))] : "";
    switch (choice) {
      case 0:
        return Leaf(Kind::kWord, node.field);
      case 1:
        return Leaf(Kind::kPrefix, node.field);
      case 2:
        return Leaf(Kind::kFuzzy, node.field);
      case 3:
        return Leaf(Kind::kPhrase, node.field);
      case 4:
        node.kind = Kind::kNear;
        node.number = 1 + Below(99);
        for (int i = Below(3) + 2; i > 0; --i) {
          node.children.push_back(Leaf(Below(2) == 0 ? Kind::kWord : Kind::kPhrase, ""));
        }
        return node;
      case 5:
        node.field.clear();
        node.kind = Kind::kNot;
        node.children.push_back(Make(depth - 1, Kind::kNot));
        return node;
      default:
        break;
    }
    node.field.clear();
    node.kind = choice == 6 ? Kind::kAnd : Kind::kOr;
    if (node.kind == parent) node.kind = parent == Kind::kAnd ? Kind::kOr : Kind::kAnd;
    for (int i = Below(3) + 2; i > 0; --i) node.children.push_back(Make(depth - 1, node.kind));
    return node;
  }

 private:
  int Below(int limit) { return static_cast<int>(random_() % static_cast<uint32_t>(limit)); }
  TextNode Leaf(Kind kind, const std::string& field) {
    static const std::vector<std::string> kTexts = {"rifle", "AND",    "OR",   "NOT",  "NEAR",     "NEAR/3", "-x",
                                                    "=y",    "a*b",    "a~",   "a:b",  "(",        "a b",    "\\",
                                                    "\"q\"", "Šticha", "朝鲜", "T-54", "a\\\"b c", "x\ty"};
    TextNode node;
    node.kind = kind;
    node.field = field;
    node.text = kTexts[Below(static_cast<int>(kTexts.size()))];
    if (kind == Kind::kFuzzy) node.number = 1 + Below(2);
    if (kind == Kind::kWord || kind == Kind::kPhrase) node.exact = Below(3) == 0;
    return node;
  }
  std::mt19937 random_;
};

TEST(TextQueryTest, WhatIsPrintedIsReadAsTheSameTree) {
  for (uint32_t seed = 0; seed < 3000; ++seed) {
    const TextNode tree = RandomTree(seed).Make(4);
    const std::string printed = PrintText(tree);
    TextLimits limits;
    limits.max_bytes = 1 << 20;
    auto read = ParseText(printed, kFields, limits);
    ASSERT_TRUE(read.ok()) << printed << ": " << read.status();
    ASSERT_EQ(Shape(*read), Shape(tree)) << printed;
    ASSERT_TRUE(*read == tree) << printed;
  }
}

// Random damage to queries: an answer or an error with a place inside the query, and never anything else; what is
// read prints to what reads the same.
TEST(TextQueryTest, DamagedQueriesAreReadOrRefused) {
  const std::string pieces = "()\"*~:=-\\/ AND OR NOT NEAR/5 title: a b é \xFF\xC3\t\n0129";
  std::mt19937 random(7);
  int read = 0;
  for (int round = 0; round < 20000; ++round) {
    std::string query = round % 2 == 0 ? "title:(a OR \"b c\") AND NOT d* NEAR/5 e~2" : "";
    for (uint32_t i = random() % 12; i > 0; --i) {
      const std::string piece = pieces.substr(random() % pieces.size(), 1 + random() % 6);
      query.insert(random() % (query.size() + 1), piece);
      if (random() % 3 == 0) query.erase(random() % query.size(), 1 + random() % 4);
    }
    auto node = ParseText(query, kFields);
    if (!node.ok()) {
      ASSERT_EQ(node.status().code(), absl::StatusCode::kInvalidArgument);
      const auto span = SpanOf(node.status());
      ASSERT_TRUE(span.has_value());
      ASSERT_LE(span->begin, span->end);
      ASSERT_LE(span->end, query.size());
      continue;
    }
    ++read;
    auto again = ParseText(PrintText(*node), kFields);
    ASSERT_TRUE(again.ok()) << query << " -> " << PrintText(*node) << ": " << again.status();
    ASSERT_TRUE(*again == *node) << query << " -> " << PrintText(*node);
  }
  EXPECT_GT(read, 1000);
}

TEST(NearNamesTest, ListsWhatIsNearElseWhatThereIs) {
  const std::vector<std::string> names = {"places.destination", "places.origin", "goods.category"};
  EXPECT_EQ(NearNames("places.destinaton", names), "did you mean places.destination?");
  EXPECT_EQ(NearNames("category", names), "did you mean goods.category?");
  EXPECT_EQ(NearNames("zzz", names), "there are places.destination, places.origin, goods.category");
  EXPECT_EQ(EditDistance("abcd", "abdc", 2), 1u);
  EXPECT_EQ(EditDistance("abcd", "wxyz", 2), 3u);
}

}  // namespace
}  // namespace interdict::index
