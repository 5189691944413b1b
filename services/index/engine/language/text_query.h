// A text query as the user wrote it: the tree that the parser makes, before words are analysed.
// Grammar: docs/search_language.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "services/index/engine/language/source_span.h"

namespace interdict::index {

struct TextNode {
  enum class Kind {
    kEverything,  // the empty query
    kWord,        // `text`, exact or not
    kPrefix,      // words that begin with `text`
    kFuzzy,       // words like `text`, at most `number` edits away (1 or 2)
    kPhrase,      // `text`: the words between the quotes, exact or not
    kNear,        // children (kWord, kPhrase) at most `number` words apart
    kAnd,         // at least two children, none of them a kAnd
    kOr,          // at least two children, none of them a kOr
    kNot,         // one child
  };
  Kind kind = Kind::kEverything;
  std::string text;     // without quotes, escapes and marks
  std::string field;    // name of the field; empty: all fields. Of leaves and kNear
  bool exact = false;   // `=`
  uint32_t number = 0;  // kFuzzy, kNear
  SourceSpan span;      // not compared
  std::vector<TextNode> children;
  friend bool operator==(const TextNode& a, const TextNode& b) {
    return a.kind == b.kind && a.text == b.text && a.field == b.field && a.exact == b.exact && a.number == b.number &&
           a.children == b.children;
  }
};

// What a query may be. More is INVALID_ARGUMENT.
struct TextLimits {
  size_t max_bytes = 16384;
  size_t max_depth = 64;  // parentheses and NOTs within each other
  size_t max_clauses = 1024;
  uint32_t max_near = 99;  // passages of a field are further apart
};

// Reads a query. `fields`: names that may stand before a colon. INVALID_ARGUMENT with the span of what is wrong.
// Uses stack in proportion to `max_depth`, whatever the query.
absl::StatusOr<TextNode> ParseText(std::string_view query, const std::vector<std::string>& fields,
                                   const TextLimits& limits = {});

// The query that ParseText reads as exactly this tree, for every tree that ParseText can make.
std::string PrintText(const TextNode& node);

}  // namespace interdict::index
